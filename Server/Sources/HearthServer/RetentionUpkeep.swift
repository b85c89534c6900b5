import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Removes days of telemetry that are over the limits, as long as the server runs.
struct RetentionUpkeep: Service {
    let store: TelemetryStore
    let limits: RetentionLimits
    let logger: Logger

    private static let interval: Duration = .seconds(20)

    func run() async throws {
        if limits.isUnlimited { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await look()
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }

    private func look() async {
        do {
            let now = Int64(Date.now.timeIntervalSince1970 * 1e6)
            let outcome = try await store.enforce(limits, now: now)
            if outcome.segments > 0 {
                logger.notice(
                    "removed \(outcome.segments) days of projects: \(outcome.records) records, \(outcome.metricPoints) metric points, \(outcome.bytes >> 20) MB"
                )
            }
            if outcome.isOverBudget {
                logger.warning("the telemetry folder is larger than its budget, and nothing more can be removed now")
            }
        } catch {
            logger.error("days that are over the limits could not be removed: \(error)")
        }
    }
}
