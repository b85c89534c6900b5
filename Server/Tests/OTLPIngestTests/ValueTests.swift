import OTLPIngest
import OTLPWire
import TelemetryModel
import Testing

/// Rules for attribute values on the wire, where they go beyond what swift-protobuf accepts or writes.
@Suite struct ValueTests {
    /// A span whose only attribute is the `KeyValue` that `body` writes.
    private func span(_ body: (inout WireWriter) -> Void) throws -> Row {
        try spanFields { writer in
            let attribute = writer.open(OTLPFields.Span.attributes)
            body(&writer)
            writer.close(attribute)
        }
    }

    private func spanFields(_ body: (inout WireWriter) -> Void) throws -> Row {
        var writer = WireWriter()
        let resourceSpans = writer.open(OTLPFields.TracesData.resourceSpans)
        let scopeSpans = writer.open(OTLPFields.ResourceSpans.scopeSpans)
        let span = writer.open(OTLPFields.ScopeSpans.spans)
        writer.identifier(OTLPFields.Span.traceID, high: 1, low: 2)
        writer.identifier(OTLPFields.Span.spanID, 3)
        body(&writer)
        writer.close(span)
        writer.close(scopeSpans)
        writer.close(resourceSpans)
        let batch = try TraceDecoder.decode(writer.bytes, encoding: .protobuf)
        return Row(batch, try #require(batch.rows.first))
    }

    @Test func invalidTextIsRepaired() throws {
        let row = try spanFields { writer in
            writer.bytes(OTLPFields.Span.name, [0x61, 0xff, 0x62, 0xc3])
            for (key, value) in [([0x6b, 0xfe], [0x78, 0x80]), ([0x6b, 0xff], [0x79])] as [([UInt8], [UInt8])] {
                let attribute = writer.open(OTLPFields.Span.attributes)
                writer.bytes(OTLPFields.KeyValue.key, key)
                let any = writer.open(OTLPFields.KeyValue.value)
                writer.bytes(OTLPFields.AnyValue.stringValue, value)
                writer.close(any)
                writer.close(attribute)
            }
        }
        #expect(row.spanName == "a\u{fffd}b\u{fffd}")
        // Both names are repaired to the same, so the later value counts.
        #expect(row.attributesJSON == "{\"k\u{fffd}\":\"y\"}")
    }

    @Test func embeddedNull() throws {
        let row = try decoded(makeSpan([OTLPAttribute("a\u{0}b", "x\u{0}y")], name: "n\u{0}"))
        #expect(row.spanName == "n\u{0}")
        #expect(row.attributesJSON == #"{"a\u0000b":"x\u0000y"}"#)
    }

    @Test func numbersJSONDoesNotHave() throws {
        let row = try decoded([
            OTLPAttribute("a", .double(.nan)), OTLPAttribute("b", .double(.infinity)), OTLPAttribute("c", .double(-.infinity)),
            OTLPAttribute("d", .int(.min)), OTLPAttribute("e", .int(.max)), OTLPAttribute("f", .double(1e300)),
            OTLPAttribute("g", .double(3)),
        ])
        #expect(
            row.attributesJSON
                == #"{"a":"NaN","b":"Infinity","c":"-Infinity","d":-9223372036854775808,"e":9223372036854775807,"f":1e+300,"g":3.0}"#)
    }

    @Test func bytesAndNestedValues() throws {
        let row = try decoded([
            OTLPAttribute("b", .bytes([0, 255, 16])), OTLPAttribute("e", .bytes([])),
            OTLPAttribute(
                "m", .map([OTLPAttribute("x", 1), OTLPAttribute("y", [true, .bytes([1])]), OTLPAttribute("x", "last")])),
        ])
        #expect(row.attributesJSON == #"{"b":"AP8Q","e":"","m":{"y":[true,"AQ=="],"x":"last"}}"#)
    }

    @Test func repeatedNames() throws {
        let row = try decoded([OTLPAttribute("k", 1), OTLPAttribute("other", 2), OTLPAttribute("k", "last")])
        #expect(row.attributesJSON == #"{"k":"last","other":2}"#)
        #expect(row.attributes.count == 2)
    }

    /// 64 levels are kept; what lies deeper becomes "...".
    @Test func deepValues() throws {
        func nested(_ levels: Int) -> OTLPValue { levels == 0 ? "x" : .array([nested(levels - 1)]) }
        func text(_ levels: Int, _ inner: String) -> String {
            String(repeating: "[", count: levels) + inner + String(repeating: "]", count: levels)
        }
        #expect(try decoded([OTLPAttribute("a", nested(64))]).attributesJSON == "{\"a\":\(text(64, "\"x\""))}")
        #expect(try decoded([OTLPAttribute("a", nested(65))]).attributesJSON == "{\"a\":\(text(64, "\"...\""))}")
        #expect(try decoded([OTLPAttribute("a", nested(500))]).attributesJSON == "{\"a\":\(text(64, "\"...\""))}")
        let maps = (0..<70).reduce(OTLPValue.string("x")) { inner, _ in .map([OTLPAttribute("m", inner)]) }
        let json = try #require(try decoded([OTLPAttribute("a", maps)]).attributesJSON)
        #expect(json.hasSuffix("{\"m\":\"...\"" + String(repeating: "}", count: 65)))
        #expect(throws: Never.self) { try JSON(json) }
    }

    /// Dictionary strings belong to the profiles signal; elsewhere they count as absent, like all unknown fields.
    @Test func unknownFieldsAreSkipped() throws {
        let row = try span { writer in
            writer.varint(.varint(3), 7)
            writer.string(OTLPFields.KeyValue.key, "k")
            let value = writer.open(OTLPFields.KeyValue.value)
            writer.varint(.varint(8), 3)
            writer.fixed32(.fixed32(20), 1)
            // A known field with another wire type is unknown.
            writer.varint(.varint(1), 5)
            writer.close(value)
        }
        #expect(row.attributesJSON == #"{"k":null}"#)
    }

    /// Protobuf merges embedded messages that occur more than once.
    @Test func repeatedEmbeddedMessages() throws {
        let row = try span { writer in
            writer.string(OTLPFields.KeyValue.key, "k")
            writer.value(OTLPFields.KeyValue.value, "dropped")
            writer.value(OTLPFields.KeyValue.value, [1])
            writer.value(OTLPFields.KeyValue.value, [2, 3])
        }
        #expect(row.attributesJSON == #"{"k":[1,2,3]}"#)
        let status = try spanFields { writer in
            let first = writer.open(OTLPFields.Span.status)
            writer.string(OTLPFields.Status.message, "m")
            writer.close(first)
            let second = writer.open(OTLPFields.Span.status)
            writer.varint(OTLPFields.Status.code, 2)
            writer.close(second)
        }
        #expect(status.statusMessage == "m")
        #expect(status.statusCode == .error)
    }

    /// Strings of the body are referred to, not copied.
    @Test func textStaysInPlace() throws {
        let row = try decoded(makeSpan([OTLPAttribute("k", "some value")], name: "some name"))
        #expect(!row.row.spanName.isInArena)
        let attribute = try #require(row.batch.attributes.first)
        #expect(!attribute.name.isInArena)
        #expect(!attribute.text.isInArena)
    }

    @Test func spansWithoutIdsAreRejected() throws {
        var noTrace = makeSpan()
        noTrace.traceID = OTLPTraceID(high: 0, low: 0)
        var noSpan = makeSpan([OTLPAttribute("dropped", 1)])
        noSpan.spanID = 0
        let batch = try TraceDecoder.decode(traceBody([noTrace, noSpan, makeSpan([OTLPAttribute("kept", 1)])]), encoding: .protobuf)
        #expect(batch.rejected.count == 2)
        #expect(batch.rejected.firstReason?.hasPrefix("trace_id") == true)
        #expect(batch.rows.count == 1)
        #expect(batch.rows[0].attributes == 0..<1)
        #expect(batch.attributes.count == 1)
    }
}
