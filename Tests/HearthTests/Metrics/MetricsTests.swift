import Synchronization
import Testing

@testable import Hearth

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What goes through the one configuration of a process; serialized with the other such tests.
extension RecordingTests {
    /// Configures, runs, delivers and returns what was collected.
    func measured(
        _ change: (inout HearthConfiguration) -> Void = { _ in },
        _ body: (InMemoryExporter) async throws -> Void
    ) async throws -> InMemoryExporter {
        let exporter = InMemoryExporter()
        try Hearth.configure { configuration in
            configuration.send = .never
            configuration.destinations = [.memory(exporter)]
            configuration.detectsResource = false
            change(&configuration)
        }
        try await body(exporter)
        #expect(await Hearth.shutdown(within: .seconds(30)))
        return exporter
    }

    @Test func instrumentsOfAllKindsAreCollected() async throws {
        let counter = Hearth.counter("test.calls", unit: "{call}", description: "calls")
        let amounts = Hearth.counter("test.amount", of: Double.self)
        let open = Hearth.upDownCounter("test.open")
        let gauge = Hearth.gauge("test.temperature", unit: "Cel")
        let level = Hearth.gauge("test.level", of: Int64.self)
        let histogram = Hearth.histogram("test.duration", unit: "ms")
        // Nothing is configured: nothing happens, attributes are not evaluated.
        counter.add(100, [:])
        let exporter = try await measured { _ in
            counter.add(1)
            counter.add(2, ["tool": "search"])
            counter.with(["tool": "search"]).add(3)
            amounts.add(0.5)
            amounts.add(0.25)
            open.add(3)
            open.add(-1)
            gauge.set(20.5)
            gauge.set(21)
            level.set(7)
            histogram.record(12)
            let result = histogram.time { 5 }
            #expect(result == 5)
            await histogram.time(["kind": "async"]) { await Task.yield() }
        }
        let calls = try #require(exporter.metric("test.calls"))
        #expect(calls.unit == "{call}" && calls.description == "calls" && calls.scope == .hearth)
        #expect(calls.kind == .sum(.delta, isMonotonic: true))
        #expect(calls[[:]]?.value == .int(1))
        #expect(calls[["tool": "search"]]?.value == .int(5))
        #expect(exporter.metric("test.amount")?[[:]]?.value == .double(0.75))
        #expect(exporter.metric("test.open")?[[:]]?.value == .int(2))
        #expect(exporter.metric("test.open")?.kind == .sum(.cumulative, isMonotonic: false))
        #expect(exporter.metric("test.temperature")?[[:]]?.value == .double(21))
        #expect(exporter.metric("test.level")?[[:]]?.value == .int(7))
        let durations = try #require(exporter.metric("test.duration"))
        #expect(durations.kind == .exponentialHistogram(.delta))
        #expect(durations[[:]]?.count == 2)
        #expect(durations[["kind": "async"]]?.count == 1)
        for record in exporter.metrics {
            for point in record.points { #expect(point.time >= point.start) }
        }
    }

    @Test func flushesMakeCollections() async throws {
        let counter = Hearth.counter("test.flushed")
        let exporter = try await measured { exporter in
            for number in 1...3 {
                counter.add(number)
                #expect(await Hearth.flush(within: .seconds(30)))
                #expect(exporter.metric("test.flushed")?[[:]]?.value == .int(Int64(number)))
            }
        }
        // Intervals follow upon each other without gaps.
        let points = exporter.metrics.filter { $0.name == "test.flushed" }.flatMap(\.points)
        #expect(points.count == 3)
        for (left, right) in zip(points, points.dropFirst()) { #expect(left.time == right.start) }
    }

    @Test func intervalsCollectByThemselves() async throws {
        let counter = Hearth.counter("test.periodic")
        _ = try await measured {
            $0.metrics.interval = .milliseconds(20)
        } _: { exporter in
            counter.add(1)
            for _ in 0..<500 where exporter.metric("test.periodic") == nil { try await Task.sleep(for: .milliseconds(10)) }
            #expect(exporter.metric("test.periodic") != nil)
        }
    }

    @Test func handlesOutliveConfigurations() async throws {
        let bound = Hearth.counter("test.survivor").with(["a": 1])
        for number in 1...3 {
            let exporter = try await measured { _ in bound.add(number) }
            #expect(exporter.metric("test.survivor")?[["a": 1]]?.value == .int(Int64(number)))
            bound.add(1000)
        }
    }

    @Test func callbacksAreAskedAtEachCollection() async throws {
        let calls = Atomic(0)
        let total = Hearth.observableCounter("test.total", unit: "By") { observer in
            calls.wrappingAdd(1, ordering: .relaxed)
            observer.observe(calls.load(ordering: .relaxed) * 10, ["who": "a"])
        }
        let second = Hearth.observableGauge("test.observed", of: Int64.self) { $0.observe(4) }
        let exporter = try await measured { exporter in
            #expect(await Hearth.flush(within: .seconds(30)))
            #expect(await Hearth.flush(within: .seconds(30)))
            second.cancel()
            exporter.reset()
        }
        total.cancel()
        #expect(exporter.metric("test.total")?[["who": "a"]]?.value == .int(10))
        #expect(exporter.metric("test.observed") == nil)
        let before = calls.load(ordering: .relaxed)
        _ = try await measured { _ in }
        #expect(calls.load(ordering: .relaxed) == before)
    }

    @Test func callbacksThatBlockOrCallBackHarmNobody() async throws {
        let mayGo = Atomic(false)
        let isAsked = Atomic(false)
        let slow = Hearth.observableGauge("test.slow") { observer in
            isAsked.store(true, ordering: .releasing)
            while !mayGo.load(ordering: .acquiring) { usleep(1000) }
            observer.observe(1)
        }
        let reentrant = Hearth.observableGauge("test.reentrant") { observer in
            // Waiting for oneself is refused at once; everything else works.
            observer.observe(Hearth.flush(within: .seconds(60)) ? 1 : 0)
            Hearth.counter("test.made.inside").add(1)
            Hearth.info("from a callback")
        }
        let exporter = try await measured { _ in
            #expect(!(await Hearth.flush(within: .milliseconds(50))))
            let wasAsked = isAsked.load(ordering: .acquiring)
            #expect(wasAsked)
            mayGo.store(true, ordering: .releasing)
            #expect(await Hearth.flush(within: .seconds(30)))
        }
        slow.cancel()
        reentrant.cancel()
        #expect(exporter.metric("test.slow")?[[:]]?.value == .double(1))
        // At the end there is nothing left to wait for.
        #expect(exporter.metrics.first { $0.name == "test.reentrant" }?[[:]]?.value == .double(0))
        #expect(exporter.metric("test.made.inside") != nil)
        #expect(exporter.records.contains { $0.name == "from a callback" })
    }

    @Test func numbersThatCannotBeSummedAreIgnored() async throws {
        let counter = Hearth.counter("test.strict", of: Double.self)
        let histogram = Hearth.histogram("test.strict.histogram")
        let gauge = Hearth.gauge("test.strict.gauge")
        let exporter = try await measured { _ in
            for value in [1, -1, Double.nan, .infinity, -.infinity, 0] {
                counter.add(value)
                histogram.record(value)
                gauge.set(value)
            }
        }
        #expect(exporter.metric("test.strict")?[[:]]?.value == .double(1))
        #expect(exporter.metric("test.strict.histogram")?[[:]]?.count == 3)
        #expect(exporter.metric("test.strict.histogram")?[[:]]?.number == nil)
        #expect(exporter.metric("test.strict.gauge")?[[:]]?.value == .double(0))
    }

    @Test func measurementsInSpansBecomeExemplars() async throws {
        let histogram = Hearth.histogram("test.exemplars")
        let counter = Hearth.counter("test.exemplars.count")
        let exporter = try await measured { _ in
            histogram.record(1)
            Hearth.span("inside") { _ in
                histogram.record(2)
                counter.add(1, ["a": 1])
            }
            Hearth.suppress { counter.add(50) }
        }
        let span = try #require(exporter.records.first { $0.name == "inside" })
        let exemplars = try #require(exporter.metric("test.exemplars")?[[:]]?.exemplars)
        #expect(exemplars.map(\.value) == [.double(2)])
        #expect(exemplars.first?.traceID == span.traceID && exemplars.first?.spanID == span.spanID)
        #expect(exemplars.first.map { $0.time >= span.start && $0.time <= span.end } == true)
        #expect(exporter.metric("test.exemplars.count")?[["a": 1]]?.exemplars.count == 1)
        #expect(exporter.metric("test.exemplars.count")?.points.count == 1)
        let none = try await measured {
            $0.metrics.exemplars = .never
        } _: { _ in
            Hearth.span("inside") { _ in histogram.record(2) }
        }
        #expect(none.metric("test.exemplars")?[[:]]?.exemplars.isEmpty == true)
        let all = try await measured {
            $0.metrics.exemplars = .always
        } _: { _ in
            histogram.record(2)
        }
        #expect(all.metric("test.exemplars")?[[:]]?.exemplars.map(\.traceID) == [nil])
    }

    @Test func openSpansSumUpWhatIsCountedInside() async throws {
        let tokens = Hearth.histogram("gen_ai.client.token.usage", of: Int.self, unit: "{token}")
        let cost = Hearth.counter("operation.cost", of: Double.self, unit: "{USD}")
        let other = Hearth.counter("test.other")
        let exporter = try await measured { _ in
            await Hearth.span("run") { _ in
                await Hearth.span("call") { _ in
                    tokens.record(100, ["gen_ai.token.type": "input", "gen_ai.request.model": "m"])
                    tokens.record(7, ["gen_ai.request.model": "m", "gen_ai.token.type": "output"])
                    cost.add(0.25)
                    await Task.yield()
                }
                Hearth.span("second") { _ in
                    tokens.record(50, ["gen_ai.token.type": "input", "gen_ai.request.model": "m"])
                    cost.add(-5)
                    other.add(1)
                }
                Hearth.span("empty") { _ in }
            }
            tokens.record(1000)
        }
        let spans = Dictionary(uniqueKeysWithValues: exporter.records.map { ($0.name, $0) })
        let run = try #require(spans["run"]?.metrics)
        #expect(
            run.text
                == #"{"gen_ai.client.token.usage":{"details":[{"attributes":{"gen_ai.request.model":"m","gen_ai.token.type":"input"},"#
                + #""total":150},{"attributes":{"gen_ai.request.model":"m","gen_ai.token.type":"output"},"total":7}],"total":157},"#
                + #""operation.cost":{"details":[{"attributes":{},"total":0.25}],"total":0.25}}"#)
        #expect(spans["second"]?.metrics?.text.contains(#""total":50}],"total":50"#) == true)
        #expect(spans["empty"]?.metrics == nil)
        #expect(exporter.metric("operation.cost")?[[:]]?.value == .double(0.25))
        let all = try await measured {
            $0.metrics.collectInSpans = .all
        } _: { _ in
            Hearth.span("run") { _ in other.with(["a": 1]).add(2, ["b": 2]) }
        }
        #expect(all.records.first?.metrics?.text == #"{"test.other":{"details":[{"attributes":{"a":1,"b":2},"total":2}],"total":2}}"#)
    }

    @Test func manyThreadsLoseNothing() async throws {
        let counter = Hearth.counter("test.contended")
        let doubles = Hearth.counter("test.contended.double", of: Double.self)
        let histogram = Hearth.histogram("test.contended.histogram")
        let bound = counter.with(["bound": true])
        let exporter = try await measured { _ in
            await withTaskGroup { group in
                for task in 0..<8 {
                    group.addTask {
                        for number in 0..<2000 {
                            counter.add(1, ["task": task])
                            bound.add(1)
                            doubles.add(0.5)
                            histogram.record(Double(number % 10 + 1))
                            if number % 500 == 0 { await Hearth.flush(within: .seconds(30)) }
                        }
                    }
                }
            }
        }
        func sum(_ name: String) -> Double {
            exporter.metrics.filter { $0.name == name }.flatMap(\.points).reduce(0) { $0 + ($1.number ?? 0) }
        }
        #expect(sum("test.contended") == 32_000)
        #expect(sum("test.contended.double") == 8000)
        #expect(sum("test.contended.histogram") == 8 * 200 * 55)
    }

    @Test func childrenAfterAForkMeasureNothingUntilConfigured() async throws {
        let counter = Hearth.counter("test.forked")
        let exporter = try await measured { _ in
            #expect(counter.target.isActive)
            InstrumentRegistry.becomeChild()
            #expect(!counter.target.isActive)
            counter.add(1)
        }
        #expect(exporter.metric("test.forked") == nil)
        let again = try await measured { _ in counter.add(2) }
        #expect(again.metric("test.forked")?[[:]]?.value == .int(2))
    }

    @Test func withoutMetricsNothingIsCollected() async throws {
        let counter = Hearth.counter("test.off")
        let exporter = try await measured {
            $0.metrics.isEnabled = false
        } _: { _ in
            counter.add(1)
            #expect(!counter.target.isActive)
        }
        #expect(exporter.metrics.isEmpty)
    }

    @Test func theSDKTellsWhatItDropped() async throws {
        var exporter = try await measured {
            var batch = BatchOptions()
            batch.maximumQueuedSpans = 10
            batch.delay = .seconds(5)
            $0.batch = batch
            $0.pendingSpans = false
        } _: { _ in
            for number in 0..<5000 { Hearth.info("n {number}", ["number": number]) }
        }
        let processed = try #require(exporter.metric("otel.sdk.processor.span.processed"))
        #expect(processed.unit == "{span}")
        let points = exporter.metrics.filter { $0.name == processed.name }.flatMap(\.points)
        let dropped = points.filter { $0.attributes["error.type"] == "queue_full" }.reduce(0) { $0 + ($1.number ?? 0) }
        #expect(Int(dropped) + exporter.records.count == 5000)
        exporter = try await measured {
            $0.metrics.sdkMetrics = .all
        } _: { _ in
            for number in 0..<5 { Hearth.info("n {number}", ["number": number]) }
            #expect(await Hearth.flush(within: .seconds(30)))
        }
        let all = exporter.metrics.filter { $0.name == "otel.sdk.processor.span.processed" }.flatMap(\.points)
        #expect(all.reduce(0) { $0 + ($1.number ?? 0) } == 5)
        #expect(exporter.metric("otel.sdk.processor.span.queue.capacity")?.points.first?.number == 65_536)
        #expect(exporter.metric("otel.sdk.metric_reader.collection.duration")?.points.first?.count != nil)
    }

    @Test func suppressionHoldsInsideOfTracesThatAreNotRecorded() async throws {
        let counter = Hearth.counter("test.suppressed")
        let exporter = try await measured {
            $0.sampler = .named([.init("unsampled", 0)], otherwise: 1)
        } _: { _ in
            Hearth.span("unsampled") { _ in
                counter.add(1)
                Hearth.suppress { counter.add(10) }
                #expect(Hearth.withBaggage(["user": "u1"]) { Hearth.baggage["user"] } == "u1")
            }
            Hearth.withBaggage(["user": "u1"]) {
                Hearth.span("unsampled") { _ in
                    #expect(Hearth.baggage["user"] == "u1")
                    Hearth.info("inside")
                }
            }
        }
        #expect(exporter.metric("test.suppressed")?[[:]]?.value == .int(1))
        #expect(exporter.records.isEmpty)
    }

    @Test func aShutdownFromACallbackDoesNotWaitForItself() async throws {
        let start = ContinuousClock.now
        let asked = Atomic(false)
        let gauge = Hearth.observableGauge("test.suicidal") { _ in
            if !asked.exchange(true, ordering: .relaxed) { Hearth.shutdown(within: .seconds(20)) }
        }
        _ = try await measured { _ in _ = await Hearth.flush(within: .seconds(30)) }
        gauge.cancel()
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func anIntervalWithoutEndDoesNotCollectByItself() async throws {
        let calls = Atomic(0)
        let gauge = Hearth.observableGauge("test.never") { _ in calls.wrappingAdd(1, ordering: .relaxed) }
        let exporter = try await measured {
            $0.metrics.interval = .seconds(Int64.max)
        } _: { _ in
            try await Task.sleep(for: .milliseconds(100))
            #expect(calls.load(ordering: .relaxed) == 0)
            #expect(await Hearth.flush(within: .seconds(2)))
        }
        gauge.cancel()
        #expect(exporter.metric("test.never") == nil)
    }
}
