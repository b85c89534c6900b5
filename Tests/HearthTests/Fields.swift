import OTLPWire

/// A decoded message: fields of the same number in their order, nested messages as bytes.
struct Fields {
    var bytes: [UInt32: [[UInt8]]] = [:]
    var numbers: [UInt32: [UInt64]] = [:]

    init(_ body: [UInt8]) throws {
        let span = body.span
        var reader = WireReader(span)
        while let tag = try reader.next(span) {
            let field = tag.rawValue >> 3
            switch tag.rawValue & 7 {
            case 0: numbers[field, default: []].append(try reader.varint(span))
            case 1: numbers[field, default: []].append(try reader.fixed64(span))
            case 5: numbers[field, default: []].append(UInt64(try reader.fixed32(span)))
            default: bytes[field, default: []].append(Array(body[try reader.range(span)]))
            }
        }
    }

    func text(_ field: UInt32) -> String? { bytes[field]?.first.map { String(decoding: $0, as: UTF8.self) } }

    /// Attributes of a repeated field, values as text.
    func attributes(_ field: UInt32) throws -> [String: String] {
        var result: [String: String] = [:]
        for member in bytes[field] ?? [] {
            let pair = try Fields(member)
            let value = try Fields(pair.bytes[2]?.first ?? [])
            result[pair.text(1) ?? ""] =
                value.text(1) ?? value.numbers[2]?.first.map { $0 == 1 ? "true" : "false" }
                ?? value.numbers[3]?.first.map { String(Int64(bitPattern: $0)) }
                ?? value.numbers[4]?.first.map { "\(Double(bitPattern: $0))" }
                ?? value.bytes[5]?.first.map { "array of \($0.count)" } ?? "?"
        }
        return result
    }
}
