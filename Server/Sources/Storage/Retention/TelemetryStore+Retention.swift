import Dispatch
import DuckDBKit
import Logging
public import Retention
import TelemetryModel

extension TelemetryStore {
    /// One day after the other, apart from other background reading, which would wait long.
    private static let retention = DispatchQueue(label: "hearth.storage.retention", qos: .utility)

    /// What is stored, day by day. What is not sealed yet is not among it.
    public var retentionDays: [RetentionDay] {
        supervisor.registry.current.segments.values.map { info in
            RetentionDay(
                project: info.key.project, day: info.key.day, bytes: info.bytes, records: info.records, metricPoints: info.metricPoints,
                keptBy: info.kept?.conditions, hasNewRows: info.kept.map { info.hot > $0.hot } ?? false)
        }
    }

    /// Bytes of the telemetry folder.
    public var telemetryBytes: Int64 { supervisor.folder.totalSize() }

    /// The day of a time in microseconds since the Unix epoch, UTC.
    public static func day(of microseconds: Int64) -> Int32 { SegmentKey.day(of: microseconds) }

    /// Whether days have to stay as they are at the moment: a backup is being made.
    public var isRetentionHeld: Bool { supervisor.registry.isHeld }

    /// What an action would do. Bytes are estimated by the share of records.
    ///
    /// - Returns: nil when the day is not there.
    /// - Throws: ``StorageError``, or what making a rule's statement throws.
    public func measure(_ action: RetentionAction, _ selection: KeepSelection) async throws -> RetentionOutcome? {
        try await onRetentionThread { [self] in
            let set = supervisor.registry.current
            guard let day = set.segments[SegmentKey(project: action.project, day: action.day)] else { return nil }
            if selection.isEmpty { return Self.everything(of: day) }
            let source = try supervisor.registry.leaseForWriting(day.file)
            let cut = SegmentCut(try reader(), supervisor.registry, day, source, sealedHot: set.sealedHot, selection)
            return try cut.measure { try files(ProjectID(action.project), $0) }
        }
    }

    /// Does an action: removes the day, or writes it anew with only what the selection keeps. Queries go on meanwhile.
    ///
    /// - Returns: what was done; nil when the day is not there.
    /// - Throws: ``StorageError``, or what making a rule's statement throws. Nothing has been done then, also when somebody else changed rows of the
    ///   day meanwhile: try again.
    public func carryOut(_ action: RetentionAction, _ selection: KeepSelection) async throws -> RetentionOutcome? {
        if isRetentionHeld { throw Self.held }
        let change = try await onRetentionThread { [self] in try prepare(action, selection) }
        guard let change else { return nil }
        do {
            try await apply(change)
        } catch let error as SegmentChanged {
            if let new = change.new, new.revision != change.old.revision { supervisor.registry.discard(new.file) }
            throw StorageError(code: .unavailable, message: "\(error)")
        }
        return change.outcome
    }

    private struct Change: Sendable {
        var old: SegmentInfo
        /// nil when nothing is kept.
        var new: SegmentInfo?
        var changes: Int
        var outcome: RetentionOutcome
    }

    private static let held = StorageError(
        code: .unavailable, message: "a backup is being made; days stay as they are until it is complete")

    /// Somebody else changed rows of a day while it was written anew.
    private struct SegmentChanged: Error, CustomStringConvertible {
        var description: String { "records of the day were changed while it was written anew; it is tried again" }
    }

    private func prepare(_ action: RetentionAction, _ selection: KeepSelection) throws -> Change? {
        let registry = supervisor.registry
        let set = registry.current
        guard let day = set.segments[SegmentKey(project: action.project, day: action.day)] else { return nil }
        let changes = registry.changes(of: day.file)
        if selection.isEmpty { return Change(old: day, new: nil, changes: changes, outcome: Self.everything(of: day)) }
        let source = try registry.leaseForWriting(day.file)
        let cut = SegmentCut(try reader(), registry, day, source, sealedHot: set.sealedHot, selection)
        var outcome = try cut.measure { try files(ProjectID(action.project), $0) }
        var change = Change(old: day, new: nil, changes: changes, outcome: outcome)
        if outcome.keptRecords + outcome.keptMetricPoints == 0 {
            change.outcome = Self.everything(of: day)
            return change
        }
        if outcome.records + outcome.metricPoints == 0 {
            // Only to be noted.
            var noted = day
            noted.kept = KeptMark(conditions: selection.identities, hot: day.hot)
            change.new = noted
            return change
        }
        let file = registry.nextFile(of: day)
        do {
            let new = try cut.write(file) { stage in try passed(stage) }
            change.new = new
            outcome.keptBytes = new.bytes
            outcome.bytes = day.bytes - new.bytes
            change.outcome = outcome
            return change
        } catch {
            registry.discard(file)
            throw error
        }
    }

    /// Makes a change count.
    private func apply(_ change: Change) async throws {
        let fault = retentionFault
        let (old, new) = (change.old, change.new)
        try await maintain { context, _ in
            let registry = context.registry
            guard registry.current.segments[old.key] == old, registry.changes(of: old.file) == change.changes, !registry.isHeld else {
                throw SegmentChanged()
            }
            let filters = new == nil ? registry.current.filters(onlyOf: old.key) : []
            try context.transact { connection in
                if let new { return try Catalog.replace([new], connection) }
                try Catalog.remove([old.file], connection)
                try Catalog.removeFilters(filters, connection)
            }
            // The old files are deleted next, so this should not depend on the catalog's log alone.
            do {
                try context.tables.connection.execute("CHECKPOINT")
            } catch {
                registry.logger.warning("the catalog could not be checkpointed after a day was changed; its log has what is new: \(error)")
            }
            if fault?(.catalog) == true { throw Self.ended(.catalog) }
            if let new { registry.replace(by: new) } else { registry.remove([old.key], filters: filters) }
            if fault?(.files) == true { throw Self.ended(.files) }
            return filters
        } remember: { filters, state in
            state.keys.forget(filters)
            state.records -= old.records - (new?.records ?? 0)
            state.metricPoints -= old.metricPoints - (new?.metricPoints ?? 0)
            // What is remembered of calls may be of records that are gone.
            state.steps = [:]
        }
    }

    private func passed(_ stage: RetentionStage) throws {
        if retentionFault?(stage) == true { throw Self.ended(stage) }
    }

    private static func ended(_ stage: RetentionStage) -> StorageError {
        StorageError(code: .unavailable, message: "retention was made to fail after \(stage)")
    }

    private static func everything(of day: SegmentInfo) -> RetentionOutcome {
        var outcome = RetentionOutcome()
        outcome.records = day.records
        outcome.metricPoints = day.metricPoints
        outcome.bytes = day.bytes
        return outcome
    }

    private func onRetentionThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Self.retention.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
