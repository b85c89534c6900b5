import AsyncHTTPClient
import Foundation
import Hearth
import HearthGenAI
import HearthHTTPClient
import HearthQuery
import NIOCore
import NIOHTTP1

/// Spans of one's own around steps that have nothing to do with models.
func rebalance() async {
    await Hearth.span("portfolio_rebalance", ["strategy": "momentum", "num_assets": 25]) { _ in
        Hearth.span("risk_assessment") { _ in Hearth.info("VaR calculated", ["var_95": 0.031]) }
        await Hearth.span("order_generation") { _ in
            await Task.yield()
            Hearth.info("Orders generated", ["count": 4])
        }
    }
}

/// The same agent, of which only structure, tokens and cost are told.
func withoutContent(_ agent: MarketAgent, provider: Provider) async throws {
    try await Hearth.withInstrumentation({ $0.includeContent = false }) {
        print(try await agent.run(question, provider: provider))
    }
}

/// Two runs of one conversation, summed on the span around them.
func conversation(_ agent: MarketAgent) async throws {
    try await Hearth.span("full_analysis_pipeline") { _ in
        try await Hearth.withConversation("conversation-7", user: "ada") {
            for provider in [Provider.openAI, .anthropic] { print(try await agent.run(question, provider: provider)) }
        }
    }
}

/// What the server has of this service, asked in SQL; over https too.
func ask(server client: QueryClient) async throws {
    let condition = "service_name = '\(environment["LOGFIRE_SERVICE_NAME"] ?? "market")'"
    for try await record in client.records(where: condition) { print(record.message) }
}

/// Vectors of two texts.
func embed(_ client: InstrumentedHTTPClient, models: String, _ provider: Provider) async throws {
    let texts = ["earnings of AAPL", "earnings of MSFT"]
    var request = HTTPClientRequest(url: models)
    var body: [String: Any] = ["model": "text-embedding-3-small", "input": texts]
    if provider == .gemini {
        request.url += "/v1beta/models/gemini-embedding-001:batchEmbedContents"
        body = ["requests": texts.map { ["model": "models/gemini-embedding-001", "content": ["parts": [["text": $0]]]] }]
    } else {
        request.url += "/v1/embeddings"
    }
    request.method = .POST
    request.body = .bytes(try JSONSerialization.data(withJSONObject: body))
    let response = try await client.execute(request, timeout: .seconds(30))
    print(try await response.body.collect(upTo: 1 << 20).readableBytes)
}

/// An application that repeats by itself: the attempts are one call because it says so.
func attempts(models: String) async throws {
    let client = HTTPClient.instrumented()
    let chat = Provider.openAI.chat(instructions: "", question: "Try until it works", tools: [:])
    try await Hearth.withModelRequest { _ in
        while true {
            var request = HTTPClientRequest(url: models + chat.path(isStreaming: false))
            request.method = .POST
            request.body = .bytes(try JSONSerialization.data(withJSONObject: chat.body(isStreaming: false), options: .sortedKeys))
            let response = try await client.execute(request, timeout: .seconds(30))
            guard response.status != .tooManyRequests else {
                _ = try await response.body.collect(upTo: 1 << 20)
                continue
            }
            print(try await chat.reply(from: response, isStreaming: false).text)
            break
        }
    }
    try await client.shutdown()
}
