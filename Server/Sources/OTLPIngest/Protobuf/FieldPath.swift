import OTLPWire

/// Finds where in an OTLP message malformed bytes are, for error messages. Runs only after decoding failed.
enum FieldPath {
    /// The messages that are descended into.
    enum Message {
        case tracesData, resourceSpans, scopeSpans, span, event, link, status
        case logsData, resourceLogs, scopeLogs, logRecord
        case metricsData, resourceMetrics, scopeMetrics, metric, numberData, histogramData, exponentialData, summaryData
        case numberPoint, histogramPoint, exponentialPoint, summaryPoint
        case resource, scope, keyValue, anyValue, arrayValue, keyValueList, other
    }

    /// The path of the first malformed field, `resource_spans[0].scope_spans[1]`; empty when the outermost message itself is
    /// malformed.
    static func locate(_ bytes: Span<UInt8>, root: Message) -> String {
        (path(bytes, 0..<bytes.count, root, depth: 0) ?? []).reversed().joined(separator: ".")
    }

    /// Field names from the malformed place outwards; nil when the message is well-formed.
    private static func path(_ bytes: Span<UInt8>, _ range: Range<Int>, _ message: Message, depth: Int) -> [String]? {
        // Values nested deeper are not decoded.
        guard depth < 160 else { return nil }
        var reader = WireReader(bytes, in: range)
        var start = range.lowerBound
        var tag: WireTag?
        do {
            while true {
                start = reader.offset
                tag = nil
                guard let next = try reader.next(bytes) else { return nil }
                tag = next
                guard next.type == .bytes, let child = field(next.field, of: message).child else {
                    try reader.skip(next, bytes)
                    continue
                }
                if let inner = path(bytes, try reader.range(bytes), child, depth: depth + 1) {
                    return inner + [name(of: next, at: start, bytes, range, message)]
                }
            }
        } catch {
            return tag.map { [name(of: $0, at: start, bytes, range, message)] } ?? []
        }
    }

    /// The field's name, with its index among those of the same number if it can repeat.
    private static func name(
        of tag: WireTag,
        at offset: Int,
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ message: Message
    ) -> String {
        let name = field(tag.field, of: message).name
        guard repeats(name) else { return name }
        var index = 0
        var reader = WireReader(bytes, in: range.lowerBound..<offset)
        while let earlier = try? reader.next(bytes), (try? reader.skip(earlier, bytes)) != nil {
            if earlier.field == tag.field { index += 1 }
        }
        return "\(name)[\(index)]"
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
