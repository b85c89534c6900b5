#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writing to descriptors, without Foundation.
package enum FileWriting {
    /// Writes all bytes, in as many system calls as it takes.
    ///
    /// - Returns: false when the system refused, with the reason in `errno`; a part may have been written then.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                    Darwin.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                #elseif canImport(Glibc)
                    Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                #else
                    Musl.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                #endif
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }
}
