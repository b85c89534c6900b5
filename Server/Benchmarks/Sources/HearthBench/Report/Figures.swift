import Foundation

/// Everything one run of the benchmarks found.
struct Figures: Codable {
    struct Load: Codable {
        var bodySize: Int
        var bytesPerSpan: Double
        /// One for each repetition.
        var runs: [IngestMeasure.Figure]
        var reference: Reference.Figure

        func median(_ figure: (IngestMeasure.Figure) -> Double) -> Double {
            let sorted = runs.map(figure).sorted()
            return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
        }
    }

    struct Start: Codable {
        /// Seconds from the start of the process to the first span that was taken.
        var empty: Double
        /// With the whole workload, settled.
        var loaded: Double
        /// After SIGKILL right behind a load.
        var afterKill: Double
        /// Seconds from SIGTERM to the end of the process, settled and with background work at hand.
        var stopSettled: Double
        var stopBusy: Double
    }

    var spans: Int
    var connections: Int
    var date: String
    /// The machine's load when the run began: others were at work.
    var machineLoad: Double
    var loads: [Load] = []
    var start: Start?
    var queries: [QueryMeasure.Figure] = []
    var freshness: FreshnessMeasure.Figure?
    /// Differences between the answers and what was sent; nil when they were not compared.
    var differences: [String]?
}
