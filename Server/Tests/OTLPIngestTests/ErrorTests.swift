import OTLPIngest
import OTLPWire
import TelemetryModel
import Testing

@Suite struct ErrorTests {
    private func message(_ body: [UInt8], _ encoding: OTLPEncoding = .protobuf) -> String? {
        Result { try TraceDecoder.decode(body, encoding: encoding) }.message
    }

    @Test func placesInProtobuf() throws {
        #expect(message([0x0a, 0x05]) == "resource_spans[0]: the value ends too early at byte 2")
        #expect(message([0x0f]) == "a field tag is invalid at byte 0")
        // The last byte is the end of an attribute's value in the second span.
        let body = traceBody([makeSpan([OTLPAttribute("a", 1)]), makeSpan([OTLPAttribute("b", 2), OTLPAttribute("c", "text")])])
        let cut = Array(body.dropLast())
        #expect(message(cut) == "resource_spans[0]: the value ends too early at byte \(cut.count)")
        var wrong = body
        wrong[wrong.count - 5] = 0x7f
        #expect(
            message(wrong)
                == "resource_spans[0].scope_spans[0].spans[1].attributes[1].value.field 1: the value ends too early at byte \(wrong.count)")
        #expect(message([0x0a, 0x02, 0x12, 0x7f])?.hasPrefix("resource_spans[0].scope_spans[0]: ") == true)
    }

    @Test func placesInLogsAndMetrics() {
        let logs = Result { try LogDecoder.decode([0x0a, 0x04, 0x12, 0x02, 0x12, 0x01], encoding: .protobuf) }
        #expect(logs.message == "resource_logs[0].scope_logs[0].log_records[0]: the value ends too early at byte 6")
        let metrics = Result { try MetricDecoder.decode([0x0a, 0x04, 0x12, 0x02, 0x12, 0x01], encoding: .protobuf) }
        #expect(metrics.message == "resource_metrics[0].scope_metrics[0].metrics[0]: the value ends too early at byte 6")
    }

    @Test(arguments: [
        ("", "the JSON text ends too early at byte 0"),
        ("[]", "an object is expected at byte 0"),
        ("{\"resourceSpans\":\"x\"}", "resourceSpans: an array is expected at byte 17"),
        ("{\"resourceSpans\":[1]}", "resourceSpans[0]: an object is expected at byte 18"),
        ("{\"resourceSpans\":[{}]", "resourceSpans: the JSON text ends too early at byte 21"),
        ("{\"resourceSpans\":[{},]}", "resourceSpans[1]: an object is expected at byte 21"),
        ("{} {}", "text after the end of the JSON value at byte 3"),
        ("{\"a\":01}", "a: unexpected character at byte 6"),
        ("{\"a\":\"\\x\"}", "a: invalid escape in a string at byte 6"),
        ("{\"a\":\"\n\"}", "a: a control character stands unescaped in a string at byte 6"),
        ("{\"a\":tru}", "a: unexpected character at byte 5"),
        ("{\"a\":-}", "a: invalid number at byte 6"),
        ("{'a':1}", "a string is expected at byte 1"),
        (
            "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"kind\":{}}]}]}]}",
            "resourceSpans[0].scopeSpans[0].spans[0].kind: a number is expected at byte 51"
        ),
        (
            "{\"resourceSpans\":[{\"resource\":{},\"scopeSpans\":[{\"scope\":{},\"spans\":[{\"startTimeUnixNano\":\"-1\"}]}]}]}",
            "resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano: an integer of 64 bits is expected at byte 89"
        ),
    ]) func placesInJSON(json: String, expected: String) {
        #expect(message(Array(json.utf8), .json) == expected)
    }

    @Test func limits() throws {
        let body = traceBody([makeSpan([OTLPAttribute("a", "0123456789")]), makeSpan(), makeSpan()])
        func code(_ change: (inout DecodeLimits) -> Void) -> OTLPDecodeError.Code? {
            var limits = DecodeLimits()
            change(&limits)
            do {
                _ = try TraceDecoder.decode(body, encoding: .protobuf, limits: limits)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code { _ in } == nil)
        #expect(code { $0.bodyBytes = body.count } == nil)
        #expect(code { $0.bodyBytes = body.count - 1 } == .tooLarge)
        #expect(code { $0.records = 3 } == nil)
        #expect(code { $0.records = 2 } == .tooLarge)
        #expect(code { $0.textBytes = 10 } == .tooLarge)
    }

    /// Two bytes on the wire become a hundred in a column; the limit on text ends that early.
    @Test func amplificationByEmptyEvents() throws {
        var writer = WireWriter()
        let resourceSpans = writer.open(OTLPFields.TracesData.resourceSpans)
        let scopeSpans = writer.open(OTLPFields.ResourceSpans.scopeSpans)
        let span = writer.open(OTLPFields.ScopeSpans.spans)
        for _ in 0..<10000 { writer.close(writer.open(OTLPFields.Span.events)) }
        writer.close(span)
        writer.close(scopeSpans)
        writer.close(resourceSpans)
        var limits = DecodeLimits()
        limits.textBytes = 100_000
        #expect(throws: OTLPDecodeError.self) { try TraceDecoder.decode(writer.bytes, encoding: .protobuf, limits: limits) }
    }

    /// Points without content are two bytes each; their number is limited.
    @Test func amplificationByEmptyPoints() throws {
        var writer = WireWriter()
        let resourceMetrics = writer.open(OTLPFields.MetricsData.resourceMetrics)
        let scopeMetrics = writer.open(OTLPFields.ResourceMetrics.scopeMetrics)
        let metric = writer.open(OTLPFields.ScopeMetrics.metrics)
        let gauge = writer.open(OTLPFields.Metric.gauge)
        for _ in 0..<1001 { writer.close(writer.open(OTLPFields.MetricData.dataPoints)) }
        for message in [gauge, metric, scopeMetrics, resourceMetrics] { writer.close(message) }
        var limits = DecodeLimits()
        limits.records = 1000
        #expect(throws: OTLPDecodeError.self) { try MetricDecoder.decode(writer.bytes, encoding: .protobuf, limits: limits) }
    }

    /// Work stays proportional to the body: many attributes, many values in one field, many repeated messages.
    @Test(.timeLimit(.minutes(1))) func quadraticTraps() throws {
        let many = (0..<20000).map { OTLPAttribute("key \($0)", 1) }
        #expect(try decoded(many).attributes.count == 20000)
        let map = OTLPValue.map((0..<20000).map { OTLPAttribute("key \($0)", 1) })
        #expect(try decoded([OTLPAttribute("m", map)]).attributes.count == 1)
        var writer = WireWriter()
        let resourceSpans = writer.open(OTLPFields.TracesData.resourceSpans)
        let scopeSpans = writer.open(OTLPFields.ResourceSpans.scopeSpans)
        let span = writer.open(OTLPFields.ScopeSpans.spans)
        writer.identifier(OTLPFields.Span.traceID, high: 1, low: 2)
        writer.identifier(OTLPFields.Span.spanID, 3)
        let attribute = writer.open(OTLPFields.Span.attributes)
        for _ in 0..<50000 { writer.value(OTLPFields.KeyValue.value, []) }
        for message in [attribute, span, scopeSpans, resourceSpans] { writer.close(message) }
        #expect(try TraceDecoder.decode(writer.bytes, encoding: .protobuf).rows.count == 1)
    }
}
