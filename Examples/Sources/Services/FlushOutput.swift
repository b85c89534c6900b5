#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes out what standard output still holds.
func flushOutput() {
    fflush(nil)
}
