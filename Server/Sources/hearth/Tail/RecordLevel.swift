import ArgumentParser

/// Severity of a record: OpenTelemetry's numbers with the names that SQL knows.
enum RecordLevel: String, CaseIterable, ExpressibleByArgument {
    case trace, debug, info, notice, warn, error, fatal

    var number: Int {
        switch self {
        case .trace: 1
        case .debug: 5
        case .info: 9
        case .notice: 10
        case .warn: 13
        case .error: 17
        case .fatal: 21
        }
    }

    /// The level that a number belongs to.
    init(number: Int) { self = Self.allCases.last { $0.number <= number } ?? .trace }

    /// Parameters of the terminal's "select graphic rendition".
    var color: String {
        switch self {
        case .trace, .debug: "2"
        case .info: "34"
        case .notice: "36"
        case .warn: "33"
        case .error: "31"
        case .fatal: "1;31"
        }
    }
}
