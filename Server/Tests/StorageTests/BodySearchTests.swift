import Foundation
import TelemetryModel
import Testing

@testable import Storage

/// A search that goes by pages finds what a search of the attributes finds, in hot files and segments.
@Suite struct BodySearchTests {
    private static let texts = [
        #"{"gen_ai.input.messages":"alpha beta","gen_ai.output.messages":"gamma"}"#,
        #"{"gen_ai.input.messages":"alpha"}"#,
        #"{"gen_ai.output.messages":"ALPHA \"quoted\"\nnext"}"#,
        #"{"gen_ai.system_instructions":"alpha"}"#,
        #"{"gen_ai.input.messages":"","gen_ai.output.messages":"al pha"}"#,
    ]

    /// Every second span has no bodies at all.
    private func batch() -> IngestBatch {
        var builder = BatchBuilder()
        for span in UInt64(1)...120 {
            builder.add(trace: span / 4 + 1, span: span, start: Double(span)) { row, text in
                if span % 2 == 0 { row.bodiesJSON = text.append(Self.texts[Int(span / 2) % Self.texts.count]) }
            }
        }
        return builder.ingest(1)
    }

    private static let conditions: [(keys: [String], text: String, ignoresCase: Bool)] = [
        (["gen_ai.input.messages"], "alpha", false), (["gen_ai.input.messages"], "ALPHA", true),
        (["gen_ai.output.messages"], "alpha", true),
        (["gen_ai.input.messages", "gen_ai.output.messages"], "alpha", false),
        (["gen_ai.input.messages", "gen_ai.output.messages"], "Alpha", true),
        (["gen_ai.output.messages", "gen_ai.input.messages"], "a", false),
        (["gen_ai.input.messages", "none"], "beta", false), (["gen_ai.input.messages", "gen_ai.output.messages"], "next", false),
        (["none"], "alpha", true), (["gen_ai.input.messages", "gen_ai.output.messages"], "nowhere at all", true),
    ]

    private func check(_ store: TelemetryStore) throws {
        let files = try store.files(ProjectID(1))
        defer { withExtendedLifetime(files) {} }
        for item in Self.conditions {
            let condition = try #require(
                BodyCondition(name: "found", keys: item.keys, text: item.text, ignoresCase: item.ignoresCase))
            let sql = files.sql(for: .records, project: ProjectID(1), columns: ["span_id", "attributes", "found"], conditions: [condition])
            let plain = item.keys.map {
                "coalesce(attributes->>'\($0)', '') \(item.ignoresCase ? "ILIKE" : "LIKE") '%\(item.text)%'"
            }
            let rows = try store.rows("SELECT span_id, found, \(plain.joined(separator: " OR ")) FROM (\(sql)) ORDER BY span_id")
            #expect(rows.count == 120)
            for row in rows { #expect(row[1] == row[2], "\(item) \(row)") }
        }
    }

    @Test func findsWhatTheAttributesHave() async throws {
        let folder = try TestFolder()
        var store = try folder.open()
        _ = try await store.write(batch())
        try check(store)
        await store.shutdown()

        store = try folder.open {
            $0.rotationBytes = 1
            $0.idleSeconds = 0.1
        }
        for _ in 0..<500 where !store.statistics.isSettled { try await Task.sleep(for: .milliseconds(20)) }
        #expect(store.statistics.waitingHotFiles == 0)
        try check(store)
        await store.shutdown()
    }

    /// What is asked for is one text for the engine; it can be told apart again.
    @Test func searchesAreRefusedThatPagesCannotAnswer() {
        #expect(BodyCondition(name: "c", keys: [], text: "a", ignoresCase: false) == nil)
        #expect(BodyCondition(name: "c", keys: ["k"], text: "a\u{1F}b", ignoresCase: false) == nil)
        #expect(BodyCondition(name: "c", keys: ["k\u{1F}"], text: "a", ignoresCase: false) == nil)
        #expect(BodyCondition(name: "c", keys: ["k"], text: "", ignoresCase: false) == nil)
        #expect(BodyCondition(name: "c", keys: ["k"], text: "é", ignoresCase: false) == nil)
    }
}
