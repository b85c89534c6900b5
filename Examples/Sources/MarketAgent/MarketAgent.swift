import AsyncHTTPClient
import Foundation
import Hearth
import HearthGenAI
import HearthHTTPClient
import NIOCore
import NIOHTTP1

/// An analyst with two tools: asks the model, does what it asks for, and asks again until there is an answer.
struct MarketAgent {
    let client: InstrumentedHTTPClient
    let models: String
    let market: String
    let isStreaming: Bool

    static let instructions = "You are a market data analyst. Use available tools to fetch data."
    static let tools = [
        "fetch_price": "Fetch the current price for a given ticker symbol.", "fetch_fundamentals": "Fetch P/E and market cap.",
    ]

    func run(_ question: String, provider: Provider) async throws -> String {
        try await Hearth.withAgentRun(AgentDescription(name: "market_agent", text: "Compares shares."), metadata: ["desk": "equities"]) {
            run in
            var chat = Hearth.withPromptBuild(name: "analyst", version: "v7") { _ in
                provider.chat(instructions: Self.instructions, question: question, tools: Self.tools)
            }
            for _ in 0..<5 {
                let reply = try await answer(to: chat)
                guard !reply.tools.isEmpty else {
                    run.setOutput(reply.text)
                    return reply.text
                }
                var results: [(ToolRequest, String)] = []
                for tool in reply.tools { results.append((tool, try await execute(tool))) }
                chat.add(reply, results)
            }
            throw TooManyTurns()
        }
    }

    /// One model call. Nothing about spans stands here: the client records it.
    private func answer(to chat: any Chat) async throws -> Reply {
        var request = HTTPClientRequest(url: models + chat.path(isStreaming: isStreaming))
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "authorization", value: "Bearer not-needed")
        request.body = .bytes(try JSONSerialization.data(withJSONObject: chat.body(isStreaming: isStreaming), options: .sortedKeys))
        let response = try await client.execute(request, timeout: .seconds(30))
        return try await chat.reply(from: response, isStreaming: isStreaming)
    }

    private func execute(_ tool: ToolRequest) async throws -> String {
        try await Hearth.withTool(
            tool.name, arguments: ["symbol": .string(tool.symbol)], id: tool.id, description: Self.tools[tool.name], type: "function"
        ) { _ in
            let place = tool.name == "fetch_price" ? "price" : "fundamentals"
            let response = try await client.execute(HTTPClientRequest(url: "\(market)/\(place)/\(tool.symbol)"), timeout: .seconds(5))
            return String(buffer: try await response.body.collect(upTo: 64 * 1024))
        }
    }
}

struct TooManyTurns: Error {}

/// A question without tools: what one call is.
func ask(
    _ client: InstrumentedHTTPClient,
    models: String,
    _ provider: Provider,
    _ question: String,
    _ isStreaming: Bool
) async throws -> String {
    let chat = provider.chat(instructions: "", question: question, tools: [:])
    var request = HTTPClientRequest(url: models + chat.path(isStreaming: isStreaming))
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    request.body = .bytes(try JSONSerialization.data(withJSONObject: chat.body(isStreaming: isStreaming), options: .sortedKeys))
    let response = try await client.execute(request, timeout: .seconds(30))
    return try await chat.reply(from: response, isStreaming: isStreaming).text
}
