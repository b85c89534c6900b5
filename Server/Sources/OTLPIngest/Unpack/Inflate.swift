import CZlib

/// Unpacks the `gzip` and `deflate` content encodings, never to more than a given size.
public enum Inflate {
    /// Bytes unpacked at a time.
    private static let chunkSize = 64 << 10

    /// Unpacks gzip (RFC 1952), also several members in a row.
    ///
    /// - Parameters:
    ///   - body: the compressed bytes.
    ///   - limit: bytes of content allowed; unpacking stops as soon as there are more.
    public static func gunzip(_ body: [UInt8], limit: Int) throws(UnpackError) -> [UInt8] {
        try unpack(body.span, windowBits: 31, limit: limit)
    }

    /// Unpacks gzip (RFC 1952) from memory that stays valid for the call.
    ///
    /// - Parameters:
    ///   - body: the compressed bytes.
    ///   - limit: bytes of content allowed.
    public static func gunzip(_ body: UnsafeBufferPointer<UInt8>, limit: Int) throws(UnpackError) -> [UInt8] {
        try unpack(body.span, windowBits: 31, limit: limit)
    }

    /// Unpacks the `deflate` content encoding: the zlib format (RFC 1950), or raw deflate (RFC 1951), which some clients send instead.
    ///
    /// - Parameters:
    ///   - body: the compressed bytes.
    ///   - limit: bytes of content allowed.
    public static func deflate(_ body: [UInt8], limit: Int) throws(UnpackError) -> [UInt8] {
        try unpack(body.span, windowBits: windowBits(ofDeflate: body.span), limit: limit)
    }

    /// Unpacks the `deflate` content encoding from memory that stays valid for the call.
    ///
    /// - Parameters:
    ///   - body: the compressed bytes.
    ///   - limit: bytes of content allowed.
    public static func deflate(_ body: UnsafeBufferPointer<UInt8>, limit: Int) throws(UnpackError) -> [UInt8] {
        try unpack(body.span, windowBits: windowBits(ofDeflate: body.span), limit: limit)
    }

    /// 15 for a zlib header (RFC 1950 §2.2), -15 for raw deflate.
    private static func windowBits(ofDeflate body: Span<UInt8>) -> Int32 {
        guard body.count >= 2, body[0] & 15 == 8, body[0] >> 4 <= 7 else { return -15 }
        return (Int(body[0]) << 8 | Int(body[1])) % 31 == 0 ? 15 : -15
    }

    private static func unpack(_ body: Span<UInt8>, windowBits: Int32, limit: Int) throws(UnpackError) -> [UInt8] {
        guard UInt64(body.count) <= UInt64(UInt32.max) else { throw UnpackError(code: .tooLarge, message: "the body is too long") }
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw UnpackError(code: .outOfMemory, message: "no memory to unpack the body")
        }
        defer { inflateEnd(&stream) }
        var output: [UInt8] = []
        output.reserveCapacity(min(limit, sizeHint(body, windowBits)))
        var chunk = [UInt8](repeating: 0, count: chunkSize)
        var status = Z_OK
        var consumed = 0
        repeat {
            let (produced, used) = body.withUnsafeBufferPointer { input in
                chunk.withUnsafeMutableBufferPointer { target in
                    // zlib does not write through `next_in`; its declaration only lacks the const.
                    stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + consumed) }
                    stream.avail_in = UInt32(input.count - consumed)
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return (target.count - Int(stream.avail_out), input.count - consumed - Int(stream.avail_in))
                }
            }
            consumed += used
            guard output.count + produced <= limit else {
                throw UnpackError(code: .tooLarge, message: "the body unpacks to more than \(limit) bytes")
            }
            output.append(contentsOf: chunk[..<produced])
            if status == Z_STREAM_END, windowBits == 31, hasMember(body, at: consumed) {
                // Several gzip members stand for their contents in a row (RFC 1952 §2.2).
                inflateReset(&stream)
                status = Z_OK
            } else if status == Z_OK, produced == 0, used == 0 {
                status = Z_BUF_ERROR
            }
        } while status == Z_OK
        guard status == Z_STREAM_END else {
            let reason = status == Z_BUF_ERROR ? "ends too early" : "is damaged or of another format"
            throw UnpackError(code: .corrupt, message: "the compressed body \(reason), at byte \(consumed)")
        }
        guard isPadding(body, from: consumed) else {
            throw UnpackError(code: .corrupt, message: "unknown data follows the compressed body, at byte \(consumed)")
        }
        return output
    }

    /// Bytes to reserve: what a gzip trailer states, but never more than deflate can produce from the body.
    private static func sizeHint(_ body: Span<UInt8>, _ windowBits: Int32) -> Int {
        guard windowBits == 31, body.count >= 18 else { return body.count * 4 }
        var size = 0
        for index in 0..<4 { size |= Int(body[body.count - 4 + index]) << (8 * index) }
        return min(size, body.count * 64)
    }

    private static func hasMember(_ body: Span<UInt8>, at offset: Int) -> Bool {
        offset + 2 <= body.count && body[offset] == 0x1f && body[offset + 1] == 0x8b
    }

    /// Zero bytes behind the end are padding, as of tape archives.
    private static func isPadding(_ body: Span<UInt8>, from offset: Int) -> Bool {
        for index in offset..<body.count where body[index] != 0 { return false }
        return true
    }
}
