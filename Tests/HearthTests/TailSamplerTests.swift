import Testing

@testable import Hearth

@Suite struct TailSamplerTests {
    /// Records made through the interface, in a trace of their own.
    private func record(
        _ name: String,
        trace: UInt64 = 1,
        root: Bool = false,
        kind: SpanRecord.Kind = .span,
        level: Level? = nil,
        seconds: ClosedRange<UInt64> = 0...1
    ) -> SpanRecord {
        SpanRecord(
            kind: kind, traceID: TraceID(high: 7, low: trace), spanID: SpanID(9), parentSpanID: root ? nil : SpanID(1), flags: .sampled,
            parentIsRemote: false, traceState: "", spanKind: .internal, scope: .hearth, name: name, message: nil, template: nil,
            level: level,
            tags: [],
            attributes: [], events: [], links: [], status: .unset, statusMessage: "", start: seconds.lowerBound * 1_000_000_000,
            end: (kind == .pending ? seconds.lowerBound : seconds.upperBound) * 1_000_000_000, file: "", function: "", line: 0,
            droppedAttributes: 0,
            droppedEvents: 0, droppedLinks: 0
        )
    }

    private func run(_ options: TailSampling, _ records: SpanRecord...) -> [[String]] {
        var sampler = TailSampler(options)
        return records.map { sampler.take($0).map(\.name) }
    }

    @Test func quietTracesVanishWithTheirRoot() {
        #expect(
            run(TailSampling(), record("a"), record("b", kind: .log, level: .info), record("root", root: true), record("late")) == [
                [], [], [], [],
            ])
    }

    @Test func aLevelKeepsTheWholeTrace() {
        #expect(
            run(
                TailSampling(), record("a"), record("warn", kind: .log, level: .warn), record("b"), record("root", root: true),
                record("late"))
                == [[], ["a", "warn"], ["b"], ["root"], ["late"]]
        )
        #expect(run(TailSampling(level: .error), record("warn", level: .warn), record("root", root: true)) == [[], []])
        #expect(run(TailSampling(level: nil), record("fatal", level: .fatal), record("root", root: true)) == [[], []])
    }

    @Test func aLongTraceIsKept() {
        #expect(run(TailSampling(), record("a"), record("root", root: true, seconds: 0...6)) == [[], ["a", "root"]])
        #expect(run(TailSampling(), record("root", root: true, seconds: 0...5)) == [[]])
        // A start tells how long the trace goes on already.
        #expect(
            run(TailSampling(), record("a"), record("open", kind: .pending, seconds: 6...7), record("b")) == [[], ["a", "open"], ["b"]])
        #expect(run(TailSampling(duration: nil), record("root", root: true, seconds: 0...600)) == [[]])
    }

    @Test func tracesAreDecidedApart() {
        #expect(
            run(
                TailSampling(), record("a", trace: 1), record("b", trace: 2), record("e", trace: 2, level: .error),
                record("root", trace: 1, root: true))
                == [[], [], ["b", "e"], []]
        )
    }

    @Test func aShareOfTheOthersIsKept() {
        #expect(run(TailSampling(backgroundRate: 1), record("a"), record("root", root: true)) == [[], ["a", "root"]])
        var kept = 0
        var sampler = TailSampler(TailSampling(backgroundRate: 0.2))
        for _ in 0..<20_000 { kept += sampler.take(record("root", trace: IDGenerator.random(), root: true)).count }
        #expect((3600...4400).contains(kept))
    }

    @Test func memoryIsBounded() {
        var options = TailSampling()
        options.maximumWaitingSpans = 10
        var sampler = TailSampler(options)
        var sent: [String] = []
        for index in 0..<25 { sent += sampler.take(record("span \(index)", trace: UInt64(index))).map(\.name) }
        #expect(sent == (0..<15).map { "span \($0)" })
        #expect(sampler.finish().isEmpty)
    }

    @Test func tracesThatNeverEndAreForgotten() {
        var options = TailSampling()
        options.maximumWaitingSpans = 10
        var sampler = TailSampler(options)
        // Only starts come, as of spans that are let go without an end.
        for index in 0..<1000 { _ = sampler.take(record("open", trace: UInt64(index), kind: .pending)) }
        #expect(sampler.waitingTraces <= 10)
    }

    @Test func aDurationWithoutEndIsAllowed() {
        #expect(run(TailSampling(duration: .seconds(Int64.max)), record("root", root: true, seconds: 0...600)) == [[]])
    }

    @Test func theEndOfTheProcessDecides() {
        var sampler = TailSampler(TailSampling(backgroundRate: 1))
        #expect(sampler.take(record("a")).isEmpty)
        #expect(sampler.finish().map(\.name) == ["a"])
        #expect(sampler.finish().isEmpty)
    }
}
