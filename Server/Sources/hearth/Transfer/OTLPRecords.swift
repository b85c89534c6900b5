/// Rows of `records_all` as OTLP/JSON, so that a server that receives them has the same records.
enum OTLPRecords {
    /// Columns that are asked for.
    static let columns = [
        "kind", "trace_id", "span_id", "parent_span_id", "start_timestamp", "end_timestamp", "duration", "span_name", "message", "level",
        "attributes",
        "tags",
        "otel_scope_name", "otel_scope_version", "otel_scope_attributes", "otel_status_code", "otel_status_message", "otel_events",
        "otel_links", "otel_span_kind", "otel_resource_attributes", "log_body", "attributes_json_schema",
    ]
    /// Not known to every server: what is left of the start below a microsecond.
    static let nanosecondColumn = "start_nanosecond"

    /// What the server writes among the attributes of a span because OTLP has fields for it.
    private static let senderFacts = (
        state: "otel.trace_state", flags: "otel.span.flags", attributes: "otel.dropped_attributes_count",
        events: "otel.dropped_events_count", links: "otel.dropped_links_count"
    )
    private static let nameLimit = 512

    /// A request body, and how many records it holds.
    typealias Request = (body: [UInt8], count: Int)

    /// A request of spans and one of logs; nil where there are none.
    static func requests(_ rows: [AnswerJSON]) -> (spans: Request?, logs: Request?) {
        let logs = rows.filter(isOTLPLog)
        let spans = rows.filter { !isOTLPLog($0) }
        return (
            spans.isEmpty ? nil : (request("resourceSpans", "scopeSpans", "spans", spans, span), spans.count),
            logs.isEmpty ? nil : (request("resourceLogs", "scopeLogs", "logRecords", logs, log), logs.count)
        )
    }

    /// Logs of the Logfire SDK are spans that say that they are logs.
    private static func isOTLPLog(_ row: AnswerJSON) -> Bool {
        guard row["kind"]?.string == "log" else { return false }
        return row["attributes"]?["logfire.span_type"]?.string == nil
    }

    /// Rows under their resources and scopes, in the order in which these come first.
    static func request(
        _ resources: StaticString, _ scopes: StaticString, _ items: StaticString, _ rows: [AnswerJSON],
        _ write: (AnswerJSON, inout OTLPText) -> Void
    ) -> [UInt8] {
        var out = OTLPText()
        out.object { out in
            out.array(resources) { out in
                for (_, rows) in grouped(rows, by: ["otel_resource_attributes"]) {
                    out.object { out in
                        out.object("resource") { $0.attributes("attributes", rows[0]["otel_resource_attributes"]) }
                        out.array(scopes) { out in
                            for (_, rows) in grouped(rows, by: ["otel_scope_name", "otel_scope_version", "otel_scope_attributes"]) {
                                out.object { out in
                                    out.object("scope") { out in
                                        out.text("name", rows[0]["otel_scope_name"]?.string)
                                        out.text("version", rows[0]["otel_scope_version"]?.string)
                                        out.attributes("attributes", rows[0]["otel_scope_attributes"])
                                    }
                                    out.array(items) { out in for row in rows { write(row, &out) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        return out.bytes
    }

    private static func grouped(_ rows: [AnswerJSON], by columns: [String]) -> [(key: String, rows: [AnswerJSON])] {
        var places: [String: Int] = [:]
        var groups: [(key: String, rows: [AnswerJSON])] = []
        for row in rows {
            let key = columns.map { row[$0]?.text ?? "" }.joined(separator: "\u{0}")
            if let place = places[key] {
                groups[place].rows.append(row)
            } else {
                places[key] = groups.count
                groups.append((key, [row]))
            }
        }
        return groups
    }

    // MARK: Spans

    private static func span(_ row: AnswerJSON, _ out: inout OTLPText) {
        let attributes = row["attributes"]
        let (start, end) = interval(row)
        var (id, parent) = (row["span_id"]?.string, row["parent_span_id"]?.string)
        if row["kind"]?.string == "pending_span" {
            // An announcement has an id of its own under the span that it announces; the real parent is among its attributes.
            (id, parent) = (String((id ?? "").reversed()), id)
        }
        out.object { out in
            out.text("traceId", row["trace_id"]?.string)
            out.text("spanId", id)
            out.text("traceState", attributes?[senderFacts.state]?.string)
            out.text("parentSpanId", parent)
            out.number("flags", attributes?[senderFacts.flags]?.int)
            out.text("name", row["span_name"]?.string)
            out.number("kind", kinds.firstIndex(of: row["otel_span_kind"]?.string ?? "").map { Int64($0) })
            out.integer("startTimeUnixNano", String(start))
            out.integer("endTimeUnixNano", String(end))
            let facts: Set<String> = [
                senderFacts.state, senderFacts.flags, senderFacts.attributes, senderFacts.events, senderFacts.links,
            ]
            out.attributes("attributes", attributes, schema: textual(row), without: facts, added: special(row))
            out.number("droppedAttributesCount", attributes?[senderFacts.attributes]?.int)
            events(row["otel_events"], &out)
            out.number("droppedEventsCount", attributes?[senderFacts.events]?.int)
            links(row["otel_links"], &out)
            out.number("droppedLinksCount", attributes?[senderFacts.links]?.int)
            out.object("status") { out in
                out.text("message", row["otel_status_message"]?.string)
                out.number("code", ["UNSET": 0, "OK": 1, "ERROR": 2][row["otel_status_code"]?.string ?? ""])
            }
        }
    }

    private static let kinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]

    /// Attributes that became columns.
    private static func special(_ row: AnswerJSON) -> [AnswerJSON.Member] {
        var added: [AnswerJSON.Member] = []
        let attributes = row["attributes"]
        if let message = row["message"], message.string != nil, attributes?["logfire.msg"] == nil {
            added.append(AnswerJSON.Member(name: "logfire.msg", value: message))
        }
        if let level = row["level"], level.int != nil, attributes?["logfire.level_num"] == nil {
            added.append(AnswerJSON.Member(name: "logfire.level_num", value: level))
        }
        if let tags = row["tags"], !tags.isNull, attributes?["logfire.tags"] == nil {
            added.append(AnswerJSON.Member(name: "logfire.tags", value: tags))
        }
        return added
    }

    /// Names of attributes that the sender's schema lists as JSON in text.
    private static func textual(_ row: AnswerJSON) -> Set<String> {
        guard case .object(let properties)? = row["attributes_json_schema"]?.opened["properties"]?.opened else { return [] }
        return Set(
            properties.filter { property in
                let schema = property.value.opened
                let types = ["object", "array", "null"]
                return schema["x-python-datatype"] != nil || schema["type"]?.string.map { types.contains($0) } ?? false
            }.map(\.name))
    }

    private static func events(_ events: AnswerJSON?, _ out: inout OTLPText) {
        guard let events = events?.array, !events.isEmpty else { return }
        out.array("events") { out in
            for event in events.map(\.opened) {
                out.object { out in
                    out.integer("timeUnixNano", String(Timestamps.nanoseconds(event["event_timestamp"]?.string ?? "")))
                    out.text("name", event["event_name"]?.string)
                    out.attributes("attributes", event["attributes"])
                    out.number("droppedAttributesCount", event["dropped_attributes_count"]?.int)
                }
            }
        }
    }

    private static func links(_ links: AnswerJSON?, _ out: inout OTLPText) {
        guard let links = links?.array, !links.isEmpty else { return }
        out.array("links") { out in
            for link in links.map(\.opened) {
                out.object { out in
                    out.text("traceId", link["trace_id"]?.string)
                    out.text("spanId", link["span_id"]?.string)
                    out.text("traceState", link["trace_state"]?.string)
                    out.attributes("attributes", link["attributes"])
                    out.number("droppedAttributesCount", link["dropped_attributes_count"]?.int)
                }
            }
        }
    }

    // MARK: Logs

    private static func log(_ row: AnswerJSON, _ out: inout OTLPText) {
        let body = row["log_body"].flatMap { $0.isNull ? nil : $0.opened }
        out.object { out in
            out.integer("timeUnixNano", String(nanoseconds(row)))
            out.number("severityNumber", row["level"]?.int)
            if let body { out.value("body", body) }
            out.attributes("attributes", row["attributes"], schema: textual(row), added: special(row).filter { $0.name == "logfire.tags" })
            out.text("traceId", row["trace_id"]?.string)
            out.text("spanId", row["parent_span_id"]?.string)
            out.text("eventName", eventName(row, body: body))
        }
    }

    /// The name of the event where the record's name does not come from elsewhere.
    private static func eventName(_ row: AnswerJSON, body: AnswerJSON?) -> String? {
        guard let name = row["span_name"]?.string, !name.isEmpty else { return nil }
        if let own = row["attributes"]?["event.name"]?.string, !own.isEmpty { return nil }
        if let text = body?.string, !text.isEmpty {
            let line = text.prefix { $0 != "\n" && $0 != "\r" && $0 != "\r\n" }
            if !line.isEmpty, line.hasPrefix(name), line.utf8.count == name.utf8.count || name.utf8.count >= nameLimit - 3 { return nil }
        } else if name == row["otel_scope_name"]?.string {
            return nil
        }
        return name
    }

    // MARK: Times

    /// Start and end in nanoseconds. The end is the start and the duration; where only whole microseconds of the start are known, it lies so far
    /// within its microsecond that the end comes to lie in its own.
    private static func interval(_ row: AnswerJSON) -> (start: Int64, end: Int64) {
        let start = nanoseconds(row)
        guard case .number(let text)? = row["duration"], let seconds = Double(text) else { return (start, start) }
        let duration = Int64((seconds * 1e9).rounded())
        let wanted = Timestamps.nanoseconds(row["end_timestamp"]?.string ?? "")
        let missing = wanted - (start + duration)
        let isWithin = row[nanosecondColumn] == nil && (1..<1_000).contains(missing)
        return (isWithin ? start + missing : start, isWithin ? wanted : start + duration)
    }

    private static func nanoseconds(_ row: AnswerJSON) -> Int64 {
        Timestamps.nanoseconds(row["start_timestamp"]?.string ?? "") + (row[nanosecondColumn]?.int ?? 0)
    }
}
