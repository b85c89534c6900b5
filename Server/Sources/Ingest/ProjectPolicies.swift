public import GenAI
public import Redaction
import Synchronization
public import TelemetryModel

/// What a project asks of every record before it is stored. A value: a request keeps the policy it started with.
public struct ProjectPolicy: Sendable {
    /// What is redacted; nil when nothing is, which then costs one check per request.
    public var redaction: CompiledRedaction?
    /// Which attributes of its own the project reads as which fields.
    public var mapping = MappingRules([])

    public init() {}
}

/// The policies in force, by project; changed by settings, read by every request.
public final class ProjectPolicies: Sendable {
    private let policies = Mutex<[ProjectID: ProjectPolicy]>([:])

    public init() {}

    /// The project's policy; the default one when it has set nothing.
    public subscript(project: ProjectID) -> ProjectPolicy { policies.withLock { $0[project] ?? ProjectPolicy() } }

    /// Changes the project's policy for the requests that start from now on.
    public func update(_ project: ProjectID, _ change: @Sendable (inout ProjectPolicy) -> Void) {
        policies.withLock { policies in
            var policy = policies[project] ?? ProjectPolicy()
            change(&policy)
            policies[project] = policy
        }
    }
}
