import Foundation
import TelemetryModel
import Testing

@testable import Storage

/// Stack traces that segments have only in the events are the same as before.
@Suite struct StackTraceTests {
    private struct Case {
        var column: String?
        var events: String?
        /// What the segment has in the column.
        var stored: String?
    }

    private static let trace = "Traceback \"x\"\n  File é\\n 😀"
    private static let escaped = #"Traceback \"x\"\n  File \u00e9\\n \ud83d\ude00"#

    private static func event(_ name: String, _ attributes: String) -> String {
        #"{"event_name":"\#(name)","event_timestamp":"2026-11-22T03:43:04.414447Z","attributes":\#(attributes)}"#
    }

    private static let cases: [Case] = [
        // The usual one, also behind another event.
        Case(column: trace, events: "[\(event("exception", #"{"exception.type":"E","exception.stacktrace":"\#(escaped)"}"#))]", stored: ""),
        Case(
            column: trace, events: "[\(event("retry", "{}")),\(event("exception", #"{"exception.stacktrace":"\#(escaped)"}"#))]", stored: ""
        ),
        // Said by the second exception only, cut, or by an attribute of a log.
        Case(
            column: "b",
            events: "[\(event("exception", #"{"exception.stacktrace":"a"}"#)),\(event("exception", #"{"exception.stacktrace":"b"}"#))]",
            stored: "b"),
        Case(column: "Trace", events: "[\(event("exception", #"{"exception.stacktrace":"Traceback"}"#))]", stored: "Trace"),
        Case(column: "log", events: nil, stored: "log"),
        Case(column: "t", events: "[\(event("exception", #"{"exception.stacktrace":5}"#))]", stored: "t"),
        Case(column: "t", events: "[\(event("exception", "{}"))]", stored: "t"),
        Case(column: "t", events: "[]", stored: "t"),
        // Empty, and none at all.
        Case(column: "", events: "[\(event("exception", #"{"exception.stacktrace":""}"#))]", stored: ""),
        Case(column: nil, events: "[\(event("exception", #"{"exception.message":"m"}"#))]", stored: nil),
        Case(column: nil, events: nil, stored: nil),
    ]

    private static let query = "SELECT span_id, exception_stacktrace, otel_events::VARCHAR FROM t ORDER BY span_id"

    @Test func segmentsHaveThemOnce() async throws {
        var builder = BatchBuilder()
        for (index, item) in Self.cases.enumerated() {
            builder.add(span: UInt64(index + 1), start: Double(index)) { row, text in
                row.isException = true
                if let column = item.column { row.exceptionStacktrace = text.append(column) }
                if let events = item.events { row.eventsJSON = text.append(events) }
            }
        }
        let folder = try TestFolder()
        var store = try folder.open()
        _ = try await store.write(builder.ingest(1))
        let hot = try store.rows(of: .records, Self.query)
        #expect(hot.map { $0[1] } == Self.cases.map(\.column))
        await store.shutdown()

        store = try folder.open {
            $0.rotationBytes = 1
            $0.idleSeconds = 0.1
        }
        for _ in 0..<500 where !store.statistics.isSettled { try await Task.sleep(for: .milliseconds(20)) }
        #expect(store.statistics.waitingHotFiles == 0)
        #expect(try store.rows(of: .records, Self.query) == hot)
        let exceptions = try store.rows(of: .exceptions, "SELECT span_id, exception_stacktrace FROM t ORDER BY span_id")
        #expect(exceptions.map { $0[1] } == Self.cases.map(\.column))
        let files = try store.files(ProjectID(1))
        let alias = try #require(files.arms.arms.first { $0.isSegment }?.alias)
        let stored = try store.rows("SELECT exception_stacktrace FROM \(alias).span ORDER BY span_id")
        #expect(stored.map { $0[0] } == Self.cases.map(\.stored))
        await store.shutdown()
    }
}
