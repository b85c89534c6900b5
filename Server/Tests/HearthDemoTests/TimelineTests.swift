import Testing

@testable import HearthDemo

@Suite("How the demonstration sends")
struct TimelineTests {
    private let story = ToldStory(seed: 3, minutes: 2)

    @Test("an open span is announced before it is sent, a short one is not")
    func pendingFirst() {
        var announced: Set<UInt64> = []
        var finished: Set<UInt64> = []
        for sent in story.sent {
            switch sent {
            case .pending(let span):
                #expect(!finished.contains(span.spanID))
                #expect(announced.insert(span.spanID).inserted)
            case .final(let span):
                #expect(finished.insert(span.spanID).inserted)
                let duration = span.end - span.start
                if span.style == .logfire, duration > Timeline.flushInterval { #expect(announced.contains(span.spanID), "\(span.name)") }
                if span.style != .logfire || duration == 0 { #expect(!announced.contains(span.spanID)) }
            }
        }
        #expect(announced.isSubset(of: finished))
    }

    @Test("nothing lies in the future when it is sent, at any speed", arguments: [1, 60] as [Double])
    func clock(speed: Double) {
        let start: Int64 = 1_795_000_000_000_000_000
        let clock = DemoClock(wallStart: start, length: 120_000_000_000, speed: speed)
        #expect(clock.wallTime(of: clock.storyStart) == start)
        for second in stride(from: Int64(0), through: 120, by: 10) {
            let time = clock.storyStart + second * 1_000_000_000
            #expect(time <= clock.wallTime(of: time))
        }
        let end = clock.storyStart + clock.storyLength
        #expect(clock.wallTime(of: end) == end)
    }

    @Test("a child lies within its parent, in the same trace")
    func nesting() {
        let spans = Dictionary(uniqueKeysWithValues: story.finals.map { ($0.spanID, $0) })
        for span in story.finals where span.parentID != 0 {
            let parent = spans[span.parentID]
            #expect(parent?.traceID == span.traceID)
            #expect(parent.map { $0.start <= span.start } == true)
            // The log of a streamed answer and what follows may outlive nothing: every scenario closes its spans in order.
            #expect(parent.map { span.end <= $0.end } == true, "\(span.name)")
            #expect(span.hasRemoteParent == (parent?.service != span.service))
        }
    }

    @Test("a streamed pair, a nested duplicate and a conversation look like the emitters' own")
    func shapes() throws {
        let log = try #require(story.finals.first { $0.features.contains(.streamedPair) })
        let opener = story.finals.filter { $0.parentID == log.parentID && $0.scope == log.scope && $0.kind == .client }
        #expect(opener.count == 1)
        #expect(opener.first?.call == nil)
        #expect(opener.first.map { span in !span.closing.items.contains { $0.key == "gen_ai.usage.input_tokens" } } == true)

        let outer = try #require(story.finals.first { $0.features.contains(.nestedDuplicate) })
        let inner = try #require(story.finals.first { $0.parentID == outer.spanID && $0.scope == .anthropicSDK })
        func text(_ span: SpanDraft, _ key: String) -> AttributeValue? {
            (span.opening.items + span.closing.items).first { $0.key == key }?.value
        }
        #expect(inner.call == nil)
        #expect(text(inner, "gen_ai.response.id") == text(outer, "gen_ai.response.id"))

        let second = try #require(story.finals.first { $0.features.contains(.twoTurnConversation) })
        let conversation = text(second, "gen_ai.conversation.id")
        let runs = story.finals.filter { $0.run != nil && text($0, "gen_ai.conversation.id") == conversation }
        #expect(runs.count == 2)
        #expect(Set(runs.map(\.traceID)).count == 2)
        #expect(text(second, "pydantic_ai.new_message_index") != nil)
    }

    @Test("a retry shows its refused attempts below one call")
    func retries() throws {
        let call = try #require(story.finals.first { $0.features.contains(.rateLimitRetry) })
        let attempts = story.finals.filter { $0.parentID == call.spanID && $0.scope == .httpx }.sorted { $0.start < $1.start }
        let codes = attempts.compactMap { span in span.closing.items.first { $0.key == "http.status_code" }?.value }
        #expect(codes.count >= 2)
        #expect(codes.dropLast().allSatisfy { $0 == .int(429) })
        #expect(codes.last == .int(200))
        #expect(!call.isError)
    }
}
