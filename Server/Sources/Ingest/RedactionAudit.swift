import Redaction
import Synchronization
public import TelemetryModel

/// Counts what was redacted since the counts were last taken; they are kept elsewhere.
public final class RedactionAudit: Sendable {
    private let counts = Mutex<[ProjectID: [String: Int]]>([:])

    public init() {}

    func add(_ found: RedactionCounts, _ redaction: CompiledRedaction, _ project: ProjectID) {
        counts.withLock { counts in
            for (rule, name) in redaction.ruleNames.enumerated() where found.byRule[rule] > 0 {
                counts[project, default: [:]][name, default: 0] += found.byRule[rule]
            }
        }
    }

    /// The counts by project and rule since the last call.
    public func take() -> [ProjectID: [String: Int]] {
        counts.withLock { counts in
            defer { counts = [:] }
            return counts
        }
    }

    /// Gives counts back that could not be kept.
    public func restore(_ taken: [ProjectID: [String: Int]]) {
        counts.withLock { counts in
            for (project, rules) in taken {
                for (rule, count) in rules { counts[project, default: [:]][rule, default: 0] += count }
            }
        }
    }
}
