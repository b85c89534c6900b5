import HearthExport
import Instrumentation
import Synchronization
import Testing

@testable import Hearth

/// Keeps what the pipeline hands on.
final class CapturingDestination: SpanDestination {
    private let batches = Mutex<[RecordBatch]>([])
    private let isHeld = Monitor(false)

    var keepsBatches: Bool { true }

    /// Whether the export thread is kept waiting.
    func hold(_ flag: Bool) { isHeld.update { $0 = flag } }

    func take(_ batch: SpanBatch) {
        _ = isHeld.wait(until: nil) { $0 ? nil : true }
        batches.withLock { $0.append(batch.encoded) }
    }

    func flush(deadline: UInt64) -> Bool { true }
    func shutdown(deadline: UInt64) -> Bool { true }

    var count: Int { batches.withLock { $0.reduce(0) { $0 + $1.count } } }

    /// All spans, decoded.
    func spans() throws -> [Fields] {
        try batches.withLock { $0 }.flatMap { try Self.spans(of: $0) }
    }

    static func spans(of batch: RecordBatch) throws -> [Fields] {
        let request = try Fields(batch.request(0..<batch.count))
        return try (request.bytes[1] ?? []).flatMap { resource in
            try (try Fields(resource).bytes[2] ?? []).flatMap { scope in
                try (try Fields(scope).bytes[2] ?? []).map { try Fields($0) }
            }
        }
    }
}

extension Runtime {
    /// A runtime that sends to a destination, outside of the process's configuration.
    static func test(
        _ destination: any SpanDestination,
        scrubber: Scrubber? = Scrubber(ScrubbingOptions()),
        options: BatchOptions = BatchOptions(),
        limits: SpanLimits = SpanLimits(),
        emitsPending: Bool = true
    ) -> Runtime {
        let runtime = Runtime(
            pipeline: Pipeline(
                destinations: [destination],
                resource: [Attribute("service.name", "test")],
                scrubber: scrubber,
                tailSampling: nil,
                options: options,
                maximumValueLength: limits.valueLength,
                emitsPending: emitsPending
            ),
            console: nil,
            sampler: .always,
            limits: limits,
            minimumLevel: .trace,
            addsBaggage: true,
            acceptsRemoteParents: true,
            exitTimeout: .seconds(1),
            metrics: nil
        )
        // Like those of the process: spans hold no reference.
        _ = Unmanaged.passRetained(runtime)
        return runtime
    }

    func started(_ request: Request, _ attributes: Attributes = [:]) throws -> HearthSpan {
        guard case .recorded(let span) = start(request, in: nil, attributes: { attributes }) else { throw NotRecorded() }
        return span
    }

    private struct NotRecorded: Error {}

    @discardableResult
    func flushed() -> Bool { pipeline.flush(deadline: SystemTime.deadline(after: .seconds(30))) }
}

@Suite struct DirectEncoderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var style = HearthSpan.Style.span
        var level: Level?
        var tags: [String] = []
        var attributes: Attributes = [:]
        var change: @Sendable (HearthSpan) -> Void = { _ in }
        var testDescription: String { "\(name) \(attributes.map(\.key))" }
    }

    static let cases: [Case] = [
        Case(name: "plain text"),
        Case(name: "of the API of the ecosystem", style: .plain, attributes: ["a": 1]),
        Case(name: "log {n}", style: .log, level: .warn, attributes: ["n": -5]),
        Case(name: "{a} {b=}, {c}: {d} {{x}}", attributes: ["a": "ä", "b": 1.5, "c": true, "d": Int64.min]),
        Case(name: "unfilled {x", attributes: ["x": 1]),
        Case(name: "unfilled {x} {y}", attributes: ["x": 1]),
        Case(name: "{x}}", attributes: ["y": 1]),
        Case(name: "lone } brace"),
        Case(name: "", attributes: ["": ""]),
        Case(name: "tags", level: .notice, tags: ["a", "b"]),
        Case(name: "structure {l}", attributes: ["l": [1, 2], "o": ["k": "v"]]),
        Case(name: "long {t}", attributes: ["t": String(repeating: "é", count: 300)]),
        Case(name: "longer", attributes: ["t": String(repeating: "x", count: 20_000), "u": String(repeating: "y", count: 128)]),
        Case(name: "longest", attributes: ["t": String(repeating: "x", count: 200_000)]),
        Case(name: "numbers", attributes: ["i": Int64.max, "z": 0, "d": Double.nan, "e": -0.0]),
        Case(name: "status", change: { $0.setStatus(.error, "bad") }),
        Case(name: "ok", change: { $0.setStatus(.ok) }),
        Case(name: "changed {a}", attributes: ["a": 1], change: { $0.setAttribute("a", 2) }),
        Case(name: "added {a}", attributes: ["a": 1], change: { $0.setAttribute("b", "later") }),
        Case(name: "named", change: { $0.setName("other") }),
        Case(name: "said", change: { $0.setMessage("other") }),
        Case(name: "event", change: { $0.addEvent("e", ["k": 1]) }),
        Case(name: "secret", attributes: ["password": "hunter2"]),
        Case(name: "secret value {v}", attributes: ["v": "my password is hunter2"]),
        Case(name: "exempt", attributes: ["gen_ai.input.messages": "the password is x"]),
        Case(name: "twice {a}", attributes: ["a": 1, "b": 2, "a": 3]),
        Case(name: "many", attributes: Attributes((0..<200).map { Attribute("k\($0)", .int(Int64($0))) })),
    ]

    /// What the encoder of records makes of the same span; attributes in any order.
    @Test(arguments: cases) func bothWaysGiveTheSame(_ example: Case) throws {
        let destination = CapturingDestination()
        let runtime = Runtime.test(destination, emitsPending: false)
        let scrubber = Scrubber(ScrubbingOptions())
        var expected: [Fields] = []
        // The first spans of a place go the other way anyhow.
        for _ in 0..<4 {
            let request = Runtime.Request(
                name: example.name,
                style: example.style,
                spanKind: .client,
                level: example.level,
                tags: example.tags,
                source: SourceLocation(file: "App/main.swift", function: "run()", line: 300)
            )
            let span = try runtime.started(request, example.attributes)
            example.change(span)
            span.end()
            var record = try #require(SpanRecord(span, isPending: false))
            scrubber.scrub(&record)
            var encoder = SpanEncoder(resource: [], keepsRecords: false)
            encoder.add(record)
            expected += try CapturingDestination.spans(of: encoder.finish().encoded)
            #expect(runtime.flushed())
        }
        let spans = try destination.spans()
        try #require(spans.count == 4)
        for (got, wanted) in zip(spans, expected) {
            #expect(got.numbers == wanted.numbers)
            #expect(got.bytes.filter { $0.key != 9 } == wanted.bytes.filter { $0.key != 9 })
            #expect(try got.attributes(9) == wanted.attributes(9))
            #expect(got.bytes[9]?.count == wanted.bytes[9]?.count)
            #expect(Set(got.bytes[9] ?? []) == Set(wanted.bytes[9] ?? []))
        }
        #expect(runtime.pipeline.shutdown(deadline: SystemTime.deadline(after: .seconds(5))))
    }

    /// A limit of ten characters holds for values, for the text of a status and for own messages, not for filled templates.
    @Test(arguments: [("0123456789 {a}", "0123456789 short"), ("x", "x")])
    func textsAreCutTheSameWayEverywhere(_ template: String, _ message: String) throws {
        let destination = CapturingDestination()
        var limits = SpanLimits()
        limits.valueLength = 10
        let runtime = Runtime.test(destination, limits: limits, emitsPending: false)
        for number in 0..<8 {
            let request = Runtime.Request(name: template, source: SourceLocation(file: "App/long/name.swift", function: "f", line: 17))
            let span = try runtime.started(request, ["a": "short"])
            span.setStatus(.error, "01234567890123456789")
            // Sends the span the other way.
            if number % 2 == 1 { span.addEvent("e") }
            span.end()
            runtime.flushed()
        }
        let spans = try destination.spans()
        try #require(spans.count == 8)
        for span in spans {
            #expect(try span.attributes(9)["logfire.msg"] == message)
            #expect(try Fields(#require(span.bytes[15]?.first)).text(2) == "0123456789")
        }
    }

    @Test func manyThreadsLoseNothing() async throws {
        let destination = CapturingDestination()
        // A span that is open while the export thread looks would be there twice.
        let runtime = Runtime.test(destination, emitsPending: false)
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<2000 {
                        let request = Runtime.Request(name: "many {n}", source: SourceLocation(file: "f", function: "g", line: task))
                        (try? runtime.started(request, ["n": number]))?.end()
                        if number % 64 == 0 { await Task.yield() }
                    }
                }
            }
        }
        #expect(runtime.flushed())
        let spans = try destination.spans()
        #expect(spans.count == 16_000)
        #expect(Set(spans.compactMap { $0.bytes[2]?.first }).count == 16_000)
    }

    @Test func moreThanTheQueueHoldsIsDroppedAndCounted() throws {
        let destination = CapturingDestination()
        var options = BatchOptions()
        options.maximumQueuedSpans = 100
        let runtime = Runtime.test(destination, options: options, emitsPending: false)
        func make(_ count: Int) throws {
            for _ in 0..<count {
                try runtime.started(Runtime.Request(name: "drop", source: SourceLocation(file: "f", function: "g", line: 1))).end()
            }
        }
        try make(10)
        runtime.flushed()
        destination.hold(true)
        try make(1000)
        destination.hold(false)
        #expect(runtime.flushed())
        #expect(destination.count + runtime.pipeline.statistics.dropped == 1010)
        // What the export thread held, and as many again.
        #expect((110...210).contains(destination.count))
        // There is room again afterwards.
        try make(50)
        #expect(runtime.flushed())
        #expect(destination.count + runtime.pipeline.statistics.dropped == 1060)
        #expect(runtime.pipeline.statistics.dropped >= 800)
    }
}
