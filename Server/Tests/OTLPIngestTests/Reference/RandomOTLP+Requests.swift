import Foundation

extension RandomOTLP {
    mutating func traceRequest(spans: Int = 4) -> ReferenceMapping.TraceRequest {
        var request = ReferenceMapping.TraceRequest()
        for _ in 0..<random.below(3) + 1 {
            var resourceSpans = Opentelemetry_Proto_Trace_V1_ResourceSpans()
            if random.chance(80) { resourceSpans.resource = resource() }
            resourceSpans.schemaURL = text(1)
            for _ in 0..<random.below(3) {
                var scopeSpans = Opentelemetry_Proto_Trace_V1_ScopeSpans()
                if random.chance(80) { scopeSpans.scope = scope() }
                scopeSpans.spans = (0..<random.below(spans + 1)).map { _ in span() }
                resourceSpans.scopeSpans.append(scopeSpans)
            }
            request.resourceSpans.append(resourceSpans)
        }
        return request
    }

    mutating func span() -> Opentelemetry_Proto_Trace_V1_Span {
        var span = Opentelemetry_Proto_Trace_V1_Span()
        span.traceID = bytes(16)
        span.spanID = bytes(8)
        if random.chance(70) { span.parentSpanID = bytes(8) }
        if random.chance(20) { span.traceState = text(2) }
        span.name = random.chance(3) ? String(repeating: "long é", count: 6000) : text()
        span.kind = .init(rawValue: random.below(8)) ?? .unspecified
        span.startTimeUnixNano = time()
        span.endTimeUnixNano = time()
        span.attributes = attributes()
        span.flags = UInt32(random.below(1000))
        span.droppedAttributesCount = UInt32(random.below(3))
        for _ in 0..<random.below(10) where random.chance(30) {
            var event = Opentelemetry_Proto_Trace_V1_Span.Event()
            event.name = random.pick(["exception", "step", "", text()])
            event.timeUnixNano = time()
            event.attributes = attributes()
            for name in ["exception.type", "exception.message", "exception.stacktrace"] where random.chance(50) {
                event.attributes.append(pair(name, random.chance(80) ? string(text()) : value()))
            }
            span.events.append(event)
        }
        for _ in 0..<random.below(4) where random.chance(30) {
            var link = Opentelemetry_Proto_Trace_V1_Span.Link()
            link.traceID = bytes(16)
            link.spanID = bytes(8)
            link.traceState = text(1)
            if random.chance(50) { link.attributes = attributes() }
            link.flags = 256
            span.links.append(link)
        }
        if random.chance(70) {
            span.status.code = .init(rawValue: random.below(5)) ?? .unset
            if random.chance(50) { span.status.message = text() }
        }
        return span
    }

    mutating func logsRequest() -> ReferenceMapping.LogsRequest {
        var request = ReferenceMapping.LogsRequest()
        for _ in 0..<random.below(2) + 1 {
            var resourceLogs = Opentelemetry_Proto_Logs_V1_ResourceLogs()
            if random.chance(80) { resourceLogs.resource = resource() }
            for _ in 0..<random.below(3) {
                var scopeLogs = Opentelemetry_Proto_Logs_V1_ScopeLogs()
                if random.chance(80) { scopeLogs.scope = scope() }
                scopeLogs.logRecords = (0..<random.below(5)).map { _ in logRecord() }
                if random.chance(30), let repeated = scopeLogs.logRecords.first { scopeLogs.logRecords.append(repeated) }
                resourceLogs.scopeLogs.append(scopeLogs)
            }
            request.resourceLogs.append(resourceLogs)
        }
        return request
    }

    mutating func logRecord() -> Opentelemetry_Proto_Logs_V1_LogRecord {
        var record = Opentelemetry_Proto_Logs_V1_LogRecord()
        if random.chance(60) { record.timeUnixNano = time() }
        if random.chance(60) { record.observedTimeUnixNano = time() }
        record.severityNumber = .init(rawValue: random.below(27)) ?? .unspecified
        record.severityText = text(1)
        if random.chance(70) { record.body = random.chance(60) ? string(random.chance(5) ? longLine() : text()) : value() }
        record.attributes = attributes()
        if random.chance(60) { record.traceID = bytes(16) }
        if random.chance(60) { record.spanID = bytes(8) }
        if random.chance(30) { record.eventName = random.pick(["exception", text()]) }
        if random.chance(20) { record.attributes.append(pair("event.name", string(text()))) }
        if random.chance(20) { record.attributes.append(pair("exception.type", string(text()))) }
        return record
    }

    /// More than 512 bytes, and the 512th inside a character.
    private func longLine() -> String { "x" + String(repeating: "é", count: 300) + "\nsecond line" }

    /// Damages a message: flips bits, cuts it off, removes, repeats or inserts bytes.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<random.below(3) + 1 {
            guard !bytes.isEmpty else { return bytes }
            let index = random.below(bytes.count)
            switch random.below(8) {
            case 0, 1, 2: bytes[index] ^= 1 << UInt8(random.below(8))
            case 3: bytes[index] = UInt8(truncatingIfNeeded: random.next())
            case 4: bytes.removeLast(random.below(bytes.count))
            case 5: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
            case 6: bytes.remove(at: index)
            default:
                let end = min(bytes.count, index + random.below(12))
                bytes.insert(contentsOf: bytes[index..<end], at: random.below(bytes.count))
            }
        }
        return bytes
    }
}
