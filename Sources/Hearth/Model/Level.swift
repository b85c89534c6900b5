/// How important a span or log is: a severity number of OpenTelemetry.
public struct Level: Sendable, Hashable, Comparable, RawRepresentable, CustomStringConvertible {
    /// 1 … 24.
    public let rawValue: UInt8

    /// Numbers outside of 1 … 24 are brought inside.
    public init(rawValue: UInt8) {
        self.rawValue = min(max(rawValue, 1), 24)
    }

    /// Severity number 1: the finest detail.
    public static let trace = Level(rawValue: 1)
    /// Severity number 5: for the search after a fault.
    public static let debug = Level(rawValue: 5)
    /// Severity number 9: the usual course of things.
    public static let info = Level(rawValue: 9)
    /// Severity number 10: unusual, and not wrong.
    public static let notice = Level(rawValue: 10)
    /// Severity number 13: something may go wrong.
    public static let warn = Level(rawValue: 13)
    /// Severity number 17: something went wrong; spans that an error leaves.
    public static let error = Level(rawValue: 17)
    /// Severity number 21: the program cannot go on.
    public static let fatal = Level(rawValue: 21)

    /// Reads a name, in any case: trace, debug, info, notice, warn, warning, error, fatal or critical.
    public init?(name: some StringProtocol) {
        switch name.lowercased() {
        case "trace": self = .trace
        case "debug": self = .debug
        case "info": self = .info
        case "notice": self = .notice
        case "warn", "warning": self = .warn
        case "error": self = .error
        case "fatal", "critical": self = .fatal
        default: return nil
        }
    }

    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

    /// The name, for numbers in between that of the next lower level.
    public var description: String {
        switch rawValue {
        case 21...: "fatal"
        case 17...: "error"
        case 13...: "warn"
        case 10...: "notice"
        case 9...: "info"
        case 5...: "debug"
        default: "trace"
        }
    }
}
