/// Fields of comma-separated values (RFC 4180).
enum CSVText {
    /// Appends a field, in quotes where it needs them.
    static func field(_ bytes: UnsafeBufferPointer<UInt8>, to text: inout JSONText) {
        let needsQuotes = bytes.isEmpty || bytes.contains { $0 == 0x2c || $0 == 0x22 || $0 == 0x0a || $0 == 0x0d }
        guard needsQuotes else { return text.bytes.append(contentsOf: bytes) }
        text.raw(UInt8(ascii: "\""))
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { text.raw(byte) }
            text.raw(byte)
        }
        text.raw(UInt8(ascii: "\""))
    }
}
