/// Writes a deterministic workload: agent runs whose messages grow turn by turn, tools with database spans, and plain web requests;
/// about 1.7 KB of protobuf a span, of which message bodies are more than half.
struct WorkloadGenerator {
    private let seed: UInt64
    private let bodySize: Int
    private let end: Int64
    private let writer: FrameWriterBox
    private var buffers: [[[UInt8]]] = Array(repeating: [], count: WorkloadService.allCases.count)
    private(set) var truth = WorkloadTruth()
    let text = WorkloadText()

    /// Below this size the two special traces are left out.
    private static let specialTraces = 20_000
    /// The workload's traces start within this time before its end, nanoseconds.
    private static let window: Int64 = 86_400_000_000_000

    /// - Parameters:
    ///   - path: the frame file to write.
    ///   - spans: at least; the last trace is not cut.
    ///   - bodySize: spans of a body.
    ///   - end: Unix nanoseconds before which every span has ended.
    static func write(to path: String, spans: Int, bodySize: Int, seed: UInt64, end: Int64) throws(BenchError) -> WorkloadTruth {
        var generator = WorkloadGenerator(seed: seed, bodySize: bodySize, end: end, writer: try FrameWriterBox(path: path))
        try generator.generate(spans)
        return generator.truth
    }

    private init(seed: UInt64, bodySize: Int, end: Int64, writer: FrameWriterBox) {
        self.seed = seed
        self.bodySize = bodySize
        self.end = end
        self.writer = writer
    }

    private mutating func generate(_ wanted: Int) throws(BenchError) {
        let special = wanted >= Self.specialTraces ? 5_050 : 0
        // A natural trace has about 16 spans.
        let expected = Int64(max(1, wanted / 16))
        var index = 0
        while truth.spans + special < wanted {
            var trace = WorkloadTrace(seed: seed, index: index, service: nil)
            let usable = Self.window - 3_600_000_000_000
            let start = end - Self.window + min(Int64(index), expected) * (usable / expected) + Int64(trace.random.below(500_000_000))
            if trace.service == .checkoutAPI { try web(&trace, start) } else { try agent(&trace, start, spans: nil) }
            index += 1
        }
        if special > 0 {
            var small = WorkloadTrace(seed: seed, index: index, service: .supportBot)
            try agent(&small, end - Self.window / 24, spans: 50)
            var large = WorkloadTrace(seed: seed, index: index + 1, service: .researchAgent)
            try agent(&large, end - Self.window / 2, spans: 5_000)
            (truth.traceOf50, truth.traceOf5000) = (small.hex, large.hex)
            index += 2
        }
        truth.traces = index
        for service in WorkloadService.allCases { try flush(service) }
    }

    mutating func emit(_ span: [UInt8], of service: WorkloadService) throws(BenchError) {
        buffers[service.rawValue].append(span)
        truth.spans += 1
        if buffers[service.rawValue].count >= bodySize { try flush(service) }
    }

    mutating func count(_ model: String, _ change: (inout WorkloadTruth.Model) -> Void) {
        change(&truth.models[model, default: WorkloadTruth.Model()])
    }

    /// Counts a record whose messages hold these needles.
    mutating func count(_ needles: Set<WorkloadNeedle>) {
        for needle in needles { truth.needles[needle, default: 0] += 1 }
    }

    private mutating func flush(_ service: WorkloadService) throws(BenchError) {
        let spans = buffers[service.rawValue]
        guard !spans.isEmpty else { return }
        try writer.writer.write(service.request(spans), spans: spans.count)
        buffers[service.rawValue].removeAll(keepingCapacity: true)
    }
}

/// Lets a copyable generator hold the writer.
private final class FrameWriterBox {
    let writer: FrameWriter

    init(path: String) throws(BenchError) {
        writer = try FrameWriter(path: path)
    }
}
