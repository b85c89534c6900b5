import OTLPWire

/// Finds where in an OTLP message malformed bytes are, for error messages. Runs only after decoding failed.
struct FieldPath {
    /// The messages that are descended into.
    enum Message {
        case tracesData, resourceSpans, scopeSpans, span, event, link, status
        case logsData, resourceLogs, scopeLogs, logRecord
        case metricsData, resourceMetrics, scopeMetrics, metric, numberData, histogramData, exponentialData, summaryData
        case numberPoint, histogramPoint, exponentialPoint, summaryPoint
        case resource, scope, keyValue, anyValue, arrayValue, keyValueList, other
    }

    /// Field names from the outside in, with the index where a field repeats: `resource_spans[0].scope_spans[1]`.
    private(set) var description = ""
    private var depth = 0

    /// The path of the first malformed field; empty when the outermost message itself is malformed.
    static func locate(_ bytes: Span<UInt8>, root: Message) -> String {
        var path = FieldPath()
        _ = path.descend(bytes, 0..<bytes.count, root)
        return path.description
    }

    /// - Returns: true when the malformed place was found.
    private mutating func descend(_ bytes: Span<UInt8>, _ range: Range<Int>, _ message: Message) -> Bool {
        // Values nested deeper are not decoded.
        guard depth < 160 else { return false }
        depth += 1
        defer { depth -= 1 }
        var reader = WireReader(bytes, in: range)
        var counts: [UInt32: Int] = [:]
        let outer = description
        do {
            while let tag = try reader.next(bytes) {
                let (name, child) = Self.field(tag.field, of: message)
                let index = counts[tag.field, default: 0]
                counts[tag.field] = index + 1
                description = outer + (outer.isEmpty ? "" : ".") + name + (index > 0 || Self.repeats(name) ? "[\(index)]" : "")
                if let child, tag.type == .bytes {
                    let inner = try reader.range(bytes)
                    if descend(bytes, inner, child) { return true }
                } else {
                    try reader.skip(tag, bytes)
                }
                description = outer
            }
            return false
        } catch {
            return true
        }
    }

    private static func repeats(_ name: String) -> Bool { name.hasSuffix("s") && name != "status" }

    private static func field(_ number: UInt32, of message: Message) -> (name: String, child: Message?) {
        switch (message, number) {
        case (.tracesData, 1): ("resource_spans", .resourceSpans)
        case (.logsData, 1): ("resource_logs", .resourceLogs)
        case (.metricsData, 1): ("resource_metrics", .resourceMetrics)
        case (.resourceSpans, 1), (.resourceLogs, 1), (.resourceMetrics, 1): ("resource", .resource)
        case (.resourceSpans, 2): ("scope_spans", .scopeSpans)
        case (.resourceLogs, 2): ("scope_logs", .scopeLogs)
        case (.resourceMetrics, 2): ("scope_metrics", .scopeMetrics)
        case (.scopeSpans, 1), (.scopeLogs, 1), (.scopeMetrics, 1): ("scope", .scope)
        case (.scopeSpans, 2): ("spans", .span)
        case (.scopeLogs, 2): ("log_records", .logRecord)
        case (.scopeMetrics, 2): ("metrics", .metric)
        case (.span, 1), (.logRecord, 9), (.link, 1): ("trace_id", nil)
        case (.span, 2), (.logRecord, 10), (.link, 2): ("span_id", nil)
        case (.span, 5), (.event, 2), (.metric, 1), (.scope, 1): ("name", nil)
        case (.span, 11): ("events", .event)
        case (.span, 13): ("links", .link)
        case (.span, 15): ("status", .status)
        case (.logRecord, 5): ("body", .anyValue)
        case (.span, 9), (.event, 3), (.link, 4), (.logRecord, 6), (.resource, 1), (.scope, 3), (.numberPoint, 7), (.histogramPoint, 9),
            (.exponentialPoint, 1), (.summaryPoint, 7):
            ("attributes", .keyValue)
        case (.metric, 5): ("gauge", .numberData)
        case (.metric, 7): ("sum", .numberData)
        case (.metric, 9): ("histogram", .histogramData)
        case (.metric, 10): ("exponential_histogram", .exponentialData)
        case (.metric, 11): ("summary", .summaryData)
        case (.numberData, 1): ("data_points", .numberPoint)
        case (.histogramData, 1): ("data_points", .histogramPoint)
        case (.exponentialData, 1): ("data_points", .exponentialPoint)
        case (.summaryData, 1): ("data_points", .summaryPoint)
        case (.exponentialPoint, 8): ("positive", .other)
        case (.exponentialPoint, 9): ("negative", .other)
        case (.numberPoint, 5), (.histogramPoint, 8), (.exponentialPoint, 11): ("exemplars", .other)
        case (.keyValue, 1): ("key", nil)
        case (.keyValue, 2): ("value", .anyValue)
        case (.anyValue, 5): ("array_value", .arrayValue)
        case (.anyValue, 6): ("kvlist_value", .keyValueList)
        case (.arrayValue, 1): ("values", .anyValue)
        case (.keyValueList, 1): ("values", .keyValue)
        default: ("field \(number)", nil)
        }
    }
}
