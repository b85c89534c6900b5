public import Storage
import Synchronization
public import TelemetryModel

/// How far the application of present rules to stored records is.
public struct MappingProgress: Sendable, Equatable {
    public enum State: String, Sendable {
        case idle, running, done, failed
    }

    public var state: State = .idle
    /// Traces.
    public var done = 0
    public var total = 0
    /// Model calls, agent runs and tool calls that came, went or changed.
    public var changed = 0
    public var error: String?
    /// Microseconds since the Unix epoch.
    public var startedAt: Int64?
    public var finishedAt: Int64?

    public init() {}
}

/// Applies the present rules of projects to what they have stored, in small steps between the commits of incoming requests.
public final class StoredMapping: Sendable {
    private let store: TelemetryStore
    private let pipeline: IngestPipeline
    private let state = Mutex<[ProjectID: MappingProgress]>([:])
    /// Traces a step takes; requests wait for a step.
    private static let stepSize = 100

    public init(store: TelemetryStore, pipeline: IngestPipeline) {
        self.store = store
        self.pipeline = pipeline
    }

    public func progress(_ project: ProjectID) -> MappingProgress { state.withLock { $0[project] ?? MappingProgress() } }

    /// Traces done and in all, of the projects that are being worked on; nil when there are none.
    public var running: (done: Int, total: Int)? {
        let all = state.withLock { $0.values.filter { $0.state == .running } }
        return all.isEmpty ? nil : (all.reduce(0) { $0 + $1.done }, all.reduce(0) { $0 + $1.total })
    }

    /// Marks a project as being worked on.
    ///
    /// - Returns: false when it is already.
    public func begin(_ project: ProjectID, at microseconds: Int64) -> Bool {
        state.withLock { state in
            if state[project]?.state == .running { return false }
            var progress = MappingProgress()
            progress.state = .running
            progress.startedAt = microseconds
            state[project] = progress
            return true
        }
    }

    /// Works through the stored traces of a project that ``begin(_:at:)`` marked.
    ///
    /// - Parameters:
    ///   - after: traces up to this id are done already.
    ///   - now: microseconds since the Unix epoch.
    ///   - note: called at the beginning and after every step with the last trace done, nil at the end; what it stores lets a restart go on.
    public func run(
        _ project: ProjectID, after: String, minimum: Int64?, now: @Sendable () -> Int64, note: @Sendable (String?) async throws -> Void
    ) async {
        var last = after
        do {
            // Noted before anything is done, so that a crash in the first step is no end of it.
            try await note(last)
            let total = try await store.traceCount(project, after: last, minimum: minimum)
            state.withLock { $0[project]?.total = total }
            while true {
                try Task.checkCancellation()
                let traces = try await store.traceIDs(project, after: last, minimum: minimum, limit: Self.stepSize)
                guard let newest = traces.last else { break }
                let changed = try await store.rewriteSteps(of: traces, project: project) { [pipeline] records in
                    pipeline.normalise(&records, project: project)
                }
                last = newest
                state.withLock { state in
                    state[project]?.done += traces.count
                    state[project]?.changed += changed
                }
                try await note(last)
            }
            try await note(nil)
            end(project, .done, now())
        } catch {
            end(project, .failed, now(), "\(error)")
        }
    }

    private func end(_ project: ProjectID, _ outcome: MappingProgress.State, _ time: Int64, _ error: String? = nil) {
        state.withLock { state in
            state[project]?.state = outcome
            state[project]?.error = error
            state[project]?.finishedAt = time
        }
    }
}
