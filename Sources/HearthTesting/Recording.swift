public import Hearth

/// What a closure recorded; made by `Hearth.recording`.
public struct Recording: Sendable {
    /// Spans and logs in the order they ended.
    public var records: [SpanRecord]
    /// Metrics of all collections.
    public var metrics: [MetricRecord]

    /// Spans in the order they ended.
    public var spans: [SpanRecord] { records.filter { $0.kind == .span } }
    /// Logs in the order they were made.
    public var logs: [SpanRecord] { records.filter { $0.kind == .log } }

    /// The first span or log with that name.
    public subscript(name: String) -> SpanRecord? { records.first { $0.name == name } }

    /// The metric with that name as it was collected last.
    public func metric(_ name: String) -> MetricRecord? { metrics.last { $0.name == name } }

    /// Spans and logs inside of a span, in the order they began.
    public func children(of parent: SpanRecord) -> [SpanRecord] {
        ordered { $0.parentSpanID == parent.spanID && $0.traceID == parent.traceID }
    }

    /// The messages of all traces as an indented text, to be compared as a whole:
    ///
    /// ```
    /// order of 2 items
    ///   take tea
    ///   [warn] the oven is cold
    /// ```
    /// Levels other than `info` are told; spans whose parent is not in the recording stand at the left.
    public var tree: String {
        let known = Set(records.map(\.spanID))
        var lines: [String] = []
        func add(_ record: SpanRecord, depth: Int) {
            let level = record.level.map { $0 == .info ? "" : "[\($0)] " } ?? ""
            lines.append(String(repeating: "  ", count: depth) + level + (record.message ?? record.name))
            for child in children(of: record) { add(child, depth: depth + 1) }
        }
        for root in ordered({ $0.parentSpanID.map { !known.contains($0) } ?? true }) { add(root, depth: 0) }
        return lines.joined(separator: "\n")
    }

    private func ordered(_ isWanted: (SpanRecord) -> Bool) -> [SpanRecord] {
        records.filter(isWanted).enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(\.element)
    }
}
