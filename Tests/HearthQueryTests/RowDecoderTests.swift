import Hearth
import Testing

@testable import HearthQuery

@Suite struct RowDecoderTests {
    private struct Row: Decodable, Equatable {
        struct Inner: Decodable, Equatable {
            var list: [Int?]
            var flag: Bool
        }

        enum Kind: String, Decodable { case span, log }

        var spanName: String
        var traceID: String
        var duration: Double?
        var calls: Int
        var kind: Kind
        var inner: Inner
        var extra: [String: Double]
        var startTimestamp: QueryTimestamp
        var attributes: AttributeValue
    }

    private func value(_ json: String) throws -> AttributeValue { try #require(JSONReader.value(in: Array(json.utf8))) }

    @Test func propertiesTakeColumnsInCamelOrSnakeCase() throws {
        let json = """
            {"span_name": "a\\u00e4", "trace_id": "0af7", "duration": null, "calls": 3.0, "kind": "log",
             "inner": {"list": [1, null, 3], "flag": true}, "extra": {"x": 1, "y": 2.5},
             "startTimestamp": "2026-05-27T13:16:36.517321Z", "attributes": {"k": [1, "two"]}}
            """
        let row = try RowDecoder.decode(Row.self, from: try value(json))
        #expect(row.spanName == "aä")
        #expect(row.traceID == "0af7")
        #expect(row.duration == nil)
        #expect(row.calls == 3)
        #expect(row.kind == .log)
        #expect(row.inner == Row.Inner(list: [1, nil, 3], flag: true))
        #expect(row.extra == ["x": 1, "y": 2.5])
        #expect(row.startTimestamp.microseconds == 1_779_887_796_517_321)
        #expect(row.attributes == .object([Attribute("k", .array([1, "two"]))]))
    }

    @Test(arguments: [
        (#"{"n": "1"}"#, "expected a whole number that fits Int but found text"), (#"{"n": 1.5}"#, "but found the number 1.5"),
        (#"{"n": null}"#, "but found NULL"), (#"{"m": 1}"#, "the row has no column 'n'"), ("[1]", "expected an object but found a list"),
    ])
    func whatDoesNotFitIsTold(_ json: String, _ told: String) throws {
        struct Number: Decodable { var n: Int }
        let value = try value(json)
        let error = try #require(throws: DecodingError.self) { try RowDecoder.decode(Number.self, from: value) }
        #expect("\(error)".contains(told))
    }

    @Test func numbersThatDoNotFitAreErrors() throws {
        struct Small: Decodable { var n: UInt8 }
        #expect(try RowDecoder.decode(Small.self, from: value(#"{"n": 255}"#)).n == 255)
        #expect(throws: DecodingError.self) { try RowDecoder.decode(Small.self, from: try value(#"{"n": 256}"#)) }
        #expect(throws: DecodingError.self) { try RowDecoder.decode(Small.self, from: try value(#"{"n": -1}"#)) }
    }

    @Test func snakeCase() {
        #expect(MemberContainer<QueryRecord.Keys>.snakeCase("parentSpanID") == "parent_span_id")
        #expect(MemberContainer<QueryRecord.Keys>.snakeCase("message") == "message")
        #expect(MemberContainer<QueryRecord.Keys>.snakeCase("URL") == "url")
    }
}

extension QueryRecord {
    enum Keys: CodingKey {}
}

@Suite struct QueryTimestampTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("2000-02-29T00:00:00Z", 951_782_400_000_000), ("2026-05-27T13:16:36.517321Z", 1_779_887_796_517_321),
        ("2026-05-27 15:16:36.5+02:00", 1_779_887_796_500_000), ("1969-12-31T23:59:59.999999Z", -1),
        ("2026-05-27T13:16Z", 1_779_887_760_000_000),
        ("2026-05-27T13:16:36.123456789Z", 1_779_887_796_123_456),
    ])
    func readsISO8601(_ text: String, _ microseconds: Int64) {
        #expect(QueryTimestamp(text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "yesterday", "2026-13-01", "2026-05-27T", "2026-05-27T1", "2026-05-27T13:xx", "2026-05-27T13:16:36.Z",
        // Numbers that would not fit.
        "9223372036854775807-01-01", "-5-01-01", "2026-05-27T9223372036854775807:00", "2026-05-27T25:00", "2026-05-27T10:60",
        "2026-05-27T10:00:61", "2026-05-27T10:00+9223372036854775807", "2026-05-27T10:00+", "2026-05-27T10:00:00.-5",
        "2026-05-27T10:00+01:02:03",
    ])
    func refusesOtherText(_ text: String) {
        #expect(QueryTimestamp(text) == nil)
    }

    @Test func writesWhatItReads() {
        for text in [
            "2026-05-27T13:16:36.517321Z", "1969-12-31T23:59:59.999999Z", "2000-02-29T00:00:00.000000Z", "0001-01-01T00:00:00.000000Z",
        ] {
            #expect(QueryTimestamp(text)?.description == text)
        }
        #expect(QueryTimestamp.earliest.description == "2000-01-01T00:00:00.000000Z")
        #expect((QueryTimestamp(seconds: 1.5) - .milliseconds(1500)).microseconds == 0)
        #expect((QueryTimestamp(seconds: 1.5) + .microseconds(1)).microseconds == 1_500_001)
        #expect(QueryTimestamp(seconds: .nan).microseconds != 0)
        for duration in [Duration.seconds(Int64.max), .seconds(Int64.min)] {
            let (later, earlier) = (QueryTimestamp.now + duration, QueryTimestamp.now - duration)
            #expect((later > earlier) == (duration > .zero))
            #expect(!later.description.isEmpty && !earlier.description.isEmpty)
        }
    }
}
