import DuckDBKit
import Foundation
import Synchronization
import TelemetryModel
import Testing

@testable import Storage

@Suite struct GroupCommitTests {
    private func batch(_ span: UInt64) -> IngestBatch {
        var builder = BatchBuilder()
        builder.add(span: span)
        return builder.ingest()
    }

    /// Holds the first commit until it is told to go on.
    private final class Gate: Sendable {
        private let isReached = Atomic<Bool>(false)
        let goOn = DispatchSemaphore(value: 0)
        let faults: [Int: DuckDBFault]

        init(_ faults: [Int: DuckDBFault] = [:]) { self.faults = faults }

        func pass(_ attempt: Int) -> DuckDBFault? {
            if attempt == 1 {
                isReached.store(true, ordering: .releasing)
                goOn.wait()
            }
            return faults[attempt]
        }

        /// Does not block: the pool that runs the tests has few threads.
        func waitUntilReached() async throws {
            while !isReached.load(ordering: .acquiring) { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    /// Writes one batch that is held in its commit and, as one group behind it, the others.
    private func writeAsGroup(
        _ batches: [IngestBatch], _ gate: Gate, _ store: TelemetryStore
    ) async throws -> [Result<WriteReceipt, StorageError>] {
        async let first = store.write(batch(0xffff))
        try await gate.waitUntilReached()
        let results = await withTaskGroup(of: (Int, Result<WriteReceipt, StorageError>).self) { group in
            for (index, batch) in batches.enumerated() {
                group.addTask {
                    do {
                        return (index, .success(try await store.write(batch)))
                    } catch {
                        return (index, .failure(error as? StorageError ?? StorageError(code: .closed, message: "\(error)")))
                    }
                }
            }
            while store.statistics.queuedBatches < batches.count + 1 { try? await Task.sleep(for: .milliseconds(1)) }
            gate.goOn.signal()
            var results: [(Int, Result<WriteReceipt, StorageError>)] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
        _ = try await first
        return results
    }

    @Test func oneTransactionForAll() async throws {
        let folder = try TestFolder()
        let gate = Gate()
        let store = try folder.open { $0.commitFault = { gate.pass($0) } }
        let results = try await writeAsGroup((1...5).map { batch($0) } + [batch(3)], gate, store)
        let receipts = try results.map { try $0.get() }
        #expect(Set(receipts.filter { $0.stored > 0 }.map(\.sequence)).count == 1)
        #expect(receipts.reduce(0) { $0 + $1.stored } == 5)
        #expect(receipts.reduce(0) { $0 + $1.repeated } == 1)
        #expect(store.statistics.commits == 2)
        await store.shutdown()
    }

    @Test func aBatchThatContradictsItselfFailsAlone() async throws {
        let folder = try TestFolder()
        let gate = Gate()
        let store = try folder.open { $0.commitFault = { gate.pass($0) } }
        var bad = BatchBuilder()
        bad.add(span: 9) { row, _ in row.resource = 5 }
        let results = try await writeAsGroup([batch(1), bad.ingest(), batch(2)], gate, store)
        #expect(try results[0].get().stored == 1)
        #expect(throws: StorageError.self) { try results[1].get() }
        #expect(try results[2].get().stored == 1)
        #expect(try store.rows(of: .records, "SELECT count(*) FROM t") == [["3"]])
        await store.shutdown()
    }

    @Test func aBatchThatTheEngineRefusesFailsAlone() async throws {
        let folder = try TestFolder()
        // Attempt 2 is the group; then one by one, of which the second fails.
        let refused = DuckDBFault(message: "Conversion Error: a value does not fit")
        let gate = Gate([2: refused, 4: refused])
        let store = try folder.open { $0.commitFault = { gate.pass($0) } }
        let results = try await writeAsGroup([batch(1), batch(2), batch(3)], gate, store)
        let errors = results.compactMap { result -> StorageError? in if case .failure(let error) = result { error } else { nil } }
        #expect(errors.map(\.code) == [.invalidBatch])
        #expect(try store.rows(of: .records, "SELECT count(*) FROM t") == [["3"]])
        #expect(store.statistics.reopens == 0)
        await store.shutdown()
    }

    @Test func tooMuchInFlightIsRefused() async throws {
        let folder = try TestFolder()
        let gate = Gate()
        let store = try folder.open {
            $0.inFlightBudgetBytes = 1
            $0.commitFault = { gate.pass($0) }
        }
        async let first = store.write(batch(1))
        try await gate.waitUntilReached()
        let error = await #expect(throws: StorageError.self) { _ = try await store.write(batch(2)) }
        #expect(error?.code == .overloaded)
        gate.goOn.signal()
        #expect(try await first.stored == 1)
        #expect(store.statistics.overloads == 1)
        #expect(try await store.write(batch(2)).stored == 1)
        await store.shutdown()
    }

    @Test func shutdownCommitsWhatIsWaitingAndEndsSubscriptions() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let commits = store.subscribe()
        let receipt = try await store.write(batch(1))
        var seen: [Int64] = []
        async let late = store.write(batch(2))
        _ = try await late
        await store.shutdown()
        for await sequence in commits { seen.append(sequence) }
        // The newest is kept for a slow subscriber; older ones may be.
        #expect(seen.last ?? 0 > receipt.sequence)
        #expect(!FileManager.default.fileExists(atPath: folder.catalogFile + ".wal"))
        let error = await #expect(throws: StorageError.self) { _ = try await store.write(batch(3)) }
        #expect(error?.code == .closed)
        #expect(throws: StorageError.self) { _ = try store.reader().wasInvalidated }
        await store.shutdown()
    }

    @Test func aSecondStoreOnTheSameFolderIsRefused() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let error = #expect(throws: StorageError.self) { _ = try folder.open() }
        #expect(error?.code == .openFailed)
        _ = try await store.write(batch(1))
        await store.shutdown()
    }

    @Test func readersAreLockedDown() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        for sql in [
            "SET memory_limit = '10GB'", "SELECT * FROM read_text('/etc/hostname')", "ATTACH '/tmp/other.db'", "INSTALL httpfs",
            "COPY (SELECT 1) TO '/tmp/hearth-test.csv'", "SET TimeZone = 'Europe/Berlin'",
        ] {
            #expect(throws: (any Error).self, "\(sql)") { try store.reader().connection.execute(sql) }
        }
        #expect(
            try store.rows("SELECT current_setting('TimeZone'), current_setting('temp_directory') LIKE '%/telemetry/tmp'") == [
                ["UTC", "true"]
            ])
        await store.shutdown()
    }
}
