import TelemetryModel

/// Builds JSON text as bytes.
struct JSONText {
    var bytes: [UInt8] = []

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }
    mutating func raw(_ byte: UInt8) { bytes.append(byte) }

    /// Appends `text` as a JSON string with its quotes.
    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string($0) }
    }

    /// Appends UTF-8 text as a JSON string with its quotes.
    mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var copied = 0
        while let index = Self.firstSpecial(text, from: copied) {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<index]))
            escape(text[index])
            copied = index + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
        bytes.append(UInt8(ascii: "\""))
    }

    /// Where the first byte at or after `start` stands that a JSON string must not have as it is.
    private static func firstSpecial(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        if let base = text.baseAddress {
            let (quote, backslash, high) = (
                ByteWord(repeating: UInt8(ascii: "\"")), ByteWord(repeating: UInt8(ascii: "\\")), ByteWord(repeating: 0xe0)
            )
            while index + 8 <= text.count {
                let here = ByteWord(base, at: index)
                // The three highest bits are zero in control characters only.
                if (here ^ quote).hasZero || (here ^ backslash).hasZero || (here & high).hasZero { break }
                index += 8
            }
        }
        while index < text.count {
            let byte = text[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
            index += 1
        }
        return nil
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case 0x0a: raw("\\n")
        case 0x0d: raw("\\r")
        case 0x09: raw("\\t")
        default:
            raw("\\u00")
            bytes.append(Self.digit(byte >> 4))
            bytes.append(Self.digit(byte & 15))
        }
    }

    static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
}
