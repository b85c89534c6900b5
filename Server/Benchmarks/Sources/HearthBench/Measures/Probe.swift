import OTLPWire

/// A request with one small span of its own trace.
struct Probe {
    let body: [UInt8]
    let traceID: String

    /// - Parameters:
    ///   - number: different for each probe.
    ///   - time: Unix nanoseconds of the span's end.
    init(number: Int, time: Int64) {
        var random = WorkloadRandom(seed: UInt64(bitPattern: time) &+ UInt64(number))
        let trace = WorkloadTrace(seed: random.next(), index: number, service: .supportBot)
        var span = SpanWriter(trace, id: random.next() | 1, parent: 0, name: "chat probe", kind: 3, start: time - 1_000_000, end: time)
        span.set("gen_ai.operation.name", "probe")
        span.set("logfire.msg", "probe")
        body = WorkloadService.supportBot.request([span.finish()])
        traceID = trace.hex
    }
}
