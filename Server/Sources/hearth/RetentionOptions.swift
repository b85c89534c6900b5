import ArgumentParser
import HearthServer
import Retention

/// How long telemetry is kept, and how much of it.
struct RetentionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Days that are kept besides the present one, by the time at which records start (UTC). (default: all)", valueName: "days"))
    var retentionDays: Int?

    @Option(
        help: ArgumentHelp(
            "Bytes that telemetry may take on disk; before that, the oldest days are removed. (default: no limit)", valueName: "bytes"))
    var diskBudgetBytes: Int?

    /// Sets what a flag or the environment gives.
    func apply(to configuration: inout ServerConfiguration, environment: [String: String]) throws(ServerError) {
        var days = -1
        try Serve.set(&days, retentionDays, environment, "RETENTION_DAYS", in: 0...36_500)
        if days >= 0 { configuration.retention.days = days }
        var bytes = -1
        try Serve.set(&bytes, diskBudgetBytes, environment, "DISK_BUDGET_BYTES", in: (16 << 20)...(1 << 50))
        if bytes >= 0 { configuration.retention.diskBudgetBytes = Int64(bytes) }
    }
}
