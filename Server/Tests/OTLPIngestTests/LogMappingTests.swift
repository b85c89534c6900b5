import OTLPIngest
import OTLPWire
import TelemetryModel
import Testing

@Suite struct LogMappingTests {
    @Test func textBody() throws {
        var record = OTLPLogRecord(time: moment, body: "first line\nsecond")
        record.severityNumber = 13
        record.traceID = OTLPTraceID(high: 1, low: 2)
        record.spanID = 3
        record.attributes = [OTLPAttribute("k", "v")]
        let row = try decoded(record)
        #expect(row.kind == .log)
        #expect(row.isOTLPLog)
        #expect(row.message == "first line\nsecond")
        #expect(row.spanName == "first line")
        #expect(row.logBodyJSON == #""first line\nsecond""#)
        #expect(row.attributesJSON == #"{"k":"v"}"#)
        #expect(row.level == 13)
        #expect(row.traceID == TraceID(high: 1, low: 2))
        #expect(row.parentSpanID == SpanID(3))
        #expect(row.spanID.isValid)
        #expect(row.spanID != SpanID(3))
        #expect(row.endNanoseconds == row.startNanoseconds)
    }

    @Test func structuredBodyAndEventName() throws {
        var record = OTLPLogRecord(time: moment, body: .map([OTLPAttribute("a", [1, "x"])]))
        record.eventName = "my.event"
        let row = try decoded(record)
        #expect(row.message == "my.event")
        #expect(row.spanName == "my.event")
        #expect(row.logBodyJSON == #"{"a":[1,"x"]}"#)
    }

    /// The event name as older senders write it.
    @Test func eventNameAttribute() throws {
        var record = OTLPLogRecord(time: moment, body: .map([]))
        record.attributes = [OTLPAttribute("event.name", "old.event")]
        let row = try decoded(record)
        #expect(row.message == "old.event")
        #expect(row.spanName == "old.event")
        #expect(row.attributesJSON == #"{"event.name":"old.event"}"#)
    }

    @Test func names() throws {
        // Neither event name nor text: the scope's name.
        #expect(try decoded(OTLPLogRecord(time: moment)).spanName == "scope")
        #expect(try decoded(OTLPLogRecord(time: moment)).message == "")
        #expect(try decoded(OTLPLogRecord(time: moment, body: "\nx")).spanName == "scope")
        // The first line is cut at 512 bytes, between characters.
        let long = try decoded(OTLPLogRecord(time: moment, body: .string("x" + String(repeating: "é", count: 300))))
        #expect(long.spanName?.utf8.count == 511)
        #expect(long.message?.utf8.count == 511)
    }

    @Test func logfireMessage() throws {
        var record = OTLPLogRecord(time: moment, body: "body")
        record.attributes = [OTLPAttribute("logfire.msg", "message"), OTLPAttribute("logfire.level_num", 5)]
        record.severityNumber = 17
        let row = try decoded(record)
        #expect(row.message == "message")
        #expect(row.spanName == "body")
        #expect(row.level == 5)
    }

    @Test(arguments: [(0, 9), (1, 1), (24, 24), (25, 9)] as [(UInt8, Int16)]) func severity(number: UInt8, level: Int16) throws {
        var record = OTLPLogRecord(time: moment, body: "x")
        record.severityNumber = number
        #expect(try decoded(record).level == level)
    }

    @Test func observedTimeStandsIn() throws {
        var record = OTLPLogRecord(time: 0, body: "x")
        record.observedTime = moment
        #expect(try decoded(record).startNanoseconds == Int64(moment))
    }

    @Test func exceptionAttributes() throws {
        var record = OTLPLogRecord(time: moment, body: "failed")
        record.attributes = [OTLPAttribute("exception.type", "E"), OTLPAttribute("exception.stacktrace", "trace")]
        let row = try decoded(record)
        #expect(row.isException)
        #expect(row.exceptionType == "E")
        #expect(row.exceptionMessage == nil)
        #expect(row.exceptionStacktrace == "trace")
    }

    @Test func identity() throws {
        let record = OTLPLogRecord(time: moment, body: "same")
        var later = record
        later.time += 1000
        var inTrace = record
        inTrace.traceID = OTLPTraceID(high: 1, low: 2)
        var withAttribute = record
        withAttribute.attributes = [OTLPAttribute("k", "v")]
        let records = [record, record, later, inTrace, withAttribute]
        let batch = try LogDecoder.decode(logBody(records), encoding: .protobuf)
        #expect(Set(batch.rows.map(\.spanID)).count == records.count)
        #expect(batch.rows.allSatisfy { $0.traceID.isValid })
        #expect(batch.rows[3].traceID == TraceID(high: 1, low: 2))
        // The other order gives the same set of ids, equal content in another request the same id.
        let reversed = try LogDecoder.decode(logBody(records.reversed()), encoding: .protobuf)
        #expect(Set(reversed.rows.map(\.spanID)) == Set(batch.rows.map(\.spanID)))
        let alone = try LogDecoder.decode(logBody([record]), encoding: .protobuf)
        #expect(alone.rows[0].spanID == batch.rows[0].spanID)
        #expect(alone.rows[0].traceID == batch.rows[0].traceID)
        // Another scope is other content.
        let elsewhere = try LogDecoder.decode(logBody([record], scope: OTLPScope(name: "other")), encoding: .protobuf)
        #expect(elsewhere.rows[0].spanID != alone.rows[0].spanID)
        // A frozen example: ids may never change, or records that are sent again would be stored twice.
        #expect(alone.rows[0].spanID.description == "aa75fcebcaba629c")
        #expect(alone.rows[0].traceID.description == "d6402f205f724d6b2ca140f2dfd88a71")
    }
}
