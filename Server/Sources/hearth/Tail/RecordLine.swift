import Foundation

/// A live record as a line for a person.
struct RecordLine: Sendable {
    var isColoured: Bool
    /// Columns that a line is cut to; nil for all of it.
    var width: Int?

    private static let serviceWidth = 16

    func text(_ record: AnswerJSON, call: AnswerJSON?) -> String {
        let level = RecordLevel(number: Int(record["level"]?.int ?? 9))
        let time = Self.clock(record["start_timestamp"]?.string ?? "")
        let service = CellText.padded(
            CellText.cut(CellText.plain(record["service_name"]?.string ?? "—"), to: Self.serviceWidth), to: Self.serviceWidth, right: false)
        let name = CellText.padded(level.rawValue, to: 6, right: false)
        let head = "\(time)  \(name)  \(service)  "
        var tail: [String] = []
        if record["kind"]?.string == "pending_span" { tail.append("started") }
        if let seconds = Self.number(record["duration"]) { tail.append(Self.duration(seconds)) }
        if let call { tail += Self.facts(call) }
        if let type = record["exception_type"]?.string { tail.append(type) }
        if let status = record["otel_status_message"]?.string, !status.isEmpty { tail.append(status) }
        let message = record["message"]?.string ?? record["span_name"]?.string ?? ""
        var rest = CellText.plain(message) + (tail.isEmpty ? "" : "  " + CellText.plain(tail.joined(separator: "  ")))
        if let width { rest = CellText.cut(rest, to: max(20, width - CellText.width(head))) }
        guard isColoured else { return head + rest }
        return
            "\u{1B}[2m\(time)\u{1B}[0m  \u{1B}[\(level.color)m\(name)\u{1B}[0m  \(service)  \(level.number >= 17 ? "\u{1B}[\(level.color)m\(rest)\u{1B}[0m" : rest)"
    }

    /// What a model call says: tokens and money.
    private static func facts(_ call: AnswerJSON) -> [String] {
        guard call["is_duplicate"]?.bool != true else { return [] }
        var facts: [String] = []
        let (input, output) = (call["input_tokens"]?.int, call["output_tokens"]?.int)
        if input != nil || output != nil {
            facts.append("\(input.map { String($0) } ?? "—") → \(output.map { String($0) } ?? "—") tokens")
        }
        if let cost = number(call["cost"]) { facts.append(String(format: cost < 0.01 ? "$%.6f" : "$%.4f", cost)) }
        return facts
    }

    private static func number(_ value: AnswerJSON?) -> Double? {
        if case .number(let text)? = value { return Double(text) }
        return nil
    }

    private static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<0.001: String(format: "%.0f µs", seconds * 1e6)
        case ..<1: String(format: "%.1f ms", seconds * 1e3)
        default: String(format: "%.2f s", seconds)
        }
    }

    /// Time of day at the place of the terminal, with the date when it is not today.
    private static func clock(_ timestamp: String) -> String {
        guard
            let date = try? Date(
                timestamp, strategy: .iso8601.year().month().day().timeZone(separator: .omitted).time(includingFractionalSeconds: true))
        else { return timestamp }
        var (seconds, today) = (time_t(date.timeIntervalSince1970.rounded(.down)), time(nil))
        var (parts, now) = (tm(), tm())
        localtime_r(&seconds, &parts)
        localtime_r(&today, &now)
        let milliseconds = Int((date.timeIntervalSince1970 - date.timeIntervalSince1970.rounded(.down)) * 1_000)
        let clock = String(format: "%02d:%02d:%02d.%03d", Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec), milliseconds)
        if parts.tm_yday == now.tm_yday, parts.tm_year == now.tm_year { return clock }
        return String(format: "%04d-%02d-%02d ", Int(parts.tm_year) + 1_900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)) + clock
    }
}
