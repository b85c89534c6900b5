extension TelemetryStore {
    /// Removes the days that are over the limits. Their files are deleted at once, or as soon as no query is about to read them.
    ///
    /// - Parameter now: microseconds since the Unix epoch.
    public func enforce(_ limits: RetentionLimits, now: Int64) async throws -> RetentionOutcome {
        let (registry, folder) = (supervisor.registry, supervisor.folder)
        let surplus: @Sendable (FileSet) -> [SegmentKey] = { set in
            limits.surplus(of: Array(set.segments.values), totalBytes: folder.totalSize(), today: SegmentKey.day(of: now))
        }
        var outcome = RetentionOutcome()
        if !limits.isUnlimited, !surplus(registry.current).isEmpty {
            let removed = try await maintain { context, _ in
                // Looked at again: sealing may have come in between.
                let set = context.registry.current
                let keys = surplus(set)
                if !keys.isEmpty { try context.transact { try Catalog.remove(keys, $0) } }
                context.registry.remove(keys)
                return keys.compactMap { set.segments[$0] }
            } remember: { removed, state in
                state.records -= removed.reduce(0) { $0 + $1.records }
                state.metricPoints -= removed.reduce(0) { $0 + $1.metricPoints }
                // What is remembered of calls may be of records that are gone.
                state.steps = [:]
            }
            outcome.segments = removed.count
            outcome.records = removed.reduce(0) { $0 + $1.records }
            outcome.metricPoints = removed.reduce(0) { $0 + $1.metricPoints }
            outcome.bytes = removed.reduce(0) { $0 + $1.bytes }
        }
        if let budget = limits.diskBudgetBytes { outcome.isOverBudget = folder.totalSize() > budget }
        return outcome
    }
}
