/// Detectors that begin at a run of digits: payment cards, social security numbers, phone numbers, IBANs.
enum NumberDetectors {
    typealias Text = UnsafeBufferPointer<UInt8>

    /// Most characters looked at for one find.
    private static let reach = 48

    /// The payment card whose first digit is at `at`; the longest that is valid.
    static func creditCard(_ text: Text, _ at: Int) -> Range<Int>? {
        if at > 0, ASCII.isAlphanumeric(text[at - 1]) || text[at - 1] == 0x2e { return nil }
        var digits: [UInt8] = []
        digits.reserveCapacity(20)
        var best: Int?
        var index = at
        while index < text.count, index - at < reach, digits.count < 20 {
            let byte = text[index]
            if ASCII.isDigit(byte) {
                digits.append(byte & 15)
                index += 1
                let endsHere = index == text.count || !ASCII.isAlphanumeric(text[index])
                if endsHere, digits.count >= 13, digits.count <= 19, isCard(digits) { best = index }
            } else if byte == 0x20 || byte == 0x2d, index + 1 < text.count, ASCII.isDigit(text[index + 1]) {
                index += 1
            } else {
                break
            }
        }
        return best.map { at..<$0 }
    }

    /// Whether the digits have an issuer's prefix and length and a valid check digit (Luhn).
    private static func isCard(_ digits: [UInt8]) -> Bool {
        let (count, first) = (digits.count, Int(digits[0]))
        let two = first * 10 + Int(digits[1])
        let four = two * 100 + Int(digits[2]) * 10 + Int(digits[3])
        let known =
            switch first {
            case 4: count == 13 || count == 16 || count == 19
            case 5: count == 16 && two >= 51 && two <= 55
            case 2: count == 16 && four >= 2_221 && four <= 2_720
            case 3:
                (count == 15 && (two == 34 || two == 37)) || (count == 14 && (two == 36 || two == 38 || two == 30))
                    || (count == 16 && two == 35)
            case 6: count >= 16 && (four == 6_011 || two == 65 || two == 62 || (four >= 6_440 && four <= 6_499))
            default: false
            }
        guard known else { return false }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let doubled = index & 1 == 1 ? Int(digit) * 2 : Int(digit)
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }

    /// `AAA-GG-SSSS` or with blanks.
    static func socialSecurity(_ text: Text, _ at: Int) -> Range<Int>? {
        let end = at + 11
        guard end <= text.count, end == text.count || !ASCII.isAlphanumeric(text[end]), !isJoined(text, before: at) else { return nil }
        let separator = text[at + 3]
        guard separator == 0x2d || separator == 0x20, text[at + 6] == separator else { return nil }
        if end < text.count, text[end] == 0x2d { return nil }
        for index in [0, 1, 2, 4, 5, 7, 8, 9, 10] where !ASCII.isDigit(text[at + index]) { return nil }
        func number(_ from: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 * 10 + Int(text[at + from + $1] & 15) } }
        let area = number(0, 3)
        return area != 0 && area != 666 && area < 900 && number(4, 2) != 0 && number(7, 4) != 0 ? at..<end : nil
    }

    /// `+` and 8 to 15 digits, or ten digits in groups of three, three and four.
    static func phone(_ text: Text, _ at: Int) -> Range<Int>? {
        if at > 0, text[at - 1] == 0x2b { return international(text, at) }
        guard !isJoined(text, before: at), at + 12 <= text.count else { return nil }
        var index = at
        func take(_ count: Int) -> Bool {
            for _ in 0..<count {
                guard index < text.count, ASCII.isDigit(text[index]) else { return false }
                index += 1
            }
            return true
        }
        let hasParenthesis = at > 0 && text[at - 1] == 0x28
        guard take(3) else { return nil }
        if hasParenthesis {
            guard index < text.count, text[index] == 0x29 else { return nil }
            index += 1
            if index < text.count, text[index] == 0x20 { index += 1 }
        } else {
            guard index < text.count, isSeparator(text[index]) else { return nil }
            index += 1
        }
        guard take(3), index < text.count, isSeparator(text[index]) else { return nil }
        index += 1
        guard take(4), index == text.count || !ASCII.isAlphanumeric(text[index]) else { return nil }
        if index + 1 < text.count, text[index] == 0x2e || text[index] == 0x2d, ASCII.isDigit(text[index + 1]) { return nil }
        return (hasParenthesis ? at - 1 : at)..<index
    }

    private static func international(_ text: Text, _ at: Int) -> Range<Int>? {
        if at > 1, ASCII.isAlphanumeric(text[at - 2]) { return nil }
        var (digits, index, end) = (0, at, at)
        while index < text.count, index - at < reach {
            let byte = text[index]
            if ASCII.isDigit(byte) {
                digits += 1
                end = index + 1
            } else if !(byte == 0x20 || byte == 0x2d || byte == 0x2e || byte == 0x28 || byte == 0x29 || byte == 0x2f) || index - end > 1 {
                break
            }
            index += 1
        }
        guard digits >= 8, digits <= 15, end == text.count || !ASCII.isAlphanumeric(text[end]) else { return nil }
        return at - 1..<end
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == 0x2d || byte == 0x2e || byte == 0x20 }

    /// Whether the digits at `at` go on with what stands before them.
    private static func isJoined(_ text: Text, before at: Int) -> Bool {
        guard at > 0 else { return false }
        let byte = text[at - 1]
        if ASCII.isAlphanumeric(byte) { return true }
        return (byte == 0x2d || byte == 0x2e) && at > 1 && ASCII.isAlphanumeric(text[at - 2])
    }

    /// The IBAN whose check digits begin at `at`.
    static func iban(_ text: Text, _ at: Int) -> Range<Int>? {
        guard at >= 2, at + 2 < text.count, ASCII.isUpper(text[at - 1]), ASCII.isUpper(text[at - 2]), ASCII.isDigit(text[at + 1]) else {
            return nil
        }
        let start = at - 2
        if start > 0, ASCII.isAlphanumeric(text[start - 1]) { return nil }
        guard let length = lengths[UInt16(text[start]) << 8 | UInt16(text[start + 1])] else { return nil }
        var characters: [UInt8] = []
        var index = start
        while index < text.count, index - start < reach, characters.count < length {
            let byte = text[index]
            if ASCII.isUpper(byte) || ASCII.isDigit(byte) {
                characters.append(byte)
            } else if byte != 0x20 || characters.count % 4 != 0 {
                return nil
            }
            index += 1
        }
        guard characters.count == length, index == text.count || !ASCII.isAlphanumeric(text[index]) else { return nil }
        var remainder = 0
        for byte in characters[4...] + characters[..<4] {
            remainder = ASCII.isDigit(byte) ? (remainder * 10 + Int(byte & 15)) % 97 : (remainder * 100 + Int(byte) - 55) % 97
        }
        return remainder == 1 ? start..<index : nil
    }

    /// Length of an IBAN by country (ISO 13616 registry).
    private static let lengths: [UInt16: Int] = {
        let table =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 "
            + "GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 "
            + "MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 "
            + "VA22 VG24 XK20"
        var lengths: [UInt16: Int] = [:]
        for entry in table.split(separator: " ") {
            let bytes = Array(entry.utf8)
            lengths[UInt16(bytes[0]) << 8 | UInt16(bytes[1])] = Int(entry.dropFirst(2))
        }
        return lengths
    }()
}

/// Finds an e-mail address around its `@`.
enum EmailDetector {
    /// - Parameter from: the address does not begin before this position.
    static func find(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, from: Int) -> Range<Int>? {
        var start = at
        while start > from, at - start < 64, isLocal(text[start - 1]) { start -= 1 }
        while start < at, text[start] == 0x2e { start += 1 }
        guard start < at else { return nil }
        var end = at + 1
        var lastDot: Int?
        while end < text.count, end - at < 254 {
            let byte = text[end]
            if byte == 0x2e {
                if end == at + 1 || text[end - 1] == 0x2e { break }
                lastDot = end
            } else if !ASCII.isAlphanumeric(byte), byte != 0x2d, byte < 0x80 {
                break
            }
            end += 1
        }
        while end > at, text[end - 1] == 0x2e || text[end - 1] == 0x2d { end -= 1 }
        guard var dot = lastDot else { return nil }
        // A full stop that ends a sentence is no part of the address.
        if dot >= end { dot = (at + 1..<end).last { text[$0] == 0x2e } ?? at }
        guard dot > at + 1, end - dot >= 3, ASCII.isLetter(text[dot + 1]) || text[dot + 1] >= 0x80 else { return nil }
        return start..<end
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2e, 0x5f, 0x25, 0x2b, 0x2d: true
        default: ASCII.isAlphanumeric(byte) || byte >= 0x80
        }
    }
}
