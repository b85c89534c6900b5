import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds out whether an address can be listened on, without listening: a client that connects in that moment would be taken, and never answered.
enum AddressProbe {
    /// Takes the address and gives it back.
    ///
    /// - Throws: `IOError` when the system refuses it, for example because another program listens there; `SocketAddressError` when the host
    ///   has no address.
    static func take(host: String, port: Int) throws {
        let address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        #if canImport(Glibc)
            let stream = Int32(SOCK_STREAM.rawValue)
        #else
            let stream = SOCK_STREAM
        #endif
        let descriptor = try address.withSockAddr { name, _ in try checked("socket", socket(Int32(name.pointee.sa_family), stream, 0)) }
        defer { close(descriptor) }
        // As the listener does, so that connections of a server that has just ended are no obstacle.
        var one: Int32 = 1
        try checked(
            "setsockopt", setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size)))
        try address.withSockAddr { name, size in try checked("bind", bind(descriptor, name, socklen_t(size))) }
    }

    @discardableResult
    private static func checked(_ call: String, _ result: Int32) throws -> Int32 {
        guard result >= 0 else { throw IOError(errnoCode: errno, reason: call) }
        return result
    }
}
