import HearthExport
import OTLPWire
import Testing

@testable import Hearth

@Suite struct EncoderTests {
    private func record(_ change: (inout SpanRecord) -> Void = { _ in }) -> SpanRecord {
        var record = SpanRecord(
            kind: .span,
            traceID: TraceID(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10),
            spanID: SpanID(0x1112_1314_1516_1718),
            parentSpanID: SpanID(0x21),
            flags: .sampled,
            parentIsRemote: false,
            traceState: "",
            spanKind: .client,
            scope: .hearth,
            name: "hello {who}",
            message: "hello world",
            template: "hello {who}",
            level: nil,
            tags: [],
            attributes: [Attribute("who", "world")],
            events: [],
            links: [],
            status: .unset,
            statusMessage: "",
            start: 1000,
            end: 2000,
            file: "App/main.swift",
            function: "run()",
            line: 7,
            droppedAttributes: 0,
            droppedEvents: 0,
            droppedLinks: 0
        )
        change(&record)
        return record
    }

    private func encode(_ records: SpanRecord...) throws -> (spans: [Fields], scopes: [String]) {
        var encoder = SpanEncoder(resource: EncodedOrigin.resource([Attribute("service.name", "test")]), keepsRecords: false)
        for record in records { encoder.add(record) }
        #expect(encoder.count == records.count)
        let batch = encoder.finish().encoded
        #expect(encoder.count == 0)
        let request = try Fields(batch.request(0..<batch.count))
        let resource = try Fields(try #require(request.bytes[1]?.first))
        let described = try Fields(try #require(resource.bytes[1]?.first)).attributes(1)
        #expect(described == ["service.name": "test"])
        var spans: [Fields] = []
        var scopes: [String] = []
        for scope in resource.bytes[2] ?? [] {
            let fields = try Fields(scope)
            scopes.append(try Fields(try #require(fields.bytes[1]?.first)).text(1) ?? "")
            spans += try (fields.bytes[2] ?? []).map { try Fields($0) }
        }
        return (spans, scopes)
    }

    @Test func aSpanHasItsFieldsAndHearthsAttributes() throws {
        let span = try #require(try encode(record()).spans.first)
        #expect(span.bytes[1] == [Array(1...16)])
        #expect(span.bytes[2] == [Array(0x11...0x18)])
        #expect(span.bytes[4] == [[0, 0, 0, 0, 0, 0, 0, 0x21]])
        #expect(span.text(5) == "hello {who}")
        #expect(span.numbers[6] == [3])
        #expect(span.numbers[7] == [1000] && span.numbers[8] == [2000])
        #expect(span.numbers[16] == [257])
        #expect(span.bytes[15] == nil)
        #expect(
            try span.attributes(9) == [
                "who": "world", "logfire.span_type": "span", "logfire.msg_template": "hello {who}", "logfire.msg": "hello world",
                "code.filepath": "App/main.swift", "code.function": "run()", "code.lineno": "7",
                "logfire.json_schema": #"{"type":"object","properties":{"who":{}}}"#,
            ]
        )
    }

    @Test func structuresAreJSONWithASchema() throws {
        let span = try #require(
            try encode(
                record {
                    $0.attributes = [
                        Attribute("list", [1, "a"]), Attribute("object", ["k": 1.5]), Attribute("none", .null), Attribute("flag", true),
                        Attribute("names", .strings(["x", "y"])), Attribute("n", -1), Attribute("d", 0.5), Attribute(#"q"uote"#, "v"),
                    ]
                }
            ).spans.first
        )
        let attributes = try span.attributes(9)
        #expect(attributes["list"] == #"[1,"a"]"#)
        #expect(attributes["object"] == #"{"k":1.5}"#)
        #expect(attributes["none"] == "null")
        #expect(attributes["flag"] == "true")
        #expect(attributes["names"] == "array of 10")
        #expect(attributes["n"] == "-1")
        #expect(attributes["d"] == "0.5")
        #expect(
            attributes["logfire.json_schema"]
                == #"{"type":"object","properties":{"list":{"type":"array"},"object":{"type":"object"},"none":{"type":"null"},"flag":{},"names":{},"n":{},"d":{},"q\"uote":{}}}"#
        )
    }

    @Test func aPendingSpanNamesItsSpanAsParent() throws {
        let span = try #require(try encode(record { $0.kind = .pending }).spans.first)
        #expect(span.bytes[2] != [Array(0x11...0x18)])
        #expect(span.bytes[4] == [Array(0x11...0x18)])
        #expect(try span.attributes(9)["logfire.pending_parent_id"] == "0000000000000021")
        #expect(try span.attributes(9)["logfire.span_type"] == "pending_span")
        let root = try #require(
            try encode(
                record {
                    $0.kind = .pending
                    $0.parentSpanID = nil
                }
            ).spans.first
        )
        #expect(try root.attributes(9)["logfire.pending_parent_id"] == "0000000000000000")
    }

    @Test func eventsLinksStatusTagsAndLevel() throws {
        let span = try #require(
            try encode(
                record {
                    $0.kind = .log
                    $0.level = .warn
                    $0.tags = ["a"]
                    $0.status = .error
                    $0.statusMessage = "bad"
                    $0.parentIsRemote = true
                    $0.traceState = "k=v"
                    $0.events = [SpanEventRecord(name: "e", time: 5, attributes: [Attribute("x", 1)])]
                    $0.links = [SpanLinkRecord(context: SpanContext(traceID: TraceID(high: 0, low: 1), spanID: SpanID(2)), attributes: [])]
                    $0.droppedAttributes = 3
                    $0.droppedEvents = 4
                    $0.droppedLinks = 5
                }
            ).spans.first
        )
        let attributes = try span.attributes(9)
        #expect(attributes["logfire.level_num"] == "13")
        #expect(attributes["logfire.tags"] == "array of 5")
        #expect(span.numbers[10] == [3] && span.numbers[12] == [4] && span.numbers[14] == [5])
        #expect(span.numbers[16] == [769])
        #expect(span.text(3) == "k=v")
        let status = try Fields(try #require(span.bytes[15]?.first))
        #expect(status.text(2) == "bad" && status.numbers[3] == [2])
        let event = try Fields(try #require(span.bytes[11]?.first))
        #expect(event.text(2) == "e" && event.numbers[1] == [5])
        #expect(try event.attributes(3) == ["x": "1"])
        let link = try Fields(try #require(span.bytes[13]?.first))
        #expect(link.bytes[2] == [[0, 0, 0, 0, 0, 0, 0, 2]])
    }

    @Test func scopesBeginRunsOfTheirOwn() throws {
        let other = InstrumentationScope(name: "other")
        let result = try encode(record(), record { $0.scope = other }, record { $0.scope = InstrumentationScope(name: "other") }, record())
        #expect(result.scopes == ["hearth", "other", "hearth"])
        #expect(result.spans.count == 4)
    }

    @Test func largeAndOddTextSurvives() throws {
        let large = String(repeating: "ü", count: 5_000_000)
        let span = try #require(
            try encode(record { $0.attributes = [Attribute("large", .string(large)), Attribute("", "\u{0}")] }).spans.first)
        let attributes = try span.attributes(9)
        #expect(attributes["large"] == large)
        #expect(attributes[""] == "\u{0}")
    }

    @Test func linksTellFlagsAndWhetherTheyLeadElsewhere() throws {
        let near = SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))
        let far = SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(4), flags: [], isRemote: true)
        let span = try #require(
            try encode(record { $0.links = [near, far].map { SpanLinkRecord(context: $0, attributes: []) } }).spans.first)
        #expect(try (span.bytes[13] ?? []).map { try Fields($0).numbers[6] } == [[257], [768]])
    }
}
