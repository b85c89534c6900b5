/// A message template taken apart once; what it cannot do is left to ``MessageTemplate``, which gives the same text.
struct CompiledTemplate: Sendable {
    struct Piece: Sendable {
        /// Text before the value.
        var text: [UInt8]
        /// The attribute whose value follows; nil at the end.
        var name: String?
    }

    let pieces: [Piece]
    /// Bytes of all texts and names.
    let textBytes: Int

    /// The message of a template without placeholders.
    var constant: String? {
        pieces.count == 1 && pieces[0].name == nil ? String(decoding: pieces[0].text, as: UTF8.self) : nil
    }

    /// Nil for templates that are not well-formed.
    init?(_ template: String) {
        var pieces: [Piece] = []
        var text: [UInt8] = []
        let bytes = Array(template.utf8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") else {
                text.append(byte)
                index += 1
                continue
            }
            if index + 1 < bytes.count, bytes[index + 1] == byte {
                text.append(byte)
                index += 2
                continue
            }
            guard byte == UInt8(ascii: "{"), let close = bytes[index...].firstIndex(of: UInt8(ascii: "}")),
                !bytes[(index + 1)..<close].contains(UInt8(ascii: "{"))
            else { return nil }
            let showsName = bytes[close - 1] == UInt8(ascii: "=")
            let name = String(decoding: bytes[(index + 1)..<(showsName ? close - 1 : close)], as: UTF8.self)
            if showsName { text += Array((name + "=").utf8) }
            pieces.append(Piece(text: text, name: name))
            text = []
            index = close + 1
        }
        if !text.isEmpty || pieces.isEmpty { pieces.append(Piece(text: text, name: nil)) }
        self.pieces = pieces
        textBytes = pieces.reduce(0) { $0 + $1.text.count }
    }
}
