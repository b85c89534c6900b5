import OTLPIngest
import OTLPWire
import TelemetryModel
import Testing

@Suite struct SpanMappingTests {
    @Test func plainSpan() throws {
        var span = makeSpan([OTLPAttribute("a", "x"), OTLPAttribute("n", 7), OTLPAttribute("f", 2.5), OTLPAttribute("ok", true)])
        span.kind = .server
        span.statusCode = .ok
        let row = try decoded(span)
        #expect(row.kind == .span)
        #expect(row.traceID == TraceID(high: 0x1111, low: 0x2222))
        #expect(row.spanID == SpanID(0x3333))
        #expect(row.parentSpanID == SpanID(0x4444))
        #expect(row.endNanoseconds - row.startNanoseconds == 1_500_000_000)
        #expect(row.spanKind == 2)
        #expect(row.statusCode == .ok)
        #expect(row.statusMessage == nil)
        #expect(row.spanName == "name")
        #expect(row.message == "name")
        #expect(row.level == Level.info)
        #expect(row.attributesJSON == #"{"a":"x","n":7,"f":2.5,"ok":true}"#)
        #expect(row.bodiesJSON == nil)
        #expect(row.eventsJSON == nil)
        #expect(row.linksJSON == nil)
        #expect(row.tagsJSON == nil)
        #expect(row.logBodyJSON == nil)
        #expect(row.httpStatusCode == -1)
        #expect(try decoded([]).attributesJSON == "{}")
    }

    @Test func pendingSpan() throws {
        var span = makeSpan([
            OTLPAttribute("logfire.span_type", "pending_span"), OTLPAttribute("logfire.pending_parent_id", "00000000000000aB"),
        ])
        var row = try decoded(span)
        #expect(row.kind == .pendingSpan)
        #expect(row.spanID == SpanID(0x4444))
        #expect(row.parentSpanID == SpanID(0xab))
        #expect(row.endNanoseconds == row.startNanoseconds)
        span.attributes[1].value = "0000000000000000"
        row = try decoded(span)
        #expect(row.parentSpanID == .none)
        // Without a parent there is no span to announce.
        span.parentSpanID = 0
        let batch = try TraceDecoder.decode(traceBody([span]), encoding: .protobuf)
        #expect(batch.rows.isEmpty)
        #expect(batch.rejected.count == 1)
        #expect(batch.rejected.firstReason?.hasPrefix("parent_span_id") == true)
    }

    @Test(arguments: ["log", "annotation"]) func zeroDurationKinds(type: String) throws {
        let row = try decoded([OTLPAttribute("logfire.span_type", .string(type))])
        #expect(row.kind == .log)
        #expect(!row.isOTLPLog)
        #expect(row.endNanoseconds == row.startNanoseconds)
        #expect(row.attributesJSON == #"{"logfire.span_type":"\#(type)"}"#)
    }

    @Test func messageLevelAndTagsLeaveTheAttributes() throws {
        let row = try decoded([
            OTLPAttribute("logfire.msg", "hello \"you\""), OTLPAttribute("logfire.level_num", 13),
            OTLPAttribute("logfire.tags", .strings(["a", "b\n"])), OTLPAttribute("x", 1),
        ])
        #expect(row.message == "hello \"you\"")
        #expect(row.spanName == "name")
        #expect(row.level == 13)
        #expect(row.tagsJSON == #"["a","b\n"]"#)
        #expect(row.attributesJSON == #"{"x":1}"#)
        // They stay in the row's list of attributes.
        #expect(row.attributes.count == 4)
    }

    @Test func unusableSpecialAttributesStayAttributes() throws {
        let row = try decoded([
            OTLPAttribute("logfire.msg", 5), OTLPAttribute("logfire.level_num", "high"), OTLPAttribute("logfire.tags", true),
        ])
        #expect(row.message == "name")
        #expect(row.level == Level.info)
        #expect(row.tagsJSON == nil)
        #expect(row.attributesJSON == #"{"logfire.msg":5,"logfire.level_num":"high","logfire.tags":true}"#)
    }

    @Test func levelOfFailedSpans() throws {
        var span = makeSpan()
        span.statusCode = .error
        span.statusMessage = "ValueError: no"
        #expect(try decoded(span).level == Level.error)
        #expect(try decoded(span).statusMessage == "ValueError: no")
        span.attributes = [OTLPAttribute("logfire.level_num", 9)]
        #expect(try decoded(span).level == Level.info)
    }

    @Test func exceptionEvent() throws {
        var span = makeSpan()
        span.events = [
            OTLPSpan.Event(name: "step", time: moment + 1_234_567, attributes: [OTLPAttribute("n", 1)]),
            OTLPSpan.Event(
                name: "exception", time: moment,
                attributes: [
                    OTLPAttribute("exception.type", "ValueError"), OTLPAttribute("exception.message", ""),
                    OTLPAttribute("exception.stacktrace", "Traceback\n  line"),
                ]),
            OTLPSpan.Event(name: "exception", time: moment, attributes: [OTLPAttribute("exception.type", "Second")]),
        ]
        let row = try decoded(span)
        #expect(row.isException)
        #expect(row.exceptionType == "ValueError")
        #expect(row.exceptionMessage == "")
        #expect(row.exceptionStacktrace == "Traceback\n  line")
        #expect(row.spanEventCount == 1)
        // The exception is no error of the span unless its status says so.
        #expect(row.statusCode == .unset)
        let events = try JSON(try #require(row.eventsJSON))
        guard case .array(let elements) = events else {
            Issue.record("no array")
            return
        }
        #expect(elements.count == 3)
        #expect(elements[0]["event_name"] == .string("step"))
        #expect(elements[0]["event_timestamp"] == .string("2026-09-21T14:13:20.001234Z"))
        #expect(elements[0]["attributes"] == .object([Array("n".utf8): .int("1")]))
        #expect(elements[1]["attributes"]?["exception.type"] == .string("ValueError"))
    }

    @Test func links() throws {
        var span = makeSpan()
        span.links = [OTLPSpan.Link(traceID: OTLPTraceID(high: 1, low: 2), spanID: 0xff, attributes: [OTLPAttribute("k", "v")])]
        let expected =
            #"[{"trace_id":"00000000000000010000000000000002","span_id":"00000000000000ff","attributes":{"k":"v"}}]"#
        #expect(try decoded(span).linksJSON == expected)
    }

    @Test func httpColumns() throws {
        let row = try decoded([
            OTLPAttribute("http.status_code", "404"), OTLPAttribute("http.method", "GET"), OTLPAttribute("http.route", "/a/{b}"),
            OTLPAttribute("http.url", "https://x/a/1?q=2"), OTLPAttribute("url.path", "/a/1"), OTLPAttribute("url.query", "q=2"),
        ])
        #expect(row.httpStatusCode == 404)
        #expect(row.httpMethod == "GET")
        #expect(row.httpRoute == "/a/{b}")
        #expect(row.urlFull == "https://x/a/1?q=2")
        #expect(row.urlPath == "/a/1")
        #expect(row.urlQuery == "q=2")
        let both = try decoded([
            OTLPAttribute("http.status_code", 500), OTLPAttribute("http.response.status_code", 200),
            OTLPAttribute("http.request.method", "POST"), OTLPAttribute("http.method", "GET"), OTLPAttribute("url.full", "u"),
        ])
        #expect(both.httpStatusCode == 200)
        #expect(both.httpMethod == "POST")
        #expect(both.urlFull == "u")
        #expect(try decoded([OTLPAttribute("http.response.status_code", "2xx")]).httpStatusCode == -1)
    }

    @Test func messageBodiesStandApart() throws {
        let messages = #"[{"role":"user","parts":[{"type":"text","content":"a\"b"}]}]"#
        let schema = #"{"type":"object","properties":{"gen_ai.input.messages":{"type":"array"}}}"#
        let row = try decoded([
            OTLPAttribute("gen_ai.input.messages", .string(messages)), OTLPAttribute("gen_ai.request.model", "m"),
            OTLPAttribute("gen_ai.output.messages", .string(messages)), OTLPAttribute("logfire.json_schema", .string(schema)),
        ])
        #expect(row.attributesJSON == "{\"gen_ai.request.model\":\"m\",\"logfire.json_schema\":\(quoted(schema))}")
        // One is listed and stands as it was sent, the other is plain text.
        #expect(row.bodiesJSON == "{\"gen_ai.input.messages\":\(messages),\"gen_ai.output.messages\":\(quoted(messages))}")
        #expect(row.jsonSchema == schema)
    }

    @Test func invalidSchemaIsNull() throws {
        for schema in ["", "{", "[]", "null", "{} x", "{\"properties\":{\"a\":{\"type\":}}}"] {
            let row = try decoded([OTLPAttribute("a", "[1]"), OTLPAttribute("logfire.json_schema", .string(schema))])
            #expect(row.jsonSchema == nil, "\(schema)")
            #expect(try JSON(row.attributesJSON ?? "")["a"] == .string("[1]"))
        }
    }

    @Test func absurdTimes() throws {
        var span = makeSpan()
        span.start = .max
        span.end = 5
        let row = try decoded(span)
        #expect(row.startNanoseconds == .max)
        #expect(row.endNanoseconds == .max)
        span.start = 0
        span.end = 0
        #expect(try decoded(span).startNanoseconds == 0)
    }

    @Test func longNamesAreCutBetweenCharacters() throws {
        let long = String(repeating: "é", count: 20000)
        let row = try decoded(makeSpan([OTLPAttribute("logfire.msg", .string("x" + long))], name: long))
        #expect(row.spanName?.utf8.count == 512)
        #expect(row.message?.utf8.count == 511)
        #expect(row.message?.last == "é")
    }

    @Test func resourceColumns() throws {
        let body = traceBody(
            [makeSpan()],
            resource: [
                OTLPAttribute("service.name", "shop"), OTLPAttribute("service.version", "1.2"), OTLPAttribute("process.pid", 42),
                OTLPAttribute("deployment.environment", "old"), OTLPAttribute("deployment.environment.name", "prod"),
                OTLPAttribute("service.namespace", ""),
            ],
            scope: OTLPScope(name: "lib", version: "3", attributes: [OTLPAttribute("k", 1)]))
        let batch = try TraceDecoder.decode(body, encoding: .protobuf)
        let resource = try #require(batch.resources.first)
        #expect(resource.serviceName == "shop")
        #expect(resource.serviceVersion == "1.2")
        #expect(resource.serviceNamespace == nil)
        #expect(resource.serviceInstanceID == nil)
        #expect(resource.processPID == 42)
        #expect(resource.deploymentEnvironment == "prod")
        var hash = StableHash()
        hash.combine(resource.attributesJSON)
        #expect(resource.id == hash.finalize())
        #expect(batch.scopes.first?.name == "lib")
        #expect(batch.scopes.first?.version == "3")
        #expect(batch.scopes.first?.attributesJSON == #"{"k":1}"#)
    }

    /// Equal resources and scopes are kept once; those without records not at all.
    @Test func contextsAreInterned() throws {
        var writer = OTLPTraceWriter()
        for name in ["a", "b", "a"] {
            writer.begin(OTLPResource(attributes: [OTLPAttribute("service.name", .string(name))]))
            writer.begin(OTLPScope(name: "s"))
            var span = makeSpan()
            span.spanID = UInt64(writer.spanCount + 1)
            writer.add(span)
        }
        writer.begin(OTLPResource(attributes: [OTLPAttribute("service.name", "unused")]))
        writer.begin(OTLPScope(name: "unused"))
        let batch = try TraceDecoder.decode(writer.finish(), encoding: .protobuf)
        #expect(batch.resources.map(\.serviceName) == ["a", "b"])
        #expect(batch.scopes.map(\.name) == ["s"])
        #expect(batch.rows.map(\.resource) == [0, 1, 0])
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
