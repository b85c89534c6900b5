import GenAI
import TelemetryModel
import Testing

@Suite struct DecisionTests {
    private func decide(_ rows: [TraceRow]) -> StoredDecisions {
        var steps = ProjectSteps()
        var stored = StoredDecisions()
        stored.store(steps.applyAll(rows))
        return stored
    }

    private func id(_ span: UInt64, in number: UInt64 = 1) -> StepIdentity {
        StepIdentity(traceID: trace(number), spanID: SpanID(span))
    }

    private func row(_ row: DecisionRow, in number: UInt64 = 1) -> TraceRow { TraceRow(trace: trace(number), row: row) }

    @Test func aLoneCallStandsForItself() {
        let decisions = decide([row(.call(callCandidate(1)))])
        #expect(decisions.calls == [id(1): CallDecision(winner: id(1), mergedRecords: 1, patch: CallValues(), runSpanID: .none)])
    }

    @Test func theKthOpenerBelongsToTheKthCompletion() {
        let decisions = decide([
            row(.call(callCandidate(1, parent: 9, start: 10, role: .opener) { $0.timeToFirstToken = 0.25 })),
            row(.call(callCandidate(2, parent: 9, start: 20, role: .opener))),
            row(.call(callCandidate(3, parent: 9, start: 30, role: .opener))),
            row(.call(callCandidate(4, parent: 9, start: 15, role: .completion) { $0.inputTokens = 5 })),
            row(.call(callCandidate(5, parent: 9, start: 25, role: .completion))),
        ])
        #expect(decisions.calls[id(1)]?.winner == id(4))
        #expect(decisions.calls[id(2)]?.winner == id(5))
        #expect(decisions.calls[id(3)]?.winner == id(3), "an unmatched opener counts")
        #expect(decisions.calls[id(4)]?.mergedRecords == 2)
        #expect(decisions.calls[id(4)]?.patch.timeToFirstToken == 0.25)
        #expect(decisions.calls[id(4)]?.patch.inputTokens == nil, "what the winner knows is no patch")
        #expect(decisions.calls[id(1)]?.mergedRecords == 0)
    }

    @Test(arguments: ["parent", "scope", "model"])
    func aPairSharesParentScopeAndModel(_ difference: String) {
        let completion = callCandidate(
            2, parent: difference == "parent" ? 8 : 9, start: 20, model: difference == "model" ? "other" : "m",
            scope: difference == "scope" ? 2 : 1, role: .completion
        )
        let decisions = decide([row(.call(callCandidate(1, parent: 9, start: 10, role: .opener))), row(.call(completion))])
        #expect(decisions.calls[id(1)]?.winner == id(1))
        #expect(decisions.calls[id(2)]?.winner == id(2))
    }

    @Test func aNestedCallOfTheSameModelIsADuplicateOfTheOutermost() {
        let decisions = decide([
            row(.call(callCandidate(1))),
            row(.link(SpanID(2), parent: SpanID(1))),
            row(.call(callCandidate(3, parent: 2))),
            row(.call(callCandidate(4, parent: 3, response: "r") { $0.cacheReadTokens = 7 })),
            row(.call(callCandidate(5, parent: 2, model: "other"))),
        ])
        #expect(decisions.calls[id(3)]?.winner == id(1))
        #expect(decisions.calls[id(4)]?.winner == id(1))
        #expect(decisions.calls[id(5)]?.winner == id(5))
        #expect(decisions.calls[id(1)]?.mergedRecords == 3)
        #expect(decisions.calls[id(1)]?.patch.cacheReadTokens == 7)
    }

    @Test func aCallInsideAStreamOpenerBelongsToTheCompletion() {
        let decisions = decide([
            row(.call(callCandidate(1, parent: 9, start: 1, role: .opener))),
            row(.call(callCandidate(2, parent: 1, start: 2, response: "r") { $0.timeToFirstToken = 0.5 })),
            row(.call(callCandidate(3, parent: 9, start: 3, role: .completion))),
        ])
        #expect(decisions.calls[id(1)]?.winner == id(3))
        #expect(decisions.calls[id(2)]?.winner == id(3))
        #expect(decisions.calls[id(3)]?.mergedRecords == 3)
        #expect(decisions.calls[id(3)]?.patch.timeToFirstToken == 0.5)
    }

    @Test func aStreamWithoutParentIsPairedAcrossTraces() {
        let rows = [
            row(.call(callCandidate(1, start: 1, role: .opener, request: 5)), in: 1),
            row(.call(callCandidate(2, parent: 1, start: 2, response: "r") { $0.timeToFirstToken = 0.5 }), in: 1),
            row(.call(callCandidate(3, start: 3, role: .completion, request: 5)), in: 2),
            row(.call(callCandidate(4, start: 2, role: .opener, request: 6)), in: 3),
            row(.call(callCandidate(5, start: 3 + 600_000_000_000, role: .completion, request: 6)), in: 4),
        ]
        let decisions = decide(rows)
        #expect(decisions.calls[id(1)]?.winner == id(3, in: 2))
        #expect(decisions.calls[id(2)]?.winner == id(3, in: 2))
        #expect(decisions.calls[id(3, in: 2)]?.mergedRecords == 3)
        #expect(decisions.calls[id(3, in: 2)]?.patch.timeToFirstToken == 0.5)
        #expect(decisions.calls[id(4, in: 3)]?.winner == id(4, in: 3), "too long ago to be the same call")
        #expect(decisions.calls[id(5, in: 4)]?.winner == id(5, in: 4))

        // A later opener takes the completion of an earlier one; that one's whole trace changes then.
        var steps = ProjectSteps()
        _ = steps.applyAll(rows)
        let changes = steps.applyAll([row(.call(callCandidate(6, start: 2, role: .opener, request: 5)), in: 9)])
        #expect(changes.calls.map(\.identity) == [id(1), id(2), id(3, in: 2), id(6, in: 9)])
        #expect(changes.calls.map(\.decision.winner) == [id(1), id(1), id(3, in: 2), id(3, in: 2)])
    }

    @Test func aFailedCallAndItsTwinByThePackageAreOne() {
        let second: Int64 = 1_000_000_000
        let decisions = decide([
            row(.call(callCandidate(1, start: 1, request: 5)), in: 1),
            row(.call(callCandidate(2, start: 2, role: .vendor, request: 5)), in: 2),
            row(.call(callCandidate(3, start: 3, request: 5)), in: 3),
            row(.call(callCandidate(4, start: 3 + 11 * second, role: .vendor, request: 5)), in: 4),
            row(.call(callCandidate(5, start: 1, request: 6)), in: 5),
        ])
        #expect(decisions.calls[id(1)]?.mergedRecords == 2)
        #expect(decisions.calls[id(2, in: 2)]?.winner == id(1), "the instrumentation's record stands for the call")
        #expect(decisions.calls[id(3, in: 3)]?.mergedRecords == 1)
        #expect(decisions.calls[id(4, in: 4)]?.mergedRecords == 1, "too late to be the same call")
        #expect(decisions.calls[id(5, in: 5)]?.mergedRecords == 1)
    }

    @Test func theUsageOfTheProvidersPackageHolds() {
        let decisions = decide([
            row(
                .call(
                    callCandidate(1, start: 1, response: "r") {
                        ($0.inputTokens, $0.outputTokens, $0.cacheReadTokens) = (3, 5, 7)
                    }), in: 1),
            row(.call(callCandidate(2, start: 2, response: "r", role: .vendor) { ($0.inputTokens, $0.outputTokens) = (3, 4) }), in: 2),
            row(.call(callCandidate(3, start: 3, response: "r") { $0.outputTokens = 9 }), in: 3),
            row(.call(callCandidate(4, start: 1, response: "s") { $0.outputTokens = 5 }), in: 1),
            row(.call(callCandidate(5, start: 2, response: "s", role: .vendor)), in: 2),
        ])
        let patch = decisions.calls[id(1)]?.patch
        #expect(patch?.outputTokens == 4)
        #expect(patch?.inputTokens == nil, "the same as its own")
        #expect(patch?.cacheReadTokens == nil)
        #expect(decisions.calls[id(4)]?.patch.isEmpty == true, "the package sent no usage")
    }

    @Test func theEarliestRecordOfAResponseWinsAcrossTraces() {
        let decisions = decide([
            row(.call(callCandidate(1, start: 20, response: "r") { $0.cost = 1 }), in: 1),
            row(.call(callCandidate(2, start: 10, response: "r") { $0.inputTokens = 3 }), in: 2),
            row(.call(callCandidate(3, start: 10, response: "r") { $0.cost = 2 }), in: 3),
            row(.call(callCandidate(4, start: 5, provider: "q", response: "r")), in: 1),
            row(.call(callCandidate(5, start: 6)), in: 1),
        ])
        for (span, number) in [(1, 1), (2, 2), (3, 3)] as [(UInt64, UInt64)] {
            #expect(decisions.calls[id(span, in: number)]?.winner == id(2, in: 2))
        }
        #expect(decisions.calls[id(2, in: 2)]?.mergedRecords == 3)
        #expect(decisions.calls[id(2, in: 2)]?.patch.cost == 2, "the earlier of the duplicates gives the value")
        #expect(decisions.calls[id(2, in: 2)]?.patch.inputTokens == nil)
        #expect(decisions.calls[id(4)]?.winner == id(4), "another provider's response")
        #expect(decisions.calls[id(5)]?.winner == id(5), "no response id")
    }

    @Test func aDuplicateOfADuplicateBelongsToTheLastWinner() {
        let decisions = decide([
            row(.call(callCandidate(1, start: 5, response: "r")), in: 1),
            row(.call(callCandidate(2, start: 9)), in: 2),
            row(.call(callCandidate(3, parent: 2, start: 9, response: "r") { $0.reasoningTokens = 4 }), in: 2),
        ])
        #expect(decisions.calls[id(2, in: 2)]?.winner == id(1), "the outer record reports its inner record's response")
        #expect(decisions.calls[id(3, in: 2)]?.winner == id(1))
        #expect(decisions.calls[id(1)]?.mergedRecords == 3)
        #expect(decisions.calls[id(1)]?.patch.reasoningTokens == 4)
    }

    @Test func callsAndToolsBelongToTheNearestRun() {
        let decisions = decide([
            row(.run(RunCandidate(spanID: SpanID(1), parent: .none))),
            row(.link(SpanID(1), parent: .none)),
            row(.tool(ToolCandidate(spanID: SpanID(2), parent: SpanID(1), name: 5))),
            row(.run(RunCandidate(spanID: SpanID(3), parent: SpanID(2)))),
            row(.link(SpanID(4), parent: SpanID(3))),
            row(.call(callCandidate(5, parent: 4))),
            row(.call(callCandidate(6, parent: 1))),
            row(.call(callCandidate(7))),
        ])
        #expect(decisions.calls[id(5)]?.runSpanID == SpanID(3))
        #expect(decisions.calls[id(6)]?.runSpanID == SpanID(1))
        #expect(decisions.calls[id(7)]?.runSpanID == SpanID.none)
        #expect(decisions.tools[id(2)] == ToolDecision(runSpanID: SpanID(1), isNestedTwin: false))
    }

    @Test func aToolInsideItselfIsATwinButNotAcrossARun() {
        let decisions = decide([
            row(.run(RunCandidate(spanID: SpanID(1), parent: .none))),
            row(.tool(ToolCandidate(spanID: SpanID(2), parent: SpanID(1), name: 5))),
            row(.link(SpanID(3), parent: SpanID(2))),
            row(.tool(ToolCandidate(spanID: SpanID(4), parent: SpanID(3), name: 5))),
            row(.tool(ToolCandidate(spanID: SpanID(5), parent: SpanID(4), name: 6))),
            row(.run(RunCandidate(spanID: SpanID(6), parent: SpanID(2)))),
            row(.tool(ToolCandidate(spanID: SpanID(7), parent: SpanID(6), name: 5))),
        ])
        #expect(decisions.tools[id(2)]?.isNestedTwin == false)
        #expect(decisions.tools[id(4)] == ToolDecision(runSpanID: SpanID(1), isNestedTwin: true))
        #expect(decisions.tools[id(5)]?.isNestedTwin == false)
        #expect(decisions.tools[id(7)] == ToolDecision(runSpanID: SpanID(6), isNestedTwin: false))
    }

    @Test func aRingOfParentsHasOneWinner() {
        let rows = [
            row(.call(callCandidate(1, parent: 3, start: 9))), row(.call(callCandidate(2, parent: 1, start: 8))),
            row(.call(callCandidate(3, parent: 2, start: 7))), row(.call(callCandidate(4, parent: 4, start: 1))),
        ]
        let decisions = decide(rows)
        for span in 1...3 as ClosedRange<UInt64> { #expect(decisions.calls[id(span)]?.winner == id(3)) }
        #expect(decisions.calls[id(3)]?.mergedRecords == 3)
        #expect(decisions.calls[id(4)]?.winner == id(4), "its own parent")
        #expect(decide(rows.reversed()) == decisions)
    }

    @Test func onlyWhatChangedIsReported() {
        var steps = ProjectSteps()
        let first = steps.applyAll([row(.call(callCandidate(1, parent: 2))), row(.call(callCandidate(9)))])
        #expect(first.calls.map(\.identity) == [id(1), id(9)] && first.calls.allSatisfy(\.isNew))
        let second = steps.applyAll([row(.call(callCandidate(2, parent: 3)))])
        #expect(second.calls.map(\.identity) == [id(1), id(2)])
        #expect(second.calls.map(\.isNew) == [false, true])
        let third = steps.applyAll([row(.run(RunCandidate(spanID: SpanID(3), parent: .none)))])
        #expect(third.calls.map(\.identity) == [id(1), id(2)], "the run arrived last")
        #expect(steps.applyAll([row(.call(callCandidate(1, parent: 2))), row(.link(SpanID(2), parent: SpanID(3)))]).calls.isEmpty)
    }

    @Test func aFailedCommitCanBeAppliedAgain() {
        var steps = ProjectSteps()
        let changes = steps.applyAll([row(.call(callCandidate(1)))])
        steps.forget(changes.traces)
        #expect(steps.traceCount == 0)
        #expect(steps.applyAll([row(.call(callCandidate(1)))]).calls == changes.calls)
    }

    @Test func memoryIsGivenBack() {
        var steps = ProjectSteps()
        for number in 0..<200 as Range<UInt64> {
            _ = steps.applyAll((1...20).map { row(.call(callCandidate($0, response: "\(number)-\($0)")), in: number) })
        }
        let full = steps.estimatedByteSize
        #expect(full > 200 * 20 * 150 && full < 200 * 20 * 1500)
        steps.shrink(to: full / 2)
        #expect(steps.estimatedByteSize <= full / 2)
        #expect(steps.traceCount > 50 && steps.traceCount < 110)
        steps.shrink(to: 0)
        #expect(steps.traceCount == 0 && steps.estimatedByteSize == 0)
    }
}

extension ProjectSteps {
    /// Applies `rows` without a store behind.
    mutating func applyAll(_ rows: [TraceRow]) -> DecisionChanges {
        do {
            return try apply(StepInput(rows), stored: NoStoredSteps())
        } catch {
            Issue.record(error)
            return DecisionChanges()
        }
    }
}
