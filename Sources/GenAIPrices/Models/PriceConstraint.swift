/// When a price holds.
public enum PriceConstraint: Sendable, Equatable {
    /// From a day (UTC) on; days since 1970-01-01.
    case startDate(days: Int)
    /// Between two times of day (UTC), the second excluded; seconds since midnight. Across midnight when the end is the smaller one.
    case timeOfDay(start: Int, end: Int)

    init(_ value: JSONValue) throws(PriceDataError) {
        if let text = value["start_date"]?.string {
            guard let days = PriceTime.days(date: text) else { throw .invalid("start_date", "expected YYYY-MM-DD, not \(text)") }
            self = .startDate(days: days)
        } else if let start = value["start_time"]?.string, let end = value["end_time"]?.string {
            guard let from = PriceTime.secondsOfDay(start), let to = PriceTime.secondsOfDay(end) else {
                throw .invalid("start_time", "expected HH:MM:SSZ, not \(start) and \(end)")
            }
            self = .timeOfDay(start: from, end: to)
        } else {
            throw .invalid("", "expected start_date, or start_time and end_time")
        }
    }

    func isActive(at time: PriceTime) -> Bool {
        switch self {
        case .startDate(let days): return time.days >= days
        case .timeOfDay(let start, let end):
            let second = time.secondOfDay
            return end < start ? second >= start || second < end : second >= start && second < end
        }
    }
}
