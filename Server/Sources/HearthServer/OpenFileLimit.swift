#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many files and connections the process may have open.
enum OpenFileLimit {
    private static let wanted: rlim_t = 65_536

    /// Raises the limit as far as the system allows: what shells and service managers give by default is meant for programs that wait with
    /// `select`, and too few for many connections and days of data.
    static func raise() {
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(limit.rlim_max, wanted)
        // Not being allowed to leaves everything as it was.
        _ = setrlimit(resource, &limit)
    }
}
