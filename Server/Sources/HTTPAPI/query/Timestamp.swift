/// ISO 8601 timestamps of query parameters; a time without an offset is UTC (`logfire-contract.md` §4.5).
enum Timestamp {
    /// Microseconds since the Unix epoch, nil when `text` is not `YYYY-MM-DD[(T| )HH:MM[:SS[.fraction]]][Z|±HH[:MM]]`.
    static func microseconds(_ text: String) -> Int64? {
        var reader = Reader(bytes: Array(text.utf8))
        guard let year = reader.number(4), reader.take(UInt8(ascii: "-")), let month = reader.number(2), reader.take(UInt8(ascii: "-")),
            let day = reader.number(2), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var seconds = Int64(daysFromEpoch(year: year, month: month, day: day)) * 86_400
        var micros: Int64 = 0
        if reader.take(UInt8(ascii: "T")) || reader.take(UInt8(ascii: "t")) || reader.take(UInt8(ascii: " ")) {
            guard let hour = reader.number(2), reader.take(UInt8(ascii: ":")), let minute = reader.number(2), hour < 24, minute < 60 else {
                return nil
            }
            seconds += Int64(hour * 3_600 + minute * 60)
            if reader.take(UInt8(ascii: ":")) {
                guard let second = reader.number(2), second <= 60 else { return nil }
                seconds += Int64(second)
                if reader.take(UInt8(ascii: ".")) || reader.take(UInt8(ascii: ",")) {
                    guard let fraction = reader.fraction() else { return nil }
                    micros = fraction
                }
            }
        }
        guard let offset = reader.offset(), reader.isAtEnd else { return nil }
        return (seconds - offset) * 1_000_000 + micros
    }

    /// Days between 1970-01-01 and a date of the proleptic Gregorian calendar (civil-from-days arithmetic, era of 400 years).
    static func daysFromEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index == bytes.count }

        mutating func take(_ byte: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        mutating func digit() -> Int? {
            guard index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 else { return nil }
            defer { index += 1 }
            return Int(bytes[index] - 0x30)
        }

        mutating func number(_ digits: Int) -> Int? {
            var value = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        /// Microseconds of a fraction of any length.
        mutating func fraction() -> Int64? {
            guard var value = digit() else { return nil }
            var digits = 1
            while let next = digit() {
                if digits < 6 {
                    value = value * 10 + next
                    digits += 1
                }
            }
            while digits < 6 {
                value *= 10
                digits += 1
            }
            return Int64(value)
        }

        /// Seconds east of UTC; 0 when there is no offset.
        mutating func offset() -> Int64? {
            if isAtEnd || take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return 0 }
            // A `+` that was not percent-encoded in a query string arrives as a space.
            let sign: Int64
            if take(UInt8(ascii: "+")) || take(UInt8(ascii: " ")) {
                sign = 1
            } else if take(UInt8(ascii: "-")) {
                sign = -1
            } else {
                return nil
            }
            guard let hours = number(2) else { return nil }
            var minutes = 0
            if !isAtEnd {
                _ = take(UInt8(ascii: ":"))
                guard let value = number(2) else { return nil }
                minutes = value
            }
            return sign * Int64(hours * 3_600 + minutes * 60)
        }
    }
}
