import DuckDBKit
public import Sampling
public import TelemetryModel

/// What one look at a project's traces did.
public struct SamplingPass: Sendable, Equatable {
    /// Traces that could not be decided yet.
    public var waitingTraces = 0
    public var keptTraces = 0
    public var removedTraces = 0
    public var removedRecords = 0
}

/// How often a rule decided.
public struct SamplingCount: Sendable, Equatable {
    public var rule: String
    public var isKept: Bool
    public var traces: Int64
    public var records: Int64
}

/// Finds the traces of a project that can be decided, and has the decisions written.
///
/// Everything it knows it reads from the stored rows, so a restart loses nothing; what it remembers only narrows what is read.
public actor TraceSampler {
    private let store: TelemetryStore
    private let project: Int32
    /// Everything stored up to here belongs to decided traces. Microseconds since the Unix epoch, as commits are numbered.
    private var settledUpTo: Int64

    /// - Parameter since: records stored before are not sampled; microseconds since the Unix epoch.
    public init(store: TelemetryStore, project: ProjectID, since: Int64) {
        self.store = store
        self.project = project.value
        settledUpTo = since
    }

    /// Most traces looked at in one pass; the oldest come first.
    private static let passLimit = 20_000

    /// Decides what can be decided.
    ///
    /// - Parameters:
    ///   - since: as in ``init(store:project:since:)``.
    ///   - now: microseconds since the Unix epoch.
    public func pass(_ policy: SamplingPolicy, since: Int64, now: Int64) async throws -> SamplingPass {
        let sql = SamplingSQL(project: project, settledUpTo: settledUpTo, since: since, rules: policy.settings.rules)
        let (store, project) = (store, project)
        let (newest, traces) = try await store.backgroundRead { connection in
            // Read before the files, so that every commit up to it is in them.
            let newest = store.statistics.lastSequence
            let files = try store.files(ProjectID(project))
            return (newest, try Self.summaries(connection, files, sql.open(limit: Self.passLimit), rules: policy.settings.rules.count))
        }
        var pass = SamplingPass()
        var decisions: [TraceDecision] = []
        var oldestOpen = newest
        for trace in traces {
            if let decision = policy.decide(trace, at: now) {
                decisions.append(decision)
            } else {
                pass.waitingTraces += 1
                oldestOpen = min(oldestOpen, trace.firstSeen - 1)
            }
        }
        for piece in pieces(decisions) { pass.removedRecords += try await store.apply(piece, project: project) }
        pass.keptTraces = decisions.count { $0.isKept }
        pass.removedTraces = decisions.count - pass.keptTraces
        try await removeLate(sql, &pass)
        // Late records of decided traces are looked for from here on, so this must not pass over anything that was not looked at.
        if traces.count < Self.passLimit { settledUpTo = max(settledUpTo, oldestOpen) }
        return pass
    }

    /// Removes records that were stored although their trace had been removed: a restart, or a commit between look and decision.
    private func removeLate(_ sql: SamplingSQL, _ pass: inout SamplingPass) async throws {
        let (store, project) = (store, project)
        let late = try await store.backgroundRead { connection in
            try Self.traces(connection, try store.files(ProjectID(project)).resolve(sql.late))
        }
        let decisions = late.map { TraceDecision(traceID: $0.0, rule: "", isKept: false, weight: 1, records: 0, firstSeen: $0.1) }
        for piece in pieces(decisions) { pass.removedRecords += try await store.apply(piece, project: project, isRepeat: true) }
    }

    private func pieces(_ decisions: [TraceDecision]) -> [[TraceDecision]] {
        stride(from: 0, to: decisions.count, by: SampleWrite.limit).map {
            Array(decisions[$0..<min($0 + SampleWrite.limit, decisions.count)])
        }
    }

    /// How often each rule decided, since ever.
    public func counts() async throws -> [SamplingCount] {
        let project = project
        return try await store.backgroundRead { connection in
            var counts: [SamplingCount] = []
            var result = try connection.query(
                """
                SELECT rule, is_kept, count(*), sum(records)::BIGINT FROM trace_sample WHERE project_id = \(project)
                GROUP BY ALL ORDER BY ALL
                """)
            while let chunk = try result.next() {
                for row in 0..<chunk.rowCount {
                    counts.append(
                        SamplingCount(
                            rule: chunk.column(0).string(row), isKept: chunk.column(1).bool(row), traces: chunk.column(2).int64(row),
                            records: chunk.column(3).int64(row)))
                }
            }
            return counts
        }
    }

    // MARK: Reading

    private static func summaries(
        _ connection: borrowing Connection, _ files: FileLease, _ sql: String, rules: Int
    ) throws(DuckDBError) -> [TraceSummary] {
        var summaries: [TraceSummary] = []
        var result = try connection.query(files.resolve(sql))
        while let chunk = try result.next() {
            for row in 0..<chunk.rowCount {
                guard let trace = StoredID.trace(chunk.column(0), row) else { continue }
                summaries.append(
                    TraceSummary(
                        traceID: trace, firstSeen: chunk.column(1).int64(row), lastSeen: chunk.column(2).int64(row),
                        hasEndedRoot: chunk.column(3).bool(row), openSpans: Int(chunk.column(4).int64(row)),
                        matches: (0..<rules).map { !chunk.column(6 + $0).isNull(row) && chunk.column(6 + $0).bool(row) },
                        records: Int(chunk.column(5).int64(row))))
            }
        }
        return summaries
    }

    private static func traces(_ connection: borrowing Connection, _ sql: String) throws(DuckDBError) -> [(TraceID, Int64)] {
        var traces: [(TraceID, Int64)] = []
        var result = try connection.query(sql)
        while let chunk = try result.next() {
            for row in 0..<chunk.rowCount {
                if let trace = StoredID.trace(chunk.column(0), row) { traces.append((trace, chunk.column(1).int64(row))) }
            }
        }
        return traces
    }
}
