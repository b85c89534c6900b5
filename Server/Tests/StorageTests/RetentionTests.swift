import Foundation
import TelemetryModel
import Testing

@testable import Storage

@Suite struct RetentionTests {
    private func segment(_ day: Int32, project: Int32 = 1, bytes: Int64 = 100) -> SegmentInfo {
        var info = SegmentInfo(key: SegmentKey(project: project, day: day))
        info.bytes = bytes
        return info
    }

    private func days(_ limits: RetentionLimits, total: Int64) -> [Int32] {
        let segments = [segment(13), segment(10), segment(12), segment(11), segment(10, project: 2)]
        return limits.surplus(of: segments, totalBytes: total, today: 13).map(\.day)
    }

    @Test func theOldestGoFirst() {
        #expect(days(RetentionLimits(), total: 500) == [])
        #expect(days(RetentionLimits(days: 3), total: 500) == [])
        #expect(days(RetentionLimits(days: 1), total: 500) == [10, 10, 11])
        #expect(days(RetentionLimits(days: 0), total: 500) == [10, 10, 11, 12])
        #expect(days(RetentionLimits(diskBudgetBytes: 1_000), total: 500) == [])
        // Down to 95 %.
        #expect(days(RetentionLimits(diskBudgetBytes: 500), total: 500) == [10])
        #expect(days(RetentionLimits(diskBudgetBytes: 250), total: 500) == [10, 10, 11])
        #expect(days(RetentionLimits(days: 2, diskBudgetBytes: 250), total: 500) == [10, 10, 11])
        #expect(days(RetentionLimits(diskBudgetBytes: 1), total: 500) == [10, 10, 11, 12, 13])
    }

    /// Ten days, of which half go; a query that began before reads on.
    @Test func daysGoAndNothingElse() async throws {
        let folder = try TestFolder()
        let store = try folder.open {
            $0.rotationBytes = 1
            $0.idleSeconds = 0.1
        }
        for day in 0..<10 {
            var builder = BatchBuilder()
            for span in UInt64(1)...20 {
                builder.add(trace: UInt64(day) * 100 + span, span: UInt64(day) * 100 + span, start: Double(day) * 86_400 + Double(span)) {
                    row, text in
                    row.bodiesJSON = text.append(#"{"gen_ai.input.messages":"\#(String(repeating: "word ", count: 2_000))"}"#)
                }
            }
            _ = try await store.write(builder.ingest())
        }
        for _ in 0..<500 where !store.statistics.isSettled { try await Task.sleep(for: .milliseconds(20)) }
        #expect(store.statistics.records == 200)
        let files = try store.files(ProjectID(1))
        let query = files.sql(for: .records, project: ProjectID(1), columns: ["span_id"])

        let now = BatchBuilder.time(9 * 86_400 + 100) / 1000
        let outcome = try await store.enforce(RetentionLimits(days: 4), now: now)
        #expect(outcome.segments == 5 && outcome.records == 100 && !outcome.isOverBudget)
        // Who was about to read still can.
        #expect(try store.rows("SELECT count(*) FROM (\(query))")[0][0] == "200")
        withExtendedLifetime(files) {}
        #expect(try store.rows(of: .records, "SELECT count(*), min(span_id) FROM t")[0] == ["100", "00000000000001f5"])
        #expect(store.statistics.records == 100)
        #expect(try await store.enforce(RetentionLimits(days: 4), now: now).segments == 0)

        let half = store.statistics.bytesOnDisk - 1
        let second = try await store.enforce(RetentionLimits(diskBudgetBytes: half), now: now)
        #expect(second.segments >= 1)
        await store.shutdown()
        let again = try folder.open()
        #expect(try again.rows(of: .records, "SELECT count(*) FROM t")[0][0] == "\(100 - second.records)")
        await again.shutdown()
    }
}
