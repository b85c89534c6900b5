#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The time of a call, in whole seconds: what decides which prices hold.
public struct PriceTime: Sendable, Hashable, Comparable {
    /// Since 1970-01-01T00:00:00Z.
    public var seconds: Int

    /// A time from whole seconds since 1970-01-01T00:00:00Z, negative before.
    public init(seconds: Int) { self.seconds = seconds }

    /// - Parameter nanoseconds: since the Unix epoch.
    public init(nanoseconds: Int64) {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        seconds = Int(remainder < 0 ? quotient - 1 : quotient)
    }

    /// The wall clock's time, rounded down to a second.
    public static var now: PriceTime {
        // The standard library has no wall clock of its own.
        PriceTime(seconds: Int(Date().timeIntervalSince1970.rounded(.down)))
    }

    /// Days since 1970-01-01 (UTC).
    public var days: Int { (seconds >= 0 ? seconds : seconds - 86_399) / 86_400 }

    var secondOfDay: Int { seconds - days * 86_400 }

    public static func < (a: PriceTime, b: PriceTime) -> Bool { a.seconds < b.seconds }

    /// Reads `YYYY-MM-DD[(T| )HH:MM[:SS[.fraction]]][Z|±HH:MM]`; without an offset the time is UTC. nil for other text.
    public init?(_ text: String) {
        var rest = Substring(text)
        guard let days = Self.days(date: String(rest.prefix(10))) else { return nil }
        rest = rest.dropFirst(10)
        var seconds = days * 86_400
        if let separator = rest.first {
            guard separator == "T" || separator == "t" || separator == " " else { return nil }
            rest = rest.dropFirst()
            let clock = rest.prefix { $0.isNumber || $0 == ":" || $0 == "." }
            rest = rest.dropFirst(clock.count)
            guard let time = Self.clock(clock) else { return nil }
            seconds += time
            guard let offset = Self.offset(rest) else { return nil }
            seconds -= offset
        }
        self.init(seconds: seconds)
    }

    /// Days since 1970-01-01 of a `YYYY-MM-DD` that exists in the calendar.
    public static func days(date text: String) -> Int? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            let year = digits(parts[0]), let month = digits(parts[1]), let day = digits(parts[2]), isDate(year, month, day)
        else { return nil }
        return days(year: year, month: month, day: day)
    }

    /// `YYYY-MM-DD` of days since 1970-01-01.
    public static func date(days: Int) -> String {
        // Howard Hinnant, "chrono-compatible low-level date algorithms".
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Whether the day exists.
    static func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        guard 1...12 ~= month, day >= 1 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day <= lengths[month - 1]
    }

    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Seconds since midnight UTC of `HH:MM[:SS[.fraction]][Z|±HH:MM]`.
    static func secondsOfDay(_ text: String) -> Int? {
        let clock = text.prefix { $0.isNumber || $0 == ":" || $0 == "." }
        guard let seconds = Self.clock(clock), let offset = offset(text.dropFirst(clock.count)) else { return nil }
        return ((seconds - offset) % 86_400 + 86_400) % 86_400
    }

    private static func clock(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let hour = digits(parts[0]), let minute = digits(parts[1]), hour < 24, minute < 60
        else {
            return nil
        }
        guard parts.count == 3 else { return hour * 3_600 + minute * 60 }
        guard let second = digits(parts[2].prefix { $0 != "." }), second <= 60 else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    /// Seconds east of UTC; 0 for none.
    private static func offset(_ text: Substring) -> Int? {
        if text.isEmpty || text == "Z" || text == "z" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digitsOnly = text.dropFirst().filter { $0 != ":" }
        guard digitsOnly.count == 4 || digitsOnly.count == 2, let hours = digits(digitsOnly.prefix(2)),
            let minutes = digitsOnly.count == 4 ? digits(digitsOnly.suffix(2)) : 0
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    private static func digits(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(text)
    }
}
