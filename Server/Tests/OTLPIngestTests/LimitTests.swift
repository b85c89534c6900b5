import Foundation
import OTLPIngest
import OTLPWire
import TelemetryModel
import Testing

/// What is kept of records that are larger, or stranger, than they should be (`logfire-contract.md` §2.3).
@Suite struct LimitTests {
    private static let long = String(repeating: "0123456789", count: 1_200_000)

    @Test func aLargeRecordKeepsBothEndsOfItsLongestValues() throws {
        var span = makeSpan([OTLPAttribute("big", .string("<" + Self.long + ">")), OTLPAttribute("small", "stays")])
        span.name = "large"
        let row = try decoded(span)
        let attributes = try #require(row.attributesJSON)
        #expect(attributes.utf8.count < 10 << 20)
        #expect(attributes.contains(#""small":"stays""#))
        #expect(attributes.contains(#""big":"<0123456789"#))
        #expect(attributes.contains("..."))
        #expect(attributes.contains(#"6789>""#))
        #expect(attributes.contains(#""logfire.truncated":["big"]"#))
    }

    @Test func recordsUnderTheLimitStayWhole() throws {
        let text = String(repeating: "é", count: 4 << 20)
        let row = try decoded([OTLPAttribute("text", .string(text))])
        #expect(row.attributesJSON == #"{"text":"\#(text)"}"#)
    }

    @Test func arraysAndEventsOfALargeRecordAreCutToo() throws {
        let values = OTLPValue.array((0..<12).map { _ in .string(String(repeating: "é", count: 600_000)) })
        var span = makeSpan([OTLPAttribute("list", values)])
        span.events = (0..<8).map { index in
            OTLPSpan.Event(
                name: "e\(index)", time: moment, attributes: [OTLPAttribute("text", .string(String(repeating: "x", count: 1_000_000)))])
        }
        let row = try decoded(span)
        let size = (row.attributesJSON?.utf8.count ?? 0) + (row.eventsJSON?.utf8.count ?? 0)
        #expect(size < 11 << 20)
        let attributes = try #require(row.attributesJSON)
        #expect(try JSONSerialization.jsonObject(with: Data(attributes.utf8)) is [String: Any])
        #expect(attributes.contains("otel_events.text"))
        #expect(try JSONSerialization.jsonObject(with: Data(#require(row.eventsJSON).utf8)) is [Any])
    }

    @Test func aLargeLogBodyIsCut() throws {
        let row = try decoded(OTLPLogRecord(time: moment, body: .string("<" + Self.long + ">")))
        #expect(row.message?.utf8.count == 512)
        let body = try #require(row.logBodyJSON)
        #expect(body.utf8.count < 6 << 20)
        #expect(body.hasSuffix(#"789>""#))
        #expect(row.attributesJSON == #"{"logfire.truncated":["log_body"]}"#)
    }

    /// Only the column is cut: nothing that was sent is lost.
    @Test func aLongMessageStaysAmongTheAttributes() throws {
        let message = String(repeating: "m", count: 600)
        let row = try decoded([OTLPAttribute("logfire.msg", .string(message))])
        #expect(row.message?.utf8.count == 512)
        #expect(row.attributesJSON == #"{"logfire.msg":"\#(message)"}"#)
    }

    @Test func exceptionTextsAreCutInTheirColumns() throws {
        var span = makeSpan()
        let stack = String(repeating: "s", count: 40_000)
        span.events = [
            OTLPSpan.Event(name: "exception", time: moment, attributes: [OTLPAttribute("exception.stacktrace", .string(stack))])
        ]
        let row = try decoded(span)
        #expect(row.exceptionStacktrace?.utf8.count == 32_000)
        #expect(row.eventsJSON?.contains(stack) == true)
    }

    @Test func longServiceNames() throws {
        let name = String(repeating: "é", count: 300)
        let body = traceBody([makeSpan()], resource: [OTLPAttribute("service.name", .string(name))])
        let resource = try #require(try TraceDecoder.decode(body, encoding: .protobuf).resources.first)
        #expect(resource.serviceName?.utf8.count == 512)
        #expect(resource.attributesJSON.contains(name))
    }

    @Test func timesThatMakeNoSense() throws {
        var span = makeSpan()
        (span.start, span.end) = (0, moment)
        #expect(try decoded(span).startNanoseconds == Int64(moment))
        (span.start, span.end) = (moment, moment - 5)
        #expect(try decoded(span).endNanoseconds == Int64(moment))
        (span.start, span.end) = (.max, .max)
        #expect(try decoded(span).startNanoseconds == .max)
    }

    @Test func whatTheSenderSaysOfASpanIsKept() throws {
        var span = makeSpan()
        (span.traceState, span.flags, span.droppedAttributesCount) = ("a=1", 0x301, 3)
        #expect(try decoded(span).attributesJSON == #"{"otel.trace_state":"a=1","otel.span.flags":769,"otel.dropped_attributes_count":3}"#)
        span = makeSpan()
        span.flags = 0x101
        #expect(try decoded(span).attributesJSON == "{}")
    }

    /// Each level of nested maps is read once: a quarter of a megabyte of them takes no noticeable time.
    @Test func nestedMapsOfJSON() throws {
        let depth = 60
        let opening = #"{"kvlistValue":{"values":[{"key":"k","value":"#
        let text = String(repeating: "x", count: 250_000)
        let value = String(repeating: opening, count: depth) + #"{"stringValue":"\#(text)"}"# + String(repeating: "}]}}", count: depth)
        let request =
            #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000001","#
            + #""attributes":[{"key":"deep","value":\#(value)}]}]}]}]}"#
        let batch = try decodedJSON(request)
        let row = Row(batch, try #require(batch.rows.first))
        #expect(
            row.attributesJSON == #"{"deep":"# + String(repeating: #"{"k":"#, count: depth) + "\"\(text)\""
                + String(repeating: "}", count: depth) + "}")
    }

    @Test func repeatedAndLateNamesOfJSONMaps() throws {
        func map(_ members: String) throws -> String? {
            let batch = try decodedJSON(
                #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000001","#
                    + #""attributes":[{"key":"m","value":{"kvlistValue":{"values":[\#(members)]}}}]}]}]}]}"#)
            return Row(batch, try #require(batch.rows.first)).attributesJSON
        }
        #expect(try map(#"{"value":{"intValue":"1"},"key":"a"}"#) == #"{"m":{"a":1}}"#)
        #expect(try map(#"{"key":"a"},{"key":"b","value":{"boolValue":true}}"#) == #"{"m":{"a":null,"b":true}}"#)
        #expect(
            try map(#"{"key":"a","value":{"intValue":"1"}},{"key":"b","value":{"intValue":"2"}},{"key":"a","value":{"intValue":"3"}}"#)
                == #"{"m":{"b":2,"a":3}}"#)
        #expect(try map(#"{"key":"a","value":{"intValue":"1"},"key":"c"}"#) == #"{"m":{"c":1}}"#)
        #expect(try map(#"{"key":"a","value":{"intValue":"1"},"value":{"intValue":"2"}}"#) == #"{"m":{"a":2}}"#)
        #expect(try map("") == #"{"m":{}}"#)
    }
}
