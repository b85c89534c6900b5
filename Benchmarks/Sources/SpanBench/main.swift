import Hearth
import HearthTracing
import Tracing

// usage: SpanBench [--only TEXT] [--count N] [URL]. CPU time of spans of the SDK, the export thread included, as medians of rounds.
// With a URL the spans are sent there; otherwise they are encoded and written to /dev/null. --only runs the rows whose name contains TEXT.
#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The value behind a flag.
func option(_ name: String) -> String? {
    guard let index = CommandLine.arguments.firstIndex(of: name), index + 1 < CommandLine.arguments.count else { return nil }
    return CommandLine.arguments[index + 1]
}
let only = option("--only")
/// One round of so many calls instead of the usual rounds: for tools that count instructions.
let fixedCount = option("--count").flatMap { Int($0) }
let address = CommandLine.arguments.dropFirst().first { $0.hasPrefix("http") }

/// CPU time of the whole process in nanoseconds.
func processorTime() -> Double {
    var usage = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &usage)
    return Double(usage.tv_sec) * 1e9 + Double(usage.tv_nsec)
}

/// Largest resident size so far in megabytes.
func peakMemory() -> Double {
    var usage = rusage()
    getrusage(0, &usage)
    return Double(usage.ru_maxrss) / 1024
}

/// Nanoseconds of CPU per call: the median of rounds, each of which ends when everything is exported.
///
/// Spans that are dropped cost little, so every row tells how many of those made were exported.
@MainActor
func measure(_ name: String, bar: Double, count: Int, rounds: Int = 9, isExported: Bool = true, _ body: () -> Void) {
    if let only, !name.contains(only) { return }
    let rounds = fixedCount == nil ? rounds : 1
    let count = fixedCount ?? count
    var results: [Double] = []
    let before = Hearth.statistics
    for _ in 0..<rounds {
        let start = processorTime()
        for _ in 0..<count { body() }
        Hearth.flush(within: .seconds(60))
        results.append((processorTime() - start) / Double(count))
    }
    results.sort()
    let median = results[rounds / 2]
    let text = median < 100 ? "\((median * 10).rounded() / 10)" : "\(Int(median))"
    let after = Hearth.statistics
    let exported = after.exported - before.exported
    var line = "\(name): \(text) ns (best \(Int(results[0]))), bar \(Int(bar)) ns, \(median <= bar ? "met" : "missed")"
    if isExported { line += "; exported \(exported) of \(count * rounds)" }
    if after.dropped > before.dropped { line += ", DROPPED \(after.dropped - before.dropped)" }
    print(line)
}

@MainActor
func configure(_ change: (inout HearthConfiguration) -> Void = { _ in }) throws {
    try Hearth.configure { configuration in
        configuration.serviceName = "span-bench"
        if let address {
            configuration.baseURL = address
        } else {
            configuration.send = .never
            configuration.destinations = [.file(path: "/dev/null")]
        }
        var batch = BatchOptions()
        batch.maximumQueuedSpans = 1_000_000
        configuration.batch = batch
        change(&configuration)
    }
}

let count = 50_000
measure("not configured", bar: 5, count: 20_000_000, rounds: 3, isExported: false) { Hearth.span("bench", ["a": 1]) { _ in } }
try configure()
measure("no attributes", bar: 600, count: count) { Hearth.span("bench") { _ in } }
measure("4 attributes", bar: 1200, count: count) {
    Hearth.span("bench", ["symbol": "AAPL", "count": 25, "price": 1.5, "cached": true]) { _ in }
}
measure("4 attributes in the message", bar: 1200, count: count) {
    Hearth.span("{symbol}: {count} at {price}, {cached}", ["symbol": "AAPL", "count": 25, "price": 1.5, "cached": true]) { _ in }
}
measure("log with 1 attribute", bar: 1200, count: count) { Hearth.info("hit for {symbol}", ["symbol": "AAPL"]) }
let tracer = HearthTracer()
measure("withSpan of swift-distributed-tracing", bar: 600, count: count) { tracer.withSpan("bench") { _ in } }
try configure {
    $0.pendingSpans = false
    $0.scrubbing = nil
}
measure("4 attributes, no pending spans, no scrubbing", bar: 1200, count: count) {
    Hearth.span("bench", ["symbol": "AAPL", "count": 25, "price": 1.5, "cached": true]) { _ in }
}
try configure { $0.sampler = .never }
measure("sampled out, all", bar: 50, count: 1_000_000, isExported: false) { Hearth.span("bench", ["a": 1]) { _ in } }
try configure { $0.sampler = .ratio(1e-12) }
measure("sampled out, by trace id", bar: 50, count: 1_000_000, isExported: false) { Hearth.span("bench", ["a": 1]) { _ in } }
if only == nil {
    try configure { $0.batch = BatchOptions() }
    let before = peakMemory()
    let start = processorTime()
    for _ in 0..<2_000_000 { Hearth.span("burst", ["a": 1]) { _ in } }
    Hearth.flush(within: .seconds(60))
    let burst = Hearth.statistics
    print(
        "burst of 2,000,000: \(Int((processorTime() - start) / 2e6)) ns a span, peak memory \(Int(before)) → \(Int(peakMemory())) MB; "
            + "exported \(burst.exported), dropped \(burst.dropped)"
    )
}
