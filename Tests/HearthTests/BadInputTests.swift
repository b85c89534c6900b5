import Hearth
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the interface does with input that is not as it should be; see Docs/swift-faults.md.
extension RecordingTests {
    /// Makes spans while it is converted.
    private struct Chatty: AttributeConvertible {
        var attributeValue: AttributeValue {
            Hearth.span("inner {n}", ["n": 1]) { _ in Hearth.info("innermost") }
            return "said"
        }
    }

    @Test(arguments: [
        ("{", "{"), ("}", "}"), ("{}", "{}"), ("{a", "{a"), ("a}", "a}"), ("{{a}}", "{a}"), ("{a}{", "1{"), ("{a}}", "1}"),
        ("{ a }", "{ a }"), ("{a=}", "a=1"), ("{b}", "{b}"), ("", ""), ("{a b {a}", "{a b 1"), ("é{a}é", "é1é"), ("{{{a}}}", "{1}"),
    ])
    func templatesThatAreNotWellFormedStayAsTheyAre(_ template: String, _ message: String) async throws {
        let records = try await recorded {
            Hearth.info(template, ["a": 1])
        }
        #expect(records.map(\.message) == [message])
    }

    @Test func numbersThatAreNoneKeepTheirNames() async throws {
        let records = try await recorded {
            Hearth.info("{a} {b}", ["a": Double.nan, "b": -Double.infinity, "list": [Double.nan, .infinity]])
        }
        #expect(records[0].message == "nan -inf")
        #expect(records[0]["list"]?.text == #"["NaN","Infinity"]"#)
        #expect(records[0]["a"].map { if case .double(let number) = $0 { number.isNaN } else { false } } == true)
    }

    @Test func longTextsAreCutOff() async throws {
        let long = String(repeating: "ä", count: 10_000_000)
        let records = try await recorded {
            Hearth.info("whole", ["short": "x", "long": long, "list": [long, "y"]])
        }
        #expect(records[0]["long"]?.text.unicodeScalars.count == 4 * 1024 * 1024)
        #expect(records[0]["short"] == "x")
        let limited = try await recorded {
            var limits = SpanLimits()
            limits.valueLength = 3
            $0.limits = limits
        } _: {
            Hearth.span("a {v}", ["v": "äbcdef", "o": ["k": ["12345"]]]) { span in
                span.addEvent("e", ["t": "12345"])
                span.setAttribute("late", "abcd")
            }
        }
        #expect(limited.last?["v"] == "äbc")
        #expect(limited.last?["o"] == ["k": ["123"]])
        #expect(limited.last?["late"] == "abc")
        #expect(limited.last?.events.first?.attributes == [Attribute("t", "123")])
    }

    @Test func bytesThatAreNoTextBecomeReplacementCharacters() async throws {
        let text = String(decoding: [0x61, 0xff, 0xfe, 0x62, 0x00] as [UInt8], as: UTF8.self)
        let records = try await recorded { Hearth.info("{t}", ["t": text]) }
        #expect(records[0].message == "a\u{fffd}\u{fffd}b\u{0}")
    }

    @Test func spansInsideOfAConversionAreChildrenOfWhatIsOpen() async throws {
        let records = try await recorded {
            Hearth.span("outer") { span in
                span.setAttribute("chatty", Chatty())
                Hearth.span("middle", ["chatty": Chatty()]) { _ in }
                Hearth.span("unevaluated", level: .info) { _ in }
            }
        }
        let outer = try #require(records.first { $0.name == "outer" })
        #expect(outer["chatty"] == "said")
        #expect(records.count { $0.name == "inner {n}" && $0.parentSpanID == outer.spanID } == 2)
        #expect(records.count == 7)
    }

    @Test func aShareOfSingleSpansIsMade() async throws {
        let records = try await recorded {
            Hearth.span("root") { _ in
                for _ in 0..<1000 {
                    Hearth.withSettings(SpanSettings(sampleRate: 0.25)) { Hearth.span("one") { _ in Hearth.info("inside") } }
                }
                Hearth.withSettings(SpanSettings(sampleRate: .nan)) { Hearth.info("all") }
                Hearth.withSettings(SpanSettings(sampleRate: -1)) { Hearth.info("none") }
            }
        }
        let ones = records.filter { $0.name == "one" }
        #expect((170...330).contains(ones.count))
        #expect(ones.allSatisfy { $0["logfire.sample_rate"] == 0.25 })
        #expect(records.contains { $0.name == "all" } && !records.contains { $0.name == "none" })
        // Nothing lies under a span that was not made.
        let known = Set(records.map(\.spanID))
        #expect(records.allSatisfy { $0.parentSpanID.map(known.contains) ?? true })
    }

    @Test func aNameThatComesTwiceHasItsLastValue() async throws {
        let records = try await recorded {
            for _ in 0..<4 { Hearth.info("{a}", ["a": 1, "b": 2, "a": 3]) }
            Hearth.span("event") { $0.addEvent("e", ["x": 1, "x": 2]) }
        }
        #expect(records.count == 5)
        for record in records.dropLast() {
            #expect(record.attributes == [Attribute("a", 3), Attribute("b", 2)])
            #expect(record.message == "3")
        }
        #expect(records.last?.events.first?.attributes == [Attribute("x", 2)])
        let twice: Attributes = ["a": 1, "a": 2]
        #expect(twice["a"] == 2)
    }

    @Test func whatWaitsForItsTraceIsSentAtTheEnd() async throws {
        for _ in 0..<20 {
            let records = try await recorded {
                $0.tailSampling = TailSampling(backgroundRate: 1)
            } _: {
                let root = Hearth.startSpan("never ended")
                root.activate { Hearth.info("waits") }
            }
            #expect(records.map(\.name) == ["waits"])
            exporterReset()
        }
    }

    @Test func threadsOfTheApplicationTakeSignals() async throws {
        let blocked = await withCheckedContinuation { continuation in
            Hearth.detachThread {
                var mask = sigset_t()
                sigemptyset(&mask)
                pthread_sigmask(SIG_SETMASK, &mask, nil)
                // As a thread of the system would, it takes the mask of the one that makes it.
                Hearth.detachThread {
                    var mask = sigset_t()
                    pthread_sigmask(SIG_BLOCK, nil, &mask)
                    continuation.resume(returning: sigismember(&mask, SIGTERM) == 1)
                }
            }
        }
        #expect(!blocked)
    }

    @Test func aFileThatTakesNothingIsCounted() async throws {
        try Hearth.configure { configuration in
            configuration.send = .never
            configuration.detectsResource = false
            configuration.metrics.isEnabled = false
            configuration.destinations = [.file(path: "/dev/full"), .file(path: "/nonexistent/spans")]
        }
        for number in 0..<5 { Hearth.info("n {number}", ["number": number]) }
        #expect(await Hearth.flush(within: .seconds(10)))
        #expect(Hearth.statistics.exported == 5)
        #expect(Hearth.statistics.lost == 10)
        await Hearth.shutdown()
    }
}
