/// Text of a value for one line of a terminal.
enum CellText {
    /// Line breaks and control characters as escapes: telemetry must not move the cursor or colour the screen of whoever reads it.
    static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": plain += "\\n"
            case "\r": plain += "\\r"
            case "\t": plain += "\\t"
            default:
                if isControl(scalar) { plain += "\\u{\(String(scalar.value, radix: 16))}" } else { plain.unicodeScalars.append(scalar) }
            }
        }
        return plain
    }

    /// C0, C1, and the marks that turn the direction of writing.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        return value < 0x20 || (0x7f...0x9f).contains(value) || (0x202a...0x202e).contains(value) || (0x2066...0x2069).contains(value)
    }

    /// Columns that a terminal gives the text.
    static func width(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + width($1) }
    }

    private static func width(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        if scalar.properties.generalCategory == .nonspacingMark || scalar.value == 0x200b { return 0 }
        if scalar.properties.isEmojiPresentation || character.unicodeScalars.contains(where: { $0.value == 0xfe0f }) { return 2 }
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
            0xffe0...0xffe6, 0x20000...0x3fffd:
            return 2
        default: return 1
        }
    }

    /// At most `limit` columns; what is left out is an ellipsis.
    static func cut(_ text: String, to limit: Int) -> String {
        guard width(text) > limit else { return text }
        var (kept, used) = ("", 0)
        for character in text {
            let columns = width(character)
            if used + columns > limit - 1 { break }
            kept.append(character)
            used += columns
        }
        return kept + "…"
    }

    static func padded(_ text: String, to columns: Int, right: Bool) -> String {
        let space = String(repeating: " ", count: max(0, columns - width(text)))
        return right ? space + text : text + space
    }
}
