import GenAI
import TelemetryModel
import Testing

/// Captured traffic of real programs, decoded and decided, against the figures of `expected.json`.
@Suite struct FixtureTests {
    /// What is known of a call record beside its decision.
    private struct Call {
        var group: String
        var isError: Bool
        var values: CallValues
        /// `operation.cost`; other names of the cost are not in the expected figures.
        var cost: Double?
    }

    private static func calls(_ scenario: Scenario) -> [StepIdentity: Call] {
        var calls: [StepIdentity: Call] = [:]
        for request in scenario.requests {
            for step in request.steps where step.kind == .modelCall {
                let row = request.batch.rows[step.row]
                func text(_ ref: TextRef) -> String { request.batch.text.string(ref) ?? "(unknown)" }
                let hasCost = request.batch.attributes[Int(row.attributes.lowerBound)..<Int(row.attributes.upperBound)].contains {
                    $0.key == .operationCost
                }
                calls[StepIdentity(traceID: row.traceID, spanID: row.spanID)] = Call(
                    group: "\(text(step.provider)) / \(text(step.model))", isError: step.isError,
                    values: CallCandidate(step, in: request.batch).values, cost: hasCost ? step.cost : nil
                )
            }
        }
        return calls
    }

    @Test func allScenariosAreThere() {
        let wanted: Set = ["weather-agent", "multi-agent", "streaming-agent", "rag-pipeline", "format-versions", "json-mixed"]
        #expect(wanted.isSubset(of: Scenario.names))
    }

    @Test(arguments: Scenario.names)
    func recordsBeforeDecisions(_ name: String) throws {
        let scenario = try Scenario(name)
        var figures: [String: Figures] = [:]
        var agents: [String: Expectation.Agent] = [:]
        var tools: [String: Int] = [:]
        var conversations: Set<String> = []
        var openers = 0
        let calls = Self.calls(scenario)
        for request in scenario.requests {
            for step in request.steps {
                let row = request.batch.rows[step.row]
                func text(_ ref: TextRef) -> String? { request.batch.text.string(ref) }
                if let conversation = text(step.conversationID) { conversations.insert(conversation) }
                switch step.kind {
                case .modelCall:
                    if step.streamRole == .opener {
                        openers += 1
                    } else if let call = calls[StepIdentity(traceID: row.traceID, spanID: row.spanID)] {
                        figures[call.group, default: Figures()].add(isError: call.isError, call.values, cost: call.cost)
                    }
                case .agentRun:
                    let agent = text(step.agentName) ?? "(unknown)"
                    agents[agent, default: Expectation.Agent(runs: 0, errors: 0)].runs += 1
                    agents[agent]?.errors += step.isError ? 1 : 0
                case .toolCall: tools[text(step.toolName) ?? "(unknown)", default: 0] += 1
                case .callEvent: break
                }
            }
        }
        // The expected figures leave out the Anthropic client's `stop_reason`, which says as much as a finish reason.
        #expect(figures.mapValues(\.withoutToolCalls) == scenario.expected.llmPerRecord.mapValues(\.withoutToolCalls))
        #expect(agents == scenario.expected.agents)
        #expect(tools == scenario.expected.toolRuns)
        #expect(conversations == Set(scenario.expected.conversations))
        #expect(openers == scenario.expected.streamOpeners)
    }

    @Test(arguments: Scenario.names)
    func everyOrderOfRequestsCountsTheSame(_ name: String) throws {
        let scenario = try Scenario(name)
        let calls = Self.calls(scenario)
        var random = Seeded(7)
        var expectedDecisions: [StepIdentity: CallDecision]?
        for _ in 0..<200 {
            var steps = ProjectSteps()
            var decisions: [StepIdentity: CallDecision] = [:]
            // Some requests arrive twice.
            let repeated = scenario.requests.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            for request in (scenario.requests + repeated).shuffled(using: &random) {
                for change in try steps.apply(request.input, stored: NoStoredSteps()).calls {
                    decisions[change.identity] = change.decision
                }
            }
            #expect(decisions == expectedDecisions ?? decisions)
            expectedDecisions = decisions

            var figures: [String: Figures] = [:]
            for (identity, decision) in decisions where decision.winner == identity {
                guard let call = calls[identity] else { continue }
                var values = call.values
                values.fillMissing(from: decision.patch)
                figures[call.group, default: Figures()].add(isError: call.isError, values, cost: call.cost)
            }
            #expect(figures == scenario.expected.llm)
            let merged = decisions.values.reduce(0) { $0 + ($1.mergedRecords > 0 ? Int($1.mergedRecords) - 1 : 0) }
            #expect(merged == scenario.expected.streamOpeners + scenario.expected.duplicates)
        }
    }
}

/// Deterministic random numbers (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
