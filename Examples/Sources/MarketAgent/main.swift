import AsyncHTTPClient
import Foundation
import Hearth
import HearthGenAI
import HearthHTTPClient
import HearthQuery

// What this program needs: HEARTH_MODELS is the address of the model APIs, HEARTH_MARKET that of the market data.
// `MarketAgent agent anthropic stream` asks one question with tools; the usage line names the rest.

let environment = ProcessInfo.processInfo.environment
let models = environment["HEARTH_MODELS"] ?? "http://127.0.0.1:8000"
let market = environment["HEARTH_MARKET"] ?? models
let question = "Compare the P/E ratios of AAPL and MSFT"
var words = Array(CommandLine.arguments.dropFirst())
let isStreaming = words.contains("stream")
let showsTraffic = words.contains("capture")
words.removeAll { ["stream", "capture"].contains($0) }

if let authorities = environment["HEARTH_CERTIFICATES"] { try Hearth.enableHTTPS(certificateAuthorities: authorities) }
try Hearth.configure()  // address, token and service name come from the environment

// The two lines that make every request a span, and every request to a model a model call.
let client = HTTPClient.instrumented(showsTraffic ? .captureAll : HTTPInstrumentation(), retries: .standard)
let agent = MarketAgent(client: client, models: models, market: market, isStreaming: isStreaming)

do {
    switch words.first {
    case "agent": print(try await agent.run(question, provider: Provider(words.dropFirst().first)))
    case "private": try await withoutContent(agent, provider: Provider(words.dropFirst().first))
    case "formats": try await everyFormat(agent, provider: Provider(words.dropFirst().first))
    case "conversation": try await conversation(agent)
    case "portfolio": await rebalance()
    case "embeddings": try await embed(client, models: models, Provider(words.dropFirst().first))
    case "records": try await ask(server: QueryClient())
    case "attempts": try await attempts(models: models)
    case "ask":
        print(
            try await ask(client, models: models, Provider(words.dropFirst().first), words.dropFirst(2).joined(separator: " "), isStreaming)
        )
    default:
        print(
            "usage: MarketAgent agent|private|formats|conversation|portfolio|embeddings|attempts|records|ask [provider] [stream] [capture]")
    }
} catch {
    print("failed: \(error)")
}
try await client.shutdown()
