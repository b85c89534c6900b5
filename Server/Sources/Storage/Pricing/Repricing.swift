import DuckDBKit
public import GenAI
import TelemetryModel

extension TelemetryStore {
    /// Prices stored model calls again, by the prices in use now. Costs that were sent stay as they are, only their parts may change.
    ///
    /// Goes through the calls in the order of time, some hundred at a time: each page is read, priced and written in a short transaction
    /// of its own, between two commits of what comes in. When it is cancelled or fails, the pages that were written stay; doing it again
    /// is safe.
    ///
    /// - Parameter report: called after every page.
    /// - Returns: the final state.
    /// - Throws: ``StorageError``, `DuckDBError` or `CancellationError`.
    public func reprice(
        _ scope: RepricingScope, by pricing: any CallPricing, report: @Sendable (RepricingProgress) async throws -> Void
    ) async throws -> RepricingProgress {
        let pages = RepricingPages(store: self, scope: scope)
        var progress = RepricingProgress()
        progress.total = try await pages.count()
        var last: RepricingPages.Position?
        while true {
            try Task.checkCancellation()
            let page = try await pages.page(after: last)
            guard let end = page.last else { return progress }
            last = RepricingPages.Position(start: end.start, traceID: end.traceID, spanID: end.spanID)
            var changes = RepricingChanges(project: scope.project.value)
            for call in page { progress.add(call, changes.reprice(call, by: pricing)) }
            if !scope.isDryRun, !changes.isEmpty {
                let statements = changes.statements
                let window = TimeWindow(minimum: page.first?.start, maximum: end.start)
                try await maintain { context, _ in
                    let files = try context.registry.lease(project: scope.project.value, window: window)
                    try context.inEveryFile(files) { file, connection in
                        for statement in statements { try connection.execute(statement(file, files, context.sequence)) }
                    }
                } remember: { _, state in
                    // What is remembered of calls has their costs.
                    state.steps = [:]
                }
            }
            try await report(progress)
        }
    }
}

/// Reads the calls of a scope page by page.
struct RepricingPages: Sendable {
    let store: TelemetryStore
    let scope: RepricingScope

    /// Calls of one transaction: about twenty milliseconds of writing.
    static let size = 1_000

    struct Position: Sendable {
        var start: Int64
        var traceID: String
        var spanID: String
    }

    private var window: TimeWindow { TimeWindow(minimum: scope.since, maximum: scope.until) }

    private var condition: String {
        let until = scope.until.map { " AND c.start_timestamp < make_timestamptz(\($0))" } ?? ""
        return "c.project_id = \(scope.project.value) AND c.kind = 0 AND c.start_timestamp >= make_timestamptz(\(scope.since))\(until)"
    }

    /// Records of the scope that stand for a call.
    func count() async throws -> Int {
        try await store.backgroundRead { connection in
            let files = try store.files(scope.project, window)
            let sql = """
                SELECT count(*) FROM step c\(CallsSource.decisionJoin(project: scope.project.value))
                WHERE \(condition) AND (CASE WHEN d.decision IS NULL THEN c.winner_span_id IS NULL ELSE d.decision.stands END)
                """
            var result = try connection.query(files.resolve(sql))
            return Int(try result.next()?.column(0).int64(0) ?? 0)
        }
    }

    /// The next calls in the order of time, with the facts from their attributes; empty at the end.
    func page(after last: Position?) async throws -> [StoredCall] {
        try await store.backgroundRead { connection in
            var after = ""
            if let last {
                after = """
                     AND c.start_timestamp >= make_timestamptz(\(last.start))
                    AND (epoch_us(c.start_timestamp), c.trace_id, c.span_id) > (\(last.start), '\(last.traceID)', '\(last.spanID)')
                    """
            }
            let from = last.map { TimeWindow(minimum: $0.start, maximum: window.maximum) } ?? window
            return try StoredCall.read(
                "\(condition)\(after)\nORDER BY epoch_us(c.start_timestamp), c.trace_id, c.span_id LIMIT \(Self.size)",
                project: scope.project.value, try store.files(scope.project, from), connection)
        }
    }
}
