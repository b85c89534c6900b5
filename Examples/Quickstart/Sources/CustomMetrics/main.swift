// Metrics of an agent: made once, recorded while it runs, summed on the spans around it.
import Hearth

// Create metrics once at module level.
let agentLatency = Hearth.histogram(
    "agent.response_latency",
    unit: "ms",
    description: "End-to-end agent response time"
)
let toolCallCounter = Hearth.counter("agent.tool_calls", description: "Number of tool invocations by the agent")
let openRequests = Hearth.upDownCounter("agent.open_requests", unit: "{request}")
let confidence = Hearth.gauge("agent.confidence", unit: "1")
let answerSize = Hearth.histogram("agent.answer_size", of: Int.self, unit: "{character}", boundaries: [10, 100, 1000])
let tokens = Hearth.histogram("gen_ai.client.token.usage", of: Int.self, unit: "{token}")
let cost = Hearth.counter("operation.cost", of: Double.self, unit: "{USD}")

struct Answer {
    var output: String
    var messages: [String]
}

/// Stands in for a model with tools.
struct Agent {
    func run(_ query: String) async -> Answer {
        await Hearth.span("agent run", ["query": query]) { _ in
            for round in 0..<2 {
                await Hearth.span("chat {model}", ["model": "gpt-5-mini", "round": round]) { _ in
                    try? await Task.sleep(for: .milliseconds(20))
                    let model: Attributes = ["gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5-mini"]
                    var input = model
                    input["gen_ai.token.type"] = "input"
                    var output = model
                    output["gen_ai.token.type"] = "output"
                    tokens.record(120, input)
                    tokens.record(30, output)
                    cost.add(0.00045, model)
                }
            }
            return Answer(output: "buy", messages: ["search", "quote", "answer"])
        }
    }
}

let agent = Agent()

// Record values at runtime.
func handleAgentRequest(_ query: String) async -> String {
    openRequests.add(1)
    defer { openRequests.add(-1) }
    let result = await agentLatency.time { await agent.run(query) }
    toolCallCounter.add(result.messages.count)
    toolCallCounter.add(1, ["tool": "search"])
    answerSize.record(result.output.utf8.count)
    confidence.set(0.75)
    return result.output
}

try Hearth.configure { configuration in
    // One attribute of many is enough for a chart.
    configuration.metrics.views = [MetricView("agent.tool_calls", attributes: ["tool"])]
    configuration.metrics.sdkMetrics = .all
}
Hearth.instrumentSystemMetrics(.full)
Hearth.observableGauge("agent.queue_length", of: Int.self) { $0.observe(3, ["queue": "incoming"]) }

for query in ["AAPL", "MSFT", "GOOG"] { _ = await handleAgentRequest("Should I hold \(query)?") }
Hearth.flush()
_ = await handleAgentRequest("And AMZN?")
