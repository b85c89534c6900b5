import GenAI
import TelemetryModel

/// What of a group of batches is new: decided before anything is written, so that a bad batch cannot spoil the others.
struct GroupPlan: Sendable {
    struct Batch {
        /// Index into the group.
        var index: Int
        /// Rows of the records that are new.
        var rows: [Int32] = []
        /// Steps whose rows are new.
        var steps: [Int] = []
        /// Metric points that are new.
        var points: [Int32] = []
        var repeated = 0

        var stored: Int { rows.count + points.count }
    }

    struct Interned {
        /// Index into the group.
        var batch: Int
        var index: Int
        /// Whether the metrics of the batch are meant, not its records.
        var ofMetrics: Bool
    }

    private(set) var batches: [Batch] = []
    private(set) var refused: [(index: Int, error: StorageError)] = []
    private(set) var resources: [Interned] = []
    private(set) var scopes: [Interned] = []
    /// To be remembered after the commit.
    private(set) var identities: [UInt64] = []
    private(set) var points: [UInt64] = []
    private(set) var traces: [UInt64] = []
    private(set) var interned: [UInt64] = []
    private(set) var responses: [UInt64] = []
    private(set) var streamKeys: [UInt64] = []
    private(set) var projectsWithSpanEvents: Set<Int32> = []
    /// Smallest and largest start of new records, in microseconds.
    private(set) var starts: ClosedRange<Int64>?
    private var seen = IdentitySet()

    /// Plans `group` against what is stored.
    init(_ group: [IngestBatch], _ state: borrowing HotState) {
        for index in group.indices {
            let batch = group[index]
            if let error = Self.defect(of: batch) {
                refused.append((index, error))
            } else {
                plan(batch, index, state)
            }
        }
    }

    /// Plans the steps of records that are stored already.
    init(rewriting batch: IngestBatch, _ state: borrowing HotState) {
        var planned = Batch(index: 0)
        planned.rows = (batch.records?.rows.indices).map { $0.map { Int32(truncatingIfNeeded: $0) } } ?? []
        planned.steps = Array(batch.steps.indices)
        noteKeys(batch, planned, state)
        batches = [planned]
    }

    /// Remembers what later records may share with the planned steps.
    private mutating func noteKeys(_ batch: IngestBatch, _ planned: Batch, _ state: borrowing HotState) {
        guard let records = batch.records else { return }
        let project = batch.project.value
        for index in planned.steps where batch.steps[index].streamKey != 0 {
            streamKeys.append(state.key.stream(project, batch.steps[index].streamKey))
        }
        for index in planned.steps where batch.steps[index].kind == .modelCall && !batch.steps[index].responseID.isEmpty {
            let (provider, id) = (batch.steps[index].provider, batch.steps[index].responseID)
            let response = ResponseKey(
                provider: StepHash.text(provider, in: records.text), responseID: StepHash.text(id, in: records.text))
            responses.append(state.key.response(project, response))
        }
    }

    var storedRecords: Int { batches.reduce(0) { $0 + $1.rows.count } }
    var storedPoints: Int { batches.reduce(0) { $0 + $1.points.count } }
    var repeated: Int { batches.reduce(0) { $0 + $1.repeated } }
    var isEmpty: Bool { batches.allSatisfy { $0.stored == 0 } }

    private mutating func plan(_ batch: IngestBatch, _ index: Int, _ state: borrowing HotState) {
        var planned = Batch(index: index)
        let project = batch.project.value
        if let records = batch.records {
            planRecords(records, project, state, &planned)
            // Most requests have few resources and scopes, all of them known.
            internAll(records.resources, records.scopes, project, index, ofMetrics: false, state)
            planned.steps = Self.stepsOfKept(batch.steps, planned.rows)
            noteKeys(batch, planned, state)
        }
        if let metrics = batch.metrics {
            planned.points.reserveCapacity(metrics.points.count)
            for (position, point) in metrics.points.enumerated() {
                if addPoint(state.key.point(project, point.id), state) {
                    planned.points.append(Int32(truncatingIfNeeded: position))
                } else {
                    planned.repeated += 1
                }
            }
            internAll(metrics.resources, metrics.scopes, project, index, ofMetrics: true, state)
        }
        batches.append(planned)
    }

    private mutating func planRecords(
        _ records: borrowing RecordBatch, _ project: Int32, _ state: borrowing HotState, _ planned: inout Batch
    ) {
        let rows = records.rows
        planned.rows.reserveCapacity(rows.count)
        var lastTrace = TraceID.invalid
        var (first, last) = (Int64.max, Int64.min)
        defer {
            if first <= last { starts = min(starts?.lowerBound ?? first, first)...max(starts?.upperBound ?? last, last) }
        }
        let samples = !state.removedTraces.isEmpty
        for index in rows.indices {
            let row = rows[index]
            if samples, state.removedTraces.contains(state.key.trace(project, row.traceID)) {
                planned.repeated += 1
                continue
            }
            guard add(state.key.row(project, row.traceID, row.spanID, row.kind.rawValue), state) else {
                planned.repeated += 1
                continue
            }
            planned.rows.append(Int32(truncatingIfNeeded: index))
            let start = ColumnWriting.microseconds(row.startNanoseconds)
            first = min(first, start)
            last = max(last, start)
            if row.spanEventCount > 0 { projectsWithSpanEvents.insert(project) }
            if row.traceID != lastTrace {
                lastTrace = row.traceID
                traces.append(state.key.trace(project, row.traceID))
            }
        }
    }

    /// - Returns: whether the row is new.
    private mutating func add(_ hash: UInt64, _ state: borrowing HotState) -> Bool {
        if state.keys.isStored(hash) || !seen.insert(hash) { return false }
        identities.append(hash)
        return true
    }

    private mutating func addPoint(_ hash: UInt64, _ state: borrowing HotState) -> Bool {
        if state.keys.isStored(hash) || !seen.insert(hash) { return false }
        points.append(hash)
        return true
    }

    private mutating func internAll(
        _ resources: [ResourceInfo], _ scopes: [ScopeInfo], _ project: Int32, _ batch: Int, ofMetrics: Bool, _ state: borrowing HotState
    ) {
        for (index, resource) in resources.enumerated() {
            let hash = state.key.resource(project, resource.id)
            if state.interned.contains(hash) || !seen.insert(hash) { continue }
            interned.append(hash)
            self.resources.append(Interned(batch: batch, index: index, ofMetrics: ofMetrics))
        }
        for (index, scope) in scopes.enumerated() {
            let hash = state.key.scope(project, scope.id)
            if state.interned.contains(hash) || !seen.insert(hash) { continue }
            interned.append(hash)
            self.scopes.append(Interned(batch: batch, index: index, ofMetrics: ofMetrics))
        }
    }

    private static func stepsOfKept(_ steps: [GenAIStep], _ rows: [Int32]) -> [Int] {
        guard let last = rows.last else { return [] }
        if steps.isEmpty { return [] }
        var isKept = [Bool](repeating: false, count: Int(last) + 1)
        for row in rows { isKept[Int(row)] = true }
        return steps.indices.filter { steps[$0].row < isKept.count && isKept[steps[$0].row] }
    }

    /// Why a batch contradicts itself; nil when its indexes are all in range.
    private static func defect(of batch: IngestBatch) -> StorageError? {
        if let records = batch.records {
            for row in records.rows where Int(row.resource) >= records.resources.count || Int(row.scope) >= records.scopes.count {
                return StorageError(code: .invalidBatch, message: "a record refers to a resource or scope that the batch does not have")
            }
        }
        let rows = batch.records?.rows.count ?? 0
        for step in batch.steps where step.row < 0 || step.row >= rows {
            return StorageError(code: .invalidBatch, message: "a step refers to record \(step.row) of \(rows)")
        }
        guard let metrics = batch.metrics else { return nil }
        for point in metrics.points {
            guard Int(point.resource) < metrics.resources.count, Int(point.scope) < metrics.scopes.count,
                Int(point.metric) < metrics.metrics.count,
                [point.bucketCounts, point.positiveBucketCounts, point.negativeBucketCounts].allSatisfy({
                    $0.upperBound <= metrics.counts.count
                }),
                point.explicitBounds.upperBound <= metrics.bounds.count
            else { return StorageError(code: .invalidBatch, message: "a metric point refers to something that the batch does not have") }
        }
        return nil
    }
}
