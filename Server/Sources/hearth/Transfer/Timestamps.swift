/// Times of answers, such as `2026-05-27T13:16:36.517321Z`.
enum Timestamps {
    /// Nanoseconds since the Unix epoch; 0 for what is no such time, which OTLP reads as unknown.
    static func nanoseconds(_ text: String) -> Int64 {
        let bytes = Array(text.utf8)
        guard bytes.count >= 19, let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19])
        else { return 0 }
        var fraction: Int64 = 0
        var digits = 0
        if bytes.count > 20, bytes[19] == UInt8(ascii: ".") {
            for byte in bytes[20...] {
                guard byte >= 0x30, byte <= 0x39, digits < 9 else { break }
                fraction = fraction * 10 + Int64(byte - 0x30)
                digits += 1
            }
        }
        while digits < 9 {
            fraction *= 10
            digits += 1
        }
        let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
        return seconds.multipliedReportingOverflow(by: 1_000_000_000).overflow ? 0 : seconds * 1_000_000_000 + fraction
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? { Int64(String(decoding: digits, as: UTF8.self)) }

    /// Days since 1970-01-01 of a date of the Gregorian calendar.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
