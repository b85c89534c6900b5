import Testing

@testable import HearthDemo

/// Everything a story exports, without a server.
struct ToldStory {
    var batches: [ServiceBatch] = []
    var truth: DemoTruth

    init(seed: UInt64, minutes: Double, wallStart: Int64 = 1_795_000_000_000_000_000, speed: Double = 60, stopAfter: Int64? = nil) {
        let clock = DemoClock(wallStart: wallStart, length: Int64(minutes * 60e9), speed: speed)
        var timeline = Timeline(seed: seed, clock: clock)
        while let time = timeline.nextTime {
            if let stopAfter, time - clock.storyStart > stopAfter { timeline.stop(at: time) }
            batches += timeline.advance()
        }
        truth = timeline.truth
    }

    var sent: [SentSpan] { batches.flatMap(\.spans) }

    var finals: [SpanDraft] {
        sent.compactMap { if case .final(let span) = $0 { span } else { nil } }
    }

    var pendings: [SpanDraft] {
        sent.compactMap { if case .pending(let span) = $0 { span } else { nil } }
    }
}

@Suite("What the demonstration says it sends")
struct DemoTruthTests {
    @Test("one seed tells one story, whenever it starts; another tells another")
    func seeds() {
        let first = ToldStory(seed: 7, minutes: 1)
        let later = ToldStory(seed: 7, minutes: 1, wallStart: 1_795_000_123_456_789_000, speed: 1)
        #expect(first.truth == later.truth)
        #expect(first.truth.jsonText == later.truth.jsonText)
        #expect(first.truth != ToldStory(seed: 8, minutes: 1).truth)
        // Ids must differ, or the server would take the second run for a repeat of the first.
        #expect(Set(first.finals.map(\.spanID)).isDisjoint(with: later.finals.map(\.spanID)))
    }

    @Test("two minutes hold everything that is promised (B3)", arguments: [1, 2, 3] as [UInt64])
    func promises(seed: UInt64) {
        let truth = ToldStory(seed: seed, minutes: 2).truth
        for feature in DemoFeature.allCases { #expect(truth.features[feature, default: 0] > 0, "\(feature)") }
        #expect(truth.services.count >= 3)
        #expect(truth.models.count >= 5)
        #expect(Set(truth.models.keys.map(\.provider)).isSuperset(of: ["openai", "anthropic", "google"]))
        #expect(Set(truth.services.values.map(\.environment)).count >= 3)
        #expect(truth.totals.errors > 0 && truth.totals.truncated > 0 && truth.totals.retried > 0 && truth.totals.withFirstToken > 0)
        #expect(truth.totals.callsWithoutCost > 0)
        #expect(truth.services.values.allSatisfy { $0.spans > 0 })
        #expect(truth.services["billing-worker"].map { $0.logRecords > 0 && $0.pendingSpans == 0 } == true)
        #expect(truth.metricPoints > 0)
    }

    @Test("the truth is what the spans say")
    func sums() {
        let story = ToldStory(seed: 1, minutes: 2)
        let calls = story.finals.compactMap(\.call)
        #expect(story.truth.totals.calls == calls.count)
        #expect(story.truth.totals.cost == calls.reduce(0) { $0 + ($1.cost ?? 0) })
        #expect(story.truth.spans + story.truth.logs == story.finals.count + story.batches.reduce(0) { $0 + $1.logs.count })
        #expect(story.truth.pendingSpans == story.pendings.count)
        #expect(story.truth.traces == Set(story.finals.map(\.traceID)).count)
    }

    @Test("money is exact", arguments: [(1_880, 42, 1_024, 0, 512_000), (1_000_000, 0, 0, 0, 400_000_000)])
    func money(input: Int, output: Int, cacheRead: Int, cacheWrite: Int, expected: Int) {
        // The first row is a real call of the OpenAI client with genai-prices.
        let cost = LanguageModel.gpt41Mini.rates?.cost(input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite)
        #expect(cost == expected)
    }

    @Test("stopping early still sends everything that was announced")
    func stop() {
        let story = ToldStory(seed: 1, minutes: 2, stopAfter: 20_000_000_000)
        let finished = Set(story.finals.map(\.spanID))
        #expect(story.pendings.allSatisfy { finished.contains($0.spanID) })
        #expect(story.truth.totals.calls > 0)
        #expect(story.truth.totals.calls == story.finals.compactMap(\.call).count)
    }
}
