import Foundation
import SwiftProtobuf
import TelemetryModel

/// The row mapping (`logfire-contract.md` §3 and §4.1), written over swift-protobuf's types in the plainest way.
enum ReferenceMapping {
    typealias TraceRequest = Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest
    typealias LogsRequest = Opentelemetry_Proto_Collector_Logs_V1_ExportLogsServiceRequest

    static func rows(_ request: TraceRequest) -> (rows: [ReferenceRow], rejected: Int) {
        var rows: [ReferenceRow] = []
        var rejected = 0
        for resourceSpans in request.resourceSpans {
            for scopeSpans in resourceSpans.scopeSpans {
                for span in scopeSpans.spans {
                    var row = ReferenceRow()
                    set(resourceSpans.resource, &row)
                    set(scopeSpans.scope, &row)
                    if fill(span, &row) { rows.append(row) } else { rejected += 1 }
                }
            }
        }
        return (rows, rejected)
    }

    static func rows(_ request: LogsRequest) -> [ReferenceRow] {
        var rows: [ReferenceRow] = []
        for resourceLogs in request.resourceLogs {
            for scopeLogs in resourceLogs.scopeLogs {
                for record in scopeLogs.logRecords {
                    var row = ReferenceRow()
                    set(resourceLogs.resource, &row)
                    set(scopeLogs.scope, &row)
                    fill(record, &row)
                    rows.append(row)
                }
            }
        }
        return rows
    }

    // MARK: Resource and scope

    static func set(_ resource: Opentelemetry_Proto_Resource_V1_Resource, _ row: inout ReferenceRow) {
        row.resource = .object(ReferenceValues.members(resource.attributes))
        row.resourceColumns = columns(resource)
    }

    static func columns(_ resource: Opentelemetry_Proto_Resource_V1_Resource) -> [String: String] {
        func text(_ name: String) -> String? {
            switch ReferenceValues.find(name, in: resource.attributes) {
            case .stringValue(let text): text.isEmpty ? nil : text
            case .intValue(let number): String(number)
            case .doubleValue(let number): String(number)
            case .boolValue(let flag): String(flag)
            default: nil
            }
        }

        var columns: [String: String] = [:]
        for (column, name) in [
            ("service_name", "service.name"), ("service_namespace", "service.namespace"), ("service_version", "service.version"),
            ("service_instance_id", "service.instance.id"), ("telemetry_sdk_name", "telemetry.sdk.name"),
            ("telemetry_sdk_language", "telemetry.sdk.language"), ("telemetry_sdk_version", "telemetry.sdk.version"),
        ] {
            columns[column] = text(name)
        }
        columns["process_pid"] = text("process.pid").flatMap(Int64.init).map(String.init)
        columns["deployment_environment"] = text("deployment.environment.name") ?? text("deployment.environment")
        return columns
    }

    static func set(_ scope: Opentelemetry_Proto_Common_V1_InstrumentationScope, _ row: inout ReferenceRow) {
        row.scopeName = Array(scope.name.utf8)
        row.scopeVersion = scope.version.isEmpty ? nil : Array(scope.version.utf8)
        row.scopeAttributes = scope.attributes.isEmpty ? nil : .object(ReferenceValues.members(scope.attributes))
    }

    // MARK: Spans

    /// - Returns: false when the span must be rejected.
    private static func fill(_ span: Opentelemetry_Proto_Trace_V1_Span, _ row: inout ReferenceRow) -> Bool {
        row.traceID = ReferenceValues.hex(span.traceID, count: 16)
        row.spanID = ReferenceValues.hex(span.spanID, count: 8)
        row.parentSpanID = ReferenceValues.hex(span.parentSpanID, count: 8)
        row.start = ReferenceValues.clamped(span.startTimeUnixNano != 0 ? span.startTimeUnixNano : span.endTimeUnixNano)
        row.end = max(row.start, ReferenceValues.clamped(span.endTimeUnixNano))
        row.spanKind = (0...5).contains(span.kind.rawValue) ? UInt8(span.kind.rawValue) : 0
        row.statusCode = (0...2).contains(span.status.code.rawValue) ? UInt8(span.status.code.rawValue) : 0
        row.texts["status_message"] = span.status.message.isEmpty ? nil : Array(span.status.message.utf8)
        row.texts["span_name"] = Array(ReferenceValues.cut(span.name).utf8)
        row.texts["message"] = row.texts["span_name"]
        row.level = row.statusCode == 2 ? 17 : 9
        switch ReferenceValues.string("logfire.span_type", in: span.attributes) {
        case "log", "annotation":
            row.kind = "log"
            row.end = row.start
        case "pending_span":
            row.kind = "pending_span"
            row.end = row.start
            row.spanID = row.parentSpanID
            let parent = ReferenceValues.string("logfire.pending_parent_id", in: span.attributes) ?? ""
            let isHex = parent.utf8.count == 16 && parent.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
            row.parentSpanID = isHex ? parent.lowercased() : String(repeating: "0", count: 16)
        default: break
        }
        if row.traceID.allSatisfy({ $0 == "0" }) || row.spanID.allSatisfy({ $0 == "0" }) { return false }
        fillEvents(span, &row)
        fillAttributes(span.attributes + senderFacts(span), &row)
        return true
    }

    /// What the span's own fields add to its attributes.
    private static func senderFacts(_ span: Opentelemetry_Proto_Trace_V1_Span) -> [KeyValue] {
        var facts: [KeyValue] = []
        if !span.traceState.isEmpty {
            facts.append(
                KeyValue.with {
                    $0.key = "otel.trace_state"; $0.value.stringValue = span.traceState
                })
        }
        for (name, number) in [
            ("otel.span.flags", span.flags & ~0x101 == 0 ? 0 : span.flags), ("otel.dropped_attributes_count", span.droppedAttributesCount),
            ("otel.dropped_events_count", span.droppedEventsCount), ("otel.dropped_links_count", span.droppedLinksCount),
        ] where number != 0 {
            facts.append(
                KeyValue.with {
                    $0.key = name; $0.value.intValue = Int64(number)
                })
        }
        return facts
    }

    private static func withTraceState(_ state: String, _ members: [[UInt8]: JSON]) -> [[UInt8]: JSON] {
        state.isEmpty ? members : members.merging([Array("trace_state".utf8): .string(state)]) { $1 }
    }

    private static func withDropped(_ count: UInt32, _ members: [[UInt8]: JSON]) -> [[UInt8]: JSON] {
        guard count > 0 else { return members }
        return members.merging([Array("dropped_attributes_count".utf8): .int(String(count))]) { $1 }
    }

    private static func fillEvents(_ span: Opentelemetry_Proto_Trace_V1_Span, _ row: inout ReferenceRow) {
        if let exception = span.events.first(where: { $0.name.utf8.elementsEqual("exception".utf8) }) {
            row.isException = true
            fillException(exception.attributes, &row)
        }
        row.spanEventCount = UInt16(clamping: span.events.count { !$0.name.utf8.elementsEqual("exception".utf8) })
        if !span.events.isEmpty {
            row.json["events"] = .array(
                span.events.map { event in
                    .object(
                        withDropped(
                            event.droppedAttributesCount,
                            [
                                Array("event_name".utf8): .string(event.name),
                                Array("event_timestamp".utf8): ReferenceValues.timestamp(event.timeUnixNano),
                                Array("attributes".utf8): .object(ReferenceValues.members(event.attributes)),
                            ]))
                })
        }
        if !span.links.isEmpty {
            row.json["links"] = .array(
                span.links.map { link in
                    .object(
                        withDropped(
                            link.droppedAttributesCount,
                            withTraceState(
                                link.traceState,
                                [
                                    Array("trace_id".utf8): .string(ReferenceValues.hex(link.traceID, count: 16)),
                                    Array("span_id".utf8): .string(ReferenceValues.hex(link.spanID, count: 8)),
                                    Array("attributes".utf8): .object(ReferenceValues.members(link.attributes)),
                                ])))
                })
        }
    }

    private static func fillException(_ attributes: [KeyValue], _ row: inout ReferenceRow) {
        for name in ["type", "message", "stacktrace"] {
            row.texts["exception_\(name)"] = ReferenceValues.string("exception.\(name)", in: attributes).map { Array($0.utf8) }
        }
    }

    // MARK: Logs

    private static func fill(_ record: Opentelemetry_Proto_Logs_V1_LogRecord, _ row: inout ReferenceRow) {
        row.kind = "log"
        row.isOTLPLog = true
        row.traceID = ReferenceValues.hex(record.traceID, count: 16)
        row.parentSpanID = ReferenceValues.hex(record.spanID, count: 8)
        row.start = ReferenceValues.clamped(record.timeUnixNano != 0 ? record.timeUnixNano : record.observedTimeUnixNano)
        row.end = row.start
        row.level = (1...24).contains(record.severityNumber.rawValue) ? Int16(record.severityNumber.rawValue) : 9
        var body: String?
        if record.hasBody, record.body.value != nil, ReferenceValues.json(record.body) != .null {
            row.json["body"] = ReferenceValues.json(record.body)
            if case .stringValue(let text) = record.body.value { body = text }
        }
        var eventName = record.eventName
        if eventName.isEmpty { eventName = ReferenceValues.string("event.name", in: record.attributes) ?? "" }
        // Not `split`: a line break may be part of a larger character.
        let line = body.map { text in text.utf8.prefix { $0 != 0x0a && $0 != 0x0d } }.flatMap { String($0) } ?? ""
        var name = eventName
        if name.isEmpty { name = ReferenceValues.cut(line, to: 512) }
        if name.isEmpty { name = String(decoding: row.scopeName, as: UTF8.self) }
        row.texts["span_name"] = Array(ReferenceValues.cut(name).utf8)
        row.texts["message"] = Array(ReferenceValues.cut(body ?? eventName).utf8)
        row.isException =
            ReferenceValues.string("exception.type", in: record.attributes) != nil
            || ReferenceValues.string("exception.message", in: record.attributes) != nil || eventName == "exception"
        if row.isException { fillException(record.attributes, &row) }
        fillAttributes(record.attributes, &row)
    }

    // MARK: Attributes

    private static func fillAttributes(_ all: [KeyValue], _ row: inout ReferenceRow) {
        let attributes = ReferenceValues.unique(all)
        let longMessage = (ReferenceValues.string("logfire.msg", in: attributes)?.utf8.count ?? 0) > 512
        if let message = ReferenceValues.string("logfire.msg", in: attributes) {
            row.texts["message"] = Array(ReferenceValues.cut(message).utf8)
        }
        let level = ReferenceValues.integer("logfire.level_num", in: attributes)
        if let level { row.level = Int16(clamping: level) }
        let status = ["http.response.status_code", "http.status_code"].lazy
            .compactMap { ReferenceValues.integer($0, in: attributes) }.compactMap { Int32(exactly: $0) }.first { $0 >= 0 }
        row.httpStatusCode = status ?? -1
        for (column, names) in [
            ("http_method", ["http.request.method", "http.method"]), ("http_route", ["http.route"]),
            ("url_full", ["url.full", "http.url"]),
            ("url_path", ["url.path"]), ("url_query", ["url.query"]),
        ] {
            row.texts[column] = names.lazy.compactMap { ReferenceValues.string($0, in: attributes) }.first.map { Array($0.utf8) }
        }
        row.json["tags"] = tags(ReferenceValues.find("logfire.tags", in: attributes))
        let structured = structuredNames(attributes)
        if structured != nil {
            row.texts["json_schema"] = ReferenceValues.string("logfire.json_schema", in: attributes).map { Array($0.utf8) }
        }
        var columns: [[UInt8]: JSON] = [:]
        var bodies: [[UInt8]: JSON] = [:]
        for attribute in attributes {
            let name = Array(attribute.key.utf8)
            let key = AttributeKey.allCases.first { $0 != .unknown && Array($0.rawValue.utf8) == name } ?? .unknown
            var value = ReferenceValues.json(attribute.value)
            row.attributes.append(.init(name: name, key: key, kind: kind(attribute.value), value: value))
            if structured?.contains(name) == true, case .stringValue(let text) = attribute.value.value,
                let embedded = try? JSON(Array(text.utf8), depth: 128, uniqueNames: false)
            {
                value = embedded
            }
            switch key {
            case .logfireMessage where ReferenceValues.string(key.rawValue, in: attributes) != nil && !longMessage: break
            case .logfireLevelNumber where level != nil: break
            case .logfireTags where row.json["tags"] != nil: break
            default: if key.isMessageBody { bodies[name] = value } else { columns[name] = value }
            }
        }
        row.json["attributes"] = .object(columns)
        row.json["bodies"] = bodies.isEmpty ? nil : .object(bodies)
    }

    private static func kind(_ value: AnyValue) -> AttributeValueKind {
        switch value.value {
        case nil, .stringValueStrindex: .empty
        case .stringValue: .string
        case .boolValue: .bool
        case .intValue: .int
        case .doubleValue: .double
        case .bytesValue: .bytes
        case .arrayValue, .kvlistValue: .json
        }
    }

    /// Names that `logfire.json_schema` lists as structured; nil without a valid schema.
    private static func structuredNames(_ attributes: [KeyValue]) -> Set<[UInt8]>? {
        guard let text = ReferenceValues.string("logfire.json_schema", in: attributes),
            let schema = try? JSON(Array(text.utf8), uniqueNames: false), case .object = schema
        else { return nil }
        guard case .object(let properties) = schema["properties"] else { return [] }
        let types = ["object", "array", "null"].map { JSON.string($0) }
        return Set(
            properties.filter { _, property in
                property["x-python-datatype"] != nil || property["type"].map { types.contains($0) } == true
            }.keys)
    }

    private static func tags(_ value: AnyValue.OneOf_Value?) -> JSON? {
        let elements: [JSON]
        switch value {
        case .arrayValue(let array): elements = array.values.map { ReferenceValues.json($0, depth: ReferenceValues.deepest - 1) }
        case .stringValue(let text):
            if text.isEmpty { return nil }
            guard case .array(let parsed) = try? JSON(Array(text.utf8), depth: 512, uniqueNames: false) else {
                return .array([.string(text)])
            }
            elements = parsed
        default: return nil
        }
        return .array(elements.filter { $0 != .null }.map { if case .string = $0 { $0 } else { .string(scalarText($0)) } })
    }

    /// Tags that are no strings are written as their JSON text; the generator makes scalars only.
    private static func scalarText(_ value: JSON) -> String {
        switch value {
        case .bool(let flag): "\(flag)"
        case .int(let digits): digits
        case .double(let number): number.description
        default: "not generated"
        }
    }
}
