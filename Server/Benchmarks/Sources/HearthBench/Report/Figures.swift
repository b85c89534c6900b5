import Foundation

/// Everything one run of the benchmarks found.
struct Figures: Codable {
    struct Load: Codable {
        var bodySize: Int
        var bytesPerSpan: Double
        /// One for each repetition.
        var runs: [IngestMeasure.Figure]
        var reference: Reference.Figure
        /// One before each repetition; empty without a peer.
        var peers: [PeerMeasure.Figure] = []

        func median(_ figure: (IngestMeasure.Figure) -> Double) -> Double { runs.map(figure).median }

        /// The peer's medians.
        var peer: PeerMeasure.Figure? {
            guard let first = peers.first else { return nil }
            func median(_ figure: (PeerMeasure.Figure) -> Double) -> Double { peers.map(figure).median }
            return PeerMeasure.Figure(
                name: first.name, cpu: median(\.cpu), cpuSettled: median(\.cpuSettled), peakBytes: Int(median { Double($0.peakBytes) }),
                diskBytes: median(\.diskBytes))
        }

        /// How many times longer this machine takes than the one that the bars were set on, by what the peer takes on both; nil without a peer.
        var slowness: Double? { peer.map { $0.cpu / Bars.peerCPU } }
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
    /// Repetitions; the report has medians.
    var repetitions: Int
    var date: String
    /// The machine's load when the run began: others were at work.
    var machineLoad: Double
    var loads: [Load] = []
    // One for each repetition.
    var starts: [Start] = []
    var queries: [[QueryMeasure.Figure]] = []
    var freshness: [FreshnessMeasure.Figure] = []
    /// Differences between the answers and what was sent; nil when they were not compared.
    var differences: [String]?
}

extension [Double] {
    /// The middle one, of an even number the upper one; NaN of none.
    var median: Double {
        let sorted = self.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }
}
