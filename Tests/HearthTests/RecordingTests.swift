import Hearth
import Instrumentation
import Testing

/// What goes through the one configuration of a process; one test after another.
@Suite(.serialized) struct RecordingTests {
    private let exporter = InMemoryExporter()

    private struct Trouble: Error, Equatable { var number: Int }

    func exporterReset() { exporter.reset() }

    /// Configures, runs, delivers and returns what was recorded.
    func recorded(
        _ change: (inout HearthConfiguration) -> Void = { _ in },
        _ body: () async throws -> Void
    ) async throws -> [SpanRecord] {
        try Hearth.configure { configuration in
            configuration.send = .never
            configuration.destinations = [.memory(exporter)]
            configuration.detectsResource = false
            change(&configuration)
        }
        try await body()
        #expect(await Hearth.shutdown(within: .seconds(30)))
        return exporter.records
    }

    @Test func spansNestAcrossSuspensionsTasksAndErrors() async throws {
        let records = try await recorded {
            let value = await Hearth.span("outer {n}", ["n": 1]) { _ in
                Hearth.span("first") { _ in Hearth.info("inside") }
                await Task.yield()
                async let second: Void = Hearth.span("second") { _ in await Task.yield() }
                await second
                await withTaskGroup { group in
                    for index in 0..<4 { group.addTask { Hearth.span("task {index}", ["index": index]) { _ in } } }
                }
                return 7
            }
            #expect(value == 7)
        }
        let outer = try #require(records.first { $0.name == "outer {n}" })
        #expect(outer.parentSpanID == nil)
        #expect(outer.message == "outer 1")
        #expect(records.count == 8)
        #expect(Set(records.map(\.traceID)).count == 1)
        #expect(Set(records.map(\.spanID)).count == 8)
        let first = try #require(records.first { $0.name == "first" })
        #expect(records.first { $0.name == "inside" }?.parentSpanID == first.spanID)
        for name in ["first", "second", "task {index}"] {
            #expect(records.filter { $0.name == name }.allSatisfy { $0.parentSpanID == outer.spanID })
        }
        #expect(records.allSatisfy { $0.end >= $0.start })
        #expect(records.first { $0.name == "inside" }.map { $0.kind == .log && $0.start == $0.end } == true)
    }

    @Test func errorsKeepTheirTypeAndAreRecorded() async throws {
        let records = try await recorded {
            #expect(throws: Trouble(number: 3)) {
                try Hearth.span("sync") { _ throws(Trouble) in throw Trouble(number: 3) }
            }
            do throws(Trouble) {
                try await Hearth.span("async") { _ async throws(Trouble) in throw Trouble(number: 4) }
            } catch {
                #expect(error.number == 4)
            }
            Hearth.error("logged", error: Trouble(number: 5))
        }
        #expect(records.count == 3)
        for record in records {
            #expect(record.status == .error)
            #expect(record.level == .error)
            let event = try #require(record.events.first)
            #expect(event.name == "exception")
            #expect(event.attributes.first { $0.key == "exception.type" }?.value.text.hasSuffix("Trouble") == true)
        }
        #expect(records[0].statusMessage.hasSuffix("Trouble(number: 3)"))
        #expect(records[2].events[0].attributes.last?.value == .string("False"))
    }

    @Test func endingTwiceAndSettingAfterTheEndHaveNoEffect() async throws {
        let records = try await recorded {
            let span = Hearth.startSpan("manual {a}", ["a": 1])
            span.activate { Hearth.info("child") }
            span.setAttribute("a", 2)
            span.setLevel(.notice)
            span.addTags("x", "y", "x")
            span.end()
            #expect(!span.isRecording)
            span.end()
            span.setAttribute("late", true)
            span.setMessage("late")
            span.addEvent("late")
        }
        #expect(records.count == 2)
        let span = try #require(records.last)
        // The message tells the values at the start.
        #expect(span.message == "manual 1")
        #expect(span["a"] == 2)
        #expect(span["late"] == nil)
        #expect(span.tags == ["x", "y"])
        #expect(span.level == .notice)
        #expect(span.events.isEmpty)
        #expect(records.first?.parentSpanID == span.spanID)
    }

    @Test func settingsTagsBaggageAndSuppressionReachInside() async throws {
        let records = try await recorded {
            await Hearth.withTags("a") {
                await Hearth.withBaggage(["user": "u1", "own": "b"]) {
                    await Hearth.withSettings(SpanSettings(tags: ["b"], attributes: ["team": "t"], minimumLevel: .warn)) {
                        Hearth.info("too low")
                        Hearth.warn("kept", ["own": 1], tags: ["c"])
                        await Hearth.suppress {
                            await Task.yield()
                            Hearth.span("hidden") { _ in Hearth.fatal("hidden") }
                        }
                    }
                }
            }
            #expect(Hearth.baggage.isEmpty)
        }
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record.tags == ["c", "a", "b"])
        #expect(record["team"] == "t")
        #expect(record["user"] == "u1")
        #expect(record["own"] == 1)
        #expect(record["baggage_conflict.own"] == "b")
    }

    @Test func tracesThatAreNotSampledRecordNothingInside() async throws {
        let records = try await recorded {
            $0.sampler = .named([.init("health*", 0)], otherwise: 1)
        } _: {
            await Hearth.span("healthz") { span in
                await Task.yield()
                #expect(!span.isRecording)
                Hearth.span("child") { _ in Hearth.error("log") }
            }
            Hearth.info("outside")
        }
        #expect(records.map(\.name) == ["outside"])
    }

    @Test func aShareOfTracesIsRecordedWhole() async throws {
        let records = try await recorded {
            $0.sampler = .ratio(0.5)
        } _: {
            for _ in 0..<200 {
                await Hearth.span("root") { span in
                    await Task.yield()
                    let isSampled = span.isRecording
                    Hearth.span("child") { child in #expect(child.isRecording == isSampled) }
                    await withTaskGroup { group in
                        group.addTask { Hearth.span("task") { #expect($0.isRecording == isSampled) } }
                    }
                    // Others are told, and carried places remember it.
                    #expect(Hearth.propagationHeaders().first?.value.hasSuffix(isSampled ? "-01" : "-00") == true)
                    let place = Hearth.currentContext()
                    await Task.detached { place.attach { Hearth.info("carried") } }.value
                    Hearth.withTags("inside") { Hearth.info("tagged") }
                }
            }
        }
        let roots = records.count { $0.name == "root" }
        #expect((50...150).contains(roots))
        for name in ["child", "task", "carried", "tagged"] { #expect(records.count { $0.name == name } == roots) }
    }

    @Test func limitsAreCounted() async throws {
        let records = try await recorded {
            var limits = SpanLimits()
            limits.attributes = 2
            limits.events = 1
            limits.links = 1
            $0.limits = limits
        } _: {
            let other = SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))
            Hearth.span("full", ["a": 1, "b": 2, "c": 3], links: [other, other]) { span in
                span.setAttribute("d", 4)
                span.setAttribute("a", 5)
                span.addEvent("one")
                span.addEvent("two")
                span.addLink(other)
            }
        }
        let record = try #require(records.first)
        #expect(record.attributes == [Attribute("a", 5), Attribute("b", 2)])
        #expect(record.droppedAttributes == 2)
        #expect(record.events.count == 1 && record.droppedEvents == 1)
        #expect(record.links.count == 1 && record.droppedLinks == 2)
    }

    @Test func placesCanBeCarriedToWhereTaskLocalsDoNotReach() async throws {
        let records = try await recorded {
            await Hearth.span("here") { _ in
                let place = Hearth.currentContext()
                await Task.detached {
                    Hearth.info("lost")
                    place.attach { Hearth.info("found") }
                    await Hearth.attach(place) { await Hearth.span("also found") { _ in await Task.yield() } }
                }.value
            }
        }
        let here = try #require(records.first { $0.name == "here" })
        #expect(records.first { $0.name == "lost" }?.parentSpanID == nil)
        #expect(records.first { $0.name == "found" }?.parentSpanID == here.spanID)
        #expect(records.first { $0.name == "also found" }?.parentSpanID == here.spanID)
    }

    @Test func aPlaceOutsideOfSpansIsOutsideEverywhere() async throws {
        let records = try await recorded {
            let outside = Hearth.currentContext()
            let carried = Hearth.carrying { Hearth.info("carried") }
            await Hearth.span("span") { _ in
                outside.attach { Hearth.info("attached") }
                await outside.attach { await Hearth.span("asynchronous") { _ in await Task.yield() } }
                carried()
                OpenSpan("open", kind: .client, scope: .hearth, in: outside).span.end()
                OpenSpan("here", kind: .client, scope: .hearth).span.end()
            }
        }
        let span = try #require(records.first { $0.name == "span" })
        #expect(records.filter { $0.parentSpanID == nil }.map(\.name) == ["attached", "asynchronous", "carried", "open", "span"])
        #expect(records.first { $0.name == "here" }?.parentSpanID == span.spanID)
    }

    @Test func thousandsOfTasksLoseNothing() async throws {
        let records = try await recorded {
            await Hearth.span("root") { _ in
                await withTaskGroup { group in
                    for index in 0..<4000 { group.addTask { await Hearth.span("task", ["index": index]) { _ in await Task.yield() } } }
                }
            }
        }
        #expect(records.count == 4001)
        #expect(Set(records.map(\.spanID)).count == 4001)
    }

    @Test func pendingSpansComeBeforeTheEndAndOnlyForOpenSpans() async throws {
        _ = try await recorded {
            await Hearth.span("long") { _ in
                Hearth.span("short") { _ in }
                #expect(await Hearth.flush(within: .seconds(30)))
                #expect(exporter.all.contains { $0.kind == .pending && $0.name == "long" })
                #expect(!exporter.all.contains { $0.kind == .pending && $0.name == "short" })
            }
        }
        #expect(exporter.records.map(\.name) == ["short", "long"])
    }

    @Test func withoutConfigurationEverythingRunsAndNothingIsRecorded() async throws {
        await Hearth.shutdown()
        var evaluated = 0
        func attributes() -> Attributes {
            evaluated += 1
            return [:]
        }
        #expect(Hearth.span("a", attributes()) { _ in 1 } == 1)
        #expect(await Hearth.span("a", attributes()) { _ in await Task.yield() } == ())
        Hearth.info("a", attributes())
        Hearth.startSpan("a").end()
        #expect(evaluated == 0)
        #expect(!Hearth.isConfigured)
        #expect(Hearth.flush())
        #expect(InstrumentationContext.current == nil)
    }
}
