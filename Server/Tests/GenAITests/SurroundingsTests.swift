import GenAI
import TelemetryModel
import Testing

/// What the spans around a call tell: attempts and prompt building.
@Suite struct SurroundingsTests {
    private func decide(_ rows: [TraceRow]) throws -> StoredDecisions {
        var steps = ProjectSteps()
        var stored = StoredDecisions()
        stored.store(try steps.apply(StepInput(rows), stored: NoStoredSteps()))
        return stored
    }

    private func id(_ span: UInt64) -> StepIdentity { StepIdentity(traceID: trace(1), spanID: SpanID(span)) }

    private func row(_ row: DecisionRow) -> TraceRow { TraceRow(trace: trace(1), row: row) }

    private func attempt(_ span: UInt64, parent: UInt64, start: Int64, _ failure: String?, method: UInt64 = 1) -> TraceRow {
        row(.attempt(AttemptCandidate(spanID: SpanID(span), parent: SpanID(parent), start: start, method: method, failure: failure)))
    }

    @Test func requestsInsideACallAreItsAttempts() throws {
        let decisions = try decide([
            row(.call(callCandidate(1))), row(.call(callCandidate(2, parent: 1, response: "r"))),
            attempt(3, parent: 2, start: 1, "429"), attempt(4, parent: 2, start: 2, "429"), attempt(5, parent: 2, start: 3, nil),
            row(.call(callCandidate(6))), attempt(7, parent: 6, start: 1, "429"), attempt(8, parent: 6, start: 2, "500"),
            row(.call(callCandidate(9))), attempt(10, parent: 9, start: 1, nil),
            row(.call(callCandidate(11))), attempt(12, parent: 11, start: 1, "404", method: 1),
            attempt(13, parent: 11, start: 2, nil, method: 2),
            row(.call(callCandidate(14))), row(.tool(ToolCandidate(spanID: SpanID(15), parent: SpanID(14), name: 1))),
            attempt(16, parent: 15, start: 1, "429"), attempt(17, parent: 15, start: 2, nil),
        ])
        #expect(decisions.calls[id(1)]?.surroundings == CallSurroundings(retryCount: 2, retryCause: "429"))
        #expect(decisions.calls[id(2)]?.surroundings == CallSurroundings(), "a duplicate says nothing")
        #expect(
            decisions.calls[id(6)]?.surroundings == CallSurroundings(retryCount: 1, retryCause: "429"), "the last failure was not retried")
        #expect(decisions.calls[id(9)]?.surroundings == CallSurroundings(retryCount: 0))
        #expect(decisions.calls[id(11)]?.surroundings == CallSurroundings(retryCount: 0), "another method is another request")
        #expect(decisions.calls[id(14)]?.surroundings == CallSurroundings(), "a tool's requests are the tool's")
    }

    @Test func aRequestSeenTwiceIsOneAttempt() throws {
        let decisions = try decide([
            row(.call(callCandidate(1))), row(.call(callCandidate(2, parent: 1))),
            // The inner record of the call says how it was sent, and two libraries below it see the one request.
            attempt(2, parent: 1, start: 1, "400"), attempt(3, parent: 2, start: 2, "400"), attempt(4, parent: 3, start: 3, "400"),
        ])
        #expect(decisions.calls[id(1)]?.surroundings == CallSurroundings(retryCount: 0))
    }

    @Test func aPromptIsBuiltForTheNextCallBesideIt() throws {
        func build(_ span: UInt64, _ times: Range<Int64>, parent: UInt64 = 9) -> TraceRow {
            let (start, end) = (times.lowerBound * 1_000_000, times.upperBound * 1_000_000)
            return row(.build(PromptBuildCandidate(spanID: SpanID(span), parent: SpanID(parent), start: start, end: end)))
        }
        func call(_ span: UInt64, _ start: Int64, isEmbedding: Bool = false) -> TraceRow {
            row(.call(callCandidate(span, parent: 9, start: start * 1_000_000, isEmbedding: isEmbedding)))
        }
        let decisions = try decide([
            build(1, 0..<5), build(2, 10..<20), call(3, 20, isEmbedding: true), call(4, 20), call(5, 30), build(6, 25..<40),
            build(7, 26..<27, parent: 8),
        ])
        #expect(decisions.calls[id(4)]?.surroundings == CallSurroundings(promptBuildTime: 0.01), "the latest of two")
        #expect(decisions.calls[id(3)]?.surroundings == CallSurroundings())
        #expect(decisions.calls[id(5)]?.surroundings == CallSurroundings(), "built for an earlier call, not ended yet, or elsewhere")
    }

    @Test(
        arguments: [
            ("prompt.build", true), ("build_prompt", true), ("Prompt Assembly", true), ("PROMPT-BUILD", true), ("prompt.builder", false),
            ("prompts.build", false), ("", false),
        ])
    func namesOfPromptBuilding(_ name: String, _ expected: Bool) {
        var name = name
        #expect(name.withUTF8(SurroundingSpans.buildsPrompt) == expected)
    }
}
