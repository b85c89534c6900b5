import Foundation

/// Times as people give them to a command.
enum TimeArgument {
    /// ISO 8601: `text` as it is, or the time that a number of seconds, minutes, hours, days or weeks ago was; nil for anything else.
    static func iso(_ text: String) -> String? {
        if text.contains("-"), text.first?.isNumber == true { return text }
        guard let unit = text.last, let seconds = ["s": 1.0, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800][unit],
            let number = Double(text.dropLast()), number >= 0, number < 1e9
        else { return nil }
        return Date(timeIntervalSinceNow: -number * seconds).formatted(.iso8601)
    }
}
