/// The bars of design §8 that a server can be measured against, by the row of the report.
enum Bars {
    /// Microseconds of CPU a span that VictoriaTraces (built from its source of July 2025) took for the same workload on the machine that the bars
    /// were set on: 49 to 54 in five runs, of bodies of 500 and of 50 alike.
    static let peerCPU = 51.5
    static func ingest(bodySize: Int) -> Double { bodySize >= 500 ? 30 : 40 }
    static let sealing = 15.0
    /// Seconds; for 100,000 spans.
    static let settle = 20.0
    static let diskPerSpan = 330.0
    static let diskPerSpanWithIndex = 400.0
    static let idleMegabytes = 80.0
    static let peakMegabytes = 500.0
    static let visibleMedian = 50.0
    static let visibleSlowest = 500.0
    static let startEmpty = 150.0
    static let startLoaded = 300.0
    static let startAfterKill = 600.0
    static let stop = 5_000.0
    /// Milliseconds of CPU by the name of a query, meant for 1,000,000 spans.
    static let queries = [
        "calls, tokens, cost, mean, p95 by model": 30.0, "newest 50 root spans": 5, "open a trace of 50": 4, "open a trace of 5,000": 50,
        "message search, rare phrase": 20, "message search, common phrase": 150,
    ]
}
