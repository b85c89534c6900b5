import OTLPWire

/// What a server says about records that it did not take although it answered 200.
package enum PartialSuccess {
    /// - Returns: nil when all records were taken, or when the answer is not readable as protobuf.
    package static func rejected(in body: [UInt8]) -> (count: Int64, message: String)? {
        let bytes = body.span
        var count: Int64 = 0
        var message = ""
        do throws(WireError) {
            var response = WireReader(bytes)
            while let tag = try response.next(bytes) {
                guard tag == OTLPFields.ExportResponse.partialSuccess else {
                    try response.skip(tag, bytes)
                    continue
                }
                var partial = WireReader(bytes, in: try response.range(bytes))
                while let tag = try partial.next(bytes) {
                    switch tag {
                    case OTLPFields.PartialSuccess.rejected: count = Int64(bitPattern: try partial.varint(bytes))
                    case OTLPFields.PartialSuccess.errorMessage: message = String(decoding: body[try partial.range(bytes)], as: UTF8.self)
                    default: try partial.skip(tag, bytes)
                    }
                }
            }
        } catch {
            return nil
        }
        return count > 0 || !message.isEmpty ? (count, message) : nil
    }
}
