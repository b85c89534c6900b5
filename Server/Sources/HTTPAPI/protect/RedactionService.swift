public import Accounts
public import Ingest
public import Logging
public import Redaction
public import ServiceLifecycle
import Synchronization
import TelemetryModel

extension RedactionSettings: StoredSetting {
    public static let settingName = "redaction"
}

/// The secret of the action `hash`, one per project; it never leaves the control store.
struct RedactionKey: StoredSetting {
    static let settingName = "redaction_key"
    /// Two halves as hexadecimal text, empty when none was made yet.
    var key0 = ""
    var key1 = ""

    /// The halves; nil when there are none.
    var halves: (UInt64, UInt64)? {
        guard let first = UInt64(key0, radix: 16), let second = UInt64(key1, radix: 16) else { return nil }
        return (first, second)
    }
}

/// Keeps the projects' redaction settings, has them applied, and keeps the counts.
public final class RedactionService: Service {
    let control: ControlStore
    let policies: ProjectPolicies
    let audit: RedactionAudit
    let logger: Logger
    private let inForce = Mutex<[Int32: RedactionSettings]>([:])

    public init(control: ControlStore, policies: ProjectPolicies, audit: RedactionAudit, logger: Logger) {
        self.control = control
        self.policies = policies
        self.audit = audit
        self.logger = logger
    }

    /// Puts the stored settings of all projects in force.
    ///
    /// - Throws: ``ControlStoreError``, or ``RedactionIssue`` when stored rules cannot be used: a server that cannot redact what it was
    ///   told to must not start.
    public func load() async throws {
        for (project, settings) in try await control.settings(RedactionSettings.self) {
            if inForce.withLock({ $0[project] == settings }) { continue }
            try await apply(settings, project)
        }
    }

    /// What a project has set.
    public func settings(project: Int32) async throws -> RedactionSettings {
        try await control.setting(RedactionSettings.self, project: project)
    }

    /// Stores settings and puts them in force for the requests that start from now on.
    ///
    /// - Throws: ``RedactionIssue``, ``ControlStoreError``.
    public func save(_ settings: RedactionSettings, project: Int32) async throws {
        _ = try await compile(settings, project)
        try await control.save(settings, project: project)
        try await apply(settings, project)
    }

    /// Settings made ready with the project's key.
    public func compile(_ settings: RedactionSettings, _ project: Int32) async throws -> CompiledRedaction {
        try CompiledRedaction(settings, hashKey: await key(project))
    }

    private func apply(_ settings: RedactionSettings, _ project: Int32) async throws {
        let compiled = settings.isEmpty ? nil : try await compile(settings, project)
        policies.update(ProjectID(project)) { $0.redaction = compiled }
        inForce.withLock { $0[project] = settings }
    }

    private func key(_ project: Int32) async throws -> (UInt64, UInt64) {
        if let known = try await control.setting(RedactionKey.self, project: project).halves { return known }
        var generator = SystemRandomNumberGenerator()
        let (first, second) = (generator.next(), generator.next())
        try await control.save(RedactionKey(key0: String(first, radix: 16), key1: String(second, radix: 16)), project: project)
        return (first, second)
    }

    /// The counts of a project up to now.
    func counts(project: Int32) async throws -> [RedactionCount] {
        await flush()
        return try await control.redactionCounts(project: project)
    }

    /// Stores what was counted since the last time; what cannot be stored is kept for the next time.
    func flush() async {
        let taken = audit.take()
        guard !taken.isEmpty else { return }
        do {
            try await control.addRedactionCounts(Dictionary(uniqueKeysWithValues: taken.map { ($0.key.value, $0.value) }))
        } catch {
            audit.restore(taken)
            logger.warning("redaction counts could not be stored", metadata: ["error": "\(error)"])
        }
    }

    /// Stores the counts every second, and once more at the end; takes over what the command line has stored.
    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: .seconds(1))
                } catch {
                    break
                }
                await flush()
                do {
                    try await load()
                } catch {
                    logger.error("redaction settings could not be read; those before stay in force", metadata: ["error": "\(error)"])
                }
            }
        }
        await flush()
    }
}
