/// What the server must answer about a workload.
struct WorkloadTruth {
    struct Model {
        var calls = 0
        var errors = 0
        var inputTokens = 0
        var outputTokens = 0
        /// Nano-dollars.
        var cost = 0
        /// Nanoseconds of each call.
        var durations: [Int64] = []

        /// Seconds.
        var meanDuration: Double { Double(durations.reduce(0, +)) / Double(max(1, durations.count)) / 1e9 }

        /// The 95th percentile in seconds, between the two nearest values as SQL's `quantile_cont` does.
        var p95: Double {
            guard !durations.isEmpty else { return 0 }
            let sorted = durations.sorted()
            let position = 0.95 * Double(sorted.count - 1)
            let low = Int(position)
            let high = min(low + 1, sorted.count - 1)
            return (Double(sorted[low]) + (position - Double(low)) * Double(sorted[high] - sorted[low])) / 1e9
        }
    }

    var spans = 0
    var traces = 0
    var models: [String: Model] = [:]
    /// Records whose input or output messages hold a needle.
    var needles: [WorkloadNeedle: Int] = [:]
    /// Hexadecimal trace ids with their spans: one of 50 and one of 5,000, when the workload is large enough.
    var traceOf50: String?
    var traceOf5000: String?
}
