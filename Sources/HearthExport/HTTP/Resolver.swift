#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Looks host names up without waiting longer than allowed: the system's look-up may hang, so it runs on a thread of its own.
///
/// While a look-up hangs, later callers wait for the same one; there is never more than one thread.
package final class Resolver: Sendable {
    /// A socket address as the system gave it.
    package struct Address: Sendable {
        package var family: Int32
        package var bytes: [UInt8]

        package init(family: Int32, bytes: [UInt8]) {
            self.family = family
            self.bytes = bytes
        }
    }

    package typealias Lookup = @Sendable (_ host: String, _ port: UInt16, _ isNumeric: Bool) -> Result<[Address], HTTPError>

    private struct State {
        var isRunning = false
        var result: Result<[Address], HTTPError>?
    }

    private let lookup: Lookup
    private let monitor = Monitor(State())

    package init(_ lookup: @escaping Lookup = Resolver.system) {
        self.lookup = lookup
    }

    /// All addresses of a host.
    ///
    /// - Parameter deadline: a moment of ``SystemTime/monotonic()``.
    package func addresses(of host: String, port: UInt16, deadline: UInt64) throws(HTTPError) -> [Address] {
        // Numbers need no look-up.
        if case .success(let addresses) = lookup(host, port, true), !addresses.isEmpty { return addresses }
        let mustStart = monitor.update { state -> Bool in
            if state.isRunning { return false }
            state.isRunning = true
            state.result = nil
            return true
        }
        if mustStart {
            let isStarted = WorkerThread.start { [self] in
                let result = lookup(host, port, false)
                monitor.update { state in
                    state.result = result
                    state.isRunning = false
                }
            }
            if !isStarted {
                monitor.update { $0.isRunning = false }
                throw .unreachable("the host '\(host)' was not looked up: the system has no thread left")
            }
        }
        guard let result = monitor.wait(until: deadline, for: { $0.isRunning ? nil : $0.result }) else {
            throw .unreachable("the host '\(host)' was not found in time: the look-up of its name hangs")
        }
        return try result.get()
    }

    /// `getaddrinfo`.
    package static func system(_ host: String, _ port: UInt16, _ isNumeric: Bool) -> Result<[Address], HTTPError> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_flags = isNumeric ? AI_NUMERICHOST : 0
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0, let list else {
            return .failure(.unreachable("the host '\(host)' was not found: \(String(cString: gai_strerror(code)))"))
        }
        defer { freeaddrinfo(list) }
        var result: [Address] = []
        var next: UnsafeMutablePointer<addrinfo>? = list
        while let info = next {
            next = info.pointee.ai_next
            guard let address = info.pointee.ai_addr else { continue }
            let bytes = UnsafeRawBufferPointer(start: address, count: Int(info.pointee.ai_addrlen))
            result.append(Address(family: info.pointee.ai_family, bytes: Array(bytes)))
        }
        return .success(result)
    }
}
