import TelemetryModel
import Testing

@testable import Storage

@Suite struct RepeatTests {
    @Test func sameBatchNextBatchAndAfterReopen() async throws {
        let folder = try TestFolder()
        var store = try folder.open()
        var builder = BatchBuilder()
        builder.add(span: 1, name: "first")
        builder.add(span: 1, name: "second")
        builder.add(span: 2)
        let first = try await store.write(builder.ingest())
        #expect(first.stored == 2 && first.repeated == 1)
        let second = try await store.write(builder.ingest())
        #expect(second == WriteReceipt(sequence: 0, stored: 0, repeated: 3))
        await store.shutdown()

        store = try folder.open()
        builder.add(span: 3)
        let third = try await store.write(builder.ingest())
        #expect(third.stored == 1 && third.repeated == 3)
        #expect(third.sequence > first.sequence)
        #expect(try store.rows(of: .records, "SELECT span_name FROM t ORDER BY span_id") == [["first"], ["work"], ["work"]])
        #expect(store.statistics.records == 3)
        #expect(store.statistics.repeatsDropped == 3)
        // The interned rows are there once.
        #expect(try store.rows("SELECT count(*) FROM resource") == [["1"]])
        #expect(try store.rows("SELECT count(*) FROM scope") == [["1"]])
        await store.shutdown()
    }

    @Test(arguments: [true, false])
    func pendingAndFinal(pendingFirst: Bool) async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        var pending = BatchBuilder()
        pending.add(.pendingSpan, span: 1)
        var final = BatchBuilder()
        final.add(span: 1)
        for batch in pendingFirst ? [pending, final] : [final, pending] {
            #expect(try await store.write(batch.ingest()).stored == 1)
        }
        #expect(try store.rows(of: .records, "SELECT kind FROM t") == [["span"]])
        #expect(
            try store.rows(of: .recordsAll, "SELECT kind, duration FROM t ORDER BY kind") == [["pending_span", nil], ["span", "1.0"]])
        await store.shutdown()
    }
}
