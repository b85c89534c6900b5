import CZstd

/// Unpacks the `zstd` content encoding (RFC 8878), never to more than a given size.
public enum Zstd {
    /// Base-2 logarithm of the largest window a frame may ask for: 8 MiB, what RFC 9659 allows for content encodings. It bounds the memory
    /// a sender can make the decoder take.
    private static let windowLog: Int32 = 23

    /// Bytes unpacked at a time.
    private static let chunkSize = 128 << 10

    /// Unpacks one or more frames in a row; skippable frames are passed.
    ///
    /// - Parameters:
    ///   - body: the compressed bytes.
    ///   - limit: bytes of content allowed; unpacking stops as soon as there are more.
    public static func unpack(_ body: [UInt8], limit: Int) throws(UnpackError) -> [UInt8] {
        guard let context = ZSTD_createDCtx() else {
            throw UnpackError(code: .outOfMemory, message: "no memory to unpack the body")
        }
        defer { ZSTD_freeDCtx(context) }
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowLog)
        guard !body.isEmpty else { throw UnpackError(code: .corrupt, message: "the compressed body is empty") }
        var output: [UInt8] = []
        output.reserveCapacity(sizeHint(body, limit: limit))
        var chunk = [UInt8](repeating: 0, count: chunkSize)
        var consumed = 0
        while true {
            let (status, used, produced) = body.withUnsafeBytes { source in
                chunk.withUnsafeMutableBytes { target in
                    var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: consumed)
                    var result = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let status = ZSTD_decompressStream(context, &result, &input)
                    return (status, input.pos - consumed, result.pos)
                }
            }
            guard ZSTD_isError(status) == 0 else {
                let reason = String(cString: ZSTD_getErrorName(status)).lowercased()
                throw UnpackError(
                    code: .corrupt, message: "the compressed body is damaged or of another format (\(reason)), at byte \(consumed)")
            }
            consumed += used
            guard output.count + produced <= limit else {
                throw UnpackError(code: .tooLarge, message: "the body unpacks to more than \(limit) bytes")
            }
            output.append(contentsOf: chunk[..<produced])
            // Zero says that a frame is complete and all of it was handed out.
            if status == 0, consumed == body.count { return output }
            if used == 0, produced == 0 {
                throw UnpackError(code: .corrupt, message: "the compressed body ends too early, at byte \(consumed)")
            }
        }
    }

    /// Bytes to reserve: what the first frame states, but no more than a small multiple of the body, because the sender chooses it.
    private static func sizeHint(_ body: [UInt8], limit: Int) -> Int {
        let stated = body.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        return Int(min(stated, UInt64(min(limit, body.count.multipliedReportingOverflow(by: 64).partialValue))))
    }
}
