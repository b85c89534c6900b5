import HearthExport

/// A moment as the query API has it: microseconds in UTC.
///
/// Reads and writes ISO 8601, such as `2026-05-27T13:16:36.517321Z`.
public struct QueryTimestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Microseconds since the Unix epoch.
    public var microseconds: Int64

    /// - Parameter microseconds: since the Unix epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// - Parameter seconds: since the Unix epoch.
    public init(seconds: Double) {
        microseconds = Int64(max(-1e17, min(1e17, (seconds * 1e6).rounded())))
    }

    /// The present moment.
    public static var now: QueryTimestamp { QueryTimestamp(microseconds: Int64(clamping: SystemTime.wall() / 1000)) }

    /// The moment of 2000-01-01: before everything that is stored.
    public static let earliest = QueryTimestamp(microseconds: 946_684_800_000_000)

    /// The moment that lies a duration before now.
    public static func ago(_ duration: Duration) -> QueryTimestamp { now - duration }

    /// The moment that lies a duration later.
    public static func + (moment: QueryTimestamp, duration: Duration) -> QueryTimestamp {
        // Some hundred thousand years are far enough, and cannot overflow.
        let parts = min(max(duration, .seconds(-9_000_000_000_000)), .seconds(9_000_000_000_000)).components
        let added = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
        let (sum, isTooFar) = moment.microseconds.addingReportingOverflow(added)
        return QueryTimestamp(microseconds: isTooFar ? (added > 0 ? .max : .min) : sum)
    }

    /// The moment that lies a duration earlier.
    public static func - (moment: QueryTimestamp, duration: Duration) -> QueryTimestamp {
        moment + (.zero - max(duration, .seconds(-9_000_000_000_000)))
    }

    /// Whether a moment lies before another.
    public static func < (left: QueryTimestamp, right: QueryTimestamp) -> Bool { left.microseconds < right.microseconds }

    /// Reads a date, or a date and a time with up to nine decimals, with `Z` or an offset; without one it is UTC.
    public init?(_ text: String) {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 == "T" || $0 == "t" || $0 == " " })
        guard let date = parts.first?.split(separator: "-", omittingEmptySubsequences: false), date.count == 3,
            let year = Self.number(date[0], 0...9999), let month = Self.number(date[1], 1...12), let day = Self.number(date[2], 1...31)
        else { return nil }
        var result = Self.days(year, month, day) * 86_400_000_000
        if parts.count == 2 {
            guard let time = Self.time(parts[1]) else { return nil }
            result += time
        }
        microseconds = result
    }

    /// A number of digits alone, within its range.
    private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text), range.contains(number) else { return nil }
        return number
    }

    /// Microseconds since midnight UTC of `13:16:36.517321+02:00`.
    private static func time(_ text: Substring) -> Int64? {
        var clock = text
        var offset: Int64 = 0
        if clock.last == "Z" || clock.last == "z" {
            clock.removeLast()
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let zone = clock[clock.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
            guard zone.count <= 2, let hours = number(zone[0], 0...23), let minutes = zone.count > 1 ? number(zone[1], 0...59) : 0
            else { return nil }
            offset = (hours * 60 + minutes) * (clock[sign] == "-" ? -60_000_000 : 60_000_000)
            clock = clock[..<sign]
        }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hours = number(parts[0], 0...23), let minutes = number(parts[1], 0...59) else {
            return nil
        }
        var result = (hours * 60 + minutes) * 60_000_000
        if parts.count == 3 {
            let seconds = parts[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            // A leap second is the one behind it.
            guard let whole = number(seconds[0], 0...60) else { return nil }
            result += whole * 1_000_000
            if seconds.count == 2 {
                let digits = seconds[1].prefix(6)
                guard let fraction = number(digits, 0...999_999) else { return nil }
                result += fraction * (0..<(6 - digits.count)).reduce(Int64(1)) { power, _ in power * 10 }
            }
        }
        return result - offset
    }

    /// ISO 8601 with microseconds and `Z`.
    public var description: String {
        let day = microseconds >= 0 ? microseconds / 86_400_000_000 : (microseconds - 86_399_999_999) / 86_400_000_000
        let rest = microseconds - day * 86_400_000_000
        let (year, month, date) = Self.civil(day)
        let seconds = rest / 1_000_000
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(date, 2))T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):"
            + "\(padded(seconds % 60, 2)).\(padded(rest % 1_000_000, 6))Z"
    }

    private func padded(_ number: Int64, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    // Days of the proleptic Gregorian calendar; years begin in March, so that leap days are last.

    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension QueryTimestamp: Codable {
    /// Reads text in ISO 8601.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = QueryTimestamp(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a time")
        }
        self = value
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
