public import Accounts
import FoundationEssentials
public import Logging
public import Sampling
public import ServiceLifecycle
public import Storage
import Synchronization
import TelemetryModel

extension SamplingSettings: StoredSetting {
    public static let settingName = "sampling"
}

/// Since when a project samples.
struct SamplingHistory: StoredSetting {
    static let settingName = "sampling_history"
    /// When it was turned on last, and for the first time; microseconds since the Unix epoch, 0 for never.
    var enabledAt: Int64 = 0
    var firstEnabledAt: Int64 = 0

    /// The first time as text; nil for never.
    var since: String? {
        firstEnabledAt == 0 ? nil : Date(timeIntervalSince1970: Double(firstEnabledAt) / 1e6).formatted(.iso8601)
    }
}

/// Keeps the projects' sampling settings and decides about their traces, once a second.
public final class SamplingService: Service {
    private struct Project: Sendable {
        var policy: SamplingPolicy
        var history: SamplingHistory
        var sampler: TraceSampler
        var waitingTraces = 0
    }

    let control: ControlStore
    private let store: TelemetryStore
    private let logger: Logger
    private let projects = Mutex<[Int32: Project]>([:])

    public init(control: ControlStore, store: TelemetryStore, logger: Logger) {
        self.control = control
        self.store = store
        self.logger = logger
    }

    /// Puts the stored settings of all projects in force.
    public func load() async throws {
        for (project, settings) in try await control.settings(SamplingSettings.self) {
            apply(settings, try await control.setting(SamplingHistory.self, project: project), project)
        }
    }

    func settings(project: Int32) async throws -> SamplingSettings { try await control.setting(SamplingSettings.self, project: project) }

    /// Whether the project samples, and since when its counts may be weighted.
    func state(project: Int32) -> (isEnabled: Bool, since: String?) {
        projects.withLock { projects in
            guard let known = projects[project] else { return (false, nil) }
            return (known.policy.settings.isEnabled, known.history.since)
        }
    }

    /// Traces that wait for their decision.
    func waitingTraces(project: Int32) -> Int { projects.withLock { $0[project]?.waitingTraces ?? 0 } }

    /// Of all projects together.
    var waitingTraces: Int { projects.withLock { $0.values.reduce(0) { $0 + ($1.policy.settings.isEnabled ? $1.waitingTraces : 0) } } }

    /// How often each rule decided.
    func counts(project: Int32) async throws -> [SamplingCount] {
        let sampler = projects.withLock { $0[project]?.sampler } ?? TraceSampler(store: store, project: ProjectID(project), since: 0)
        return try await sampler.counts()
    }

    /// Stores settings and puts them in force. Traces that have begun before sampling is turned on are kept.
    func save(_ settings: SamplingSettings, project: Int32) async throws {
        var history = try await control.setting(SamplingHistory.self, project: project)
        let wasEnabled = try await self.settings(project: project).isEnabled
        if settings.isEnabled, !wasEnabled {
            history.enabledAt = Self.now()
            if history.firstEnabledAt == 0 { history.firstEnabledAt = history.enabledAt }
            try await control.save(history, project: project)
        }
        try await control.save(settings, project: project)
        apply(settings, history, project)
    }

    private func apply(_ settings: SamplingSettings, _ history: SamplingHistory, _ project: Int32) {
        projects.withLock { projects in
            if var known = projects[project], known.history == history {
                known.policy = SamplingPolicy(settings)
                projects[project] = known
            } else {
                projects[project] = Project(
                    policy: SamplingPolicy(settings), history: history,
                    sampler: TraceSampler(store: store, project: ProjectID(project), since: history.enabledAt))
            }
        }
    }

    private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1e6) }

    /// Decides once a second until shutdown.
    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: .seconds(1))
                } catch {
                    return
                }
                for (project, known) in projects.withLock({ $0 }) where known.policy.settings.isEnabled {
                    await pass(project, known)
                }
            }
        }
    }

    private func pass(_ project: Int32, _ known: Project) async {
        do {
            let pass = try await known.sampler.pass(known.policy, since: known.history.enabledAt, now: Self.now())
            projects.withLock { $0[project]?.waitingTraces = pass.waitingTraces }
            if pass.removedTraces > 0 {
                logger.debug("traces sampled", metadata: ["kept": "\(pass.keptTraces)", "removed": "\(pass.removedTraces)"])
            }
        } catch {
            // Nothing is lost: what was not decided now is decided later.
            logger.warning("traces could not be sampled", metadata: ["project": "\(project)", "error": "\(error)"])
        }
    }
}
