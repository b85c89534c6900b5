import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A tool that the model asks for.
struct ToolRequest {
    var id: String
    var name: String
    var symbol: String
}

/// What the model said.
struct Reply {
    var text = ""
    var tools: [ToolRequest] = []
}

/// A conversation in the language of one model API.
protocol Chat {
    func path(isStreaming: Bool) -> String
    func body(isStreaming: Bool) -> [String: Any]
    /// Adds what a whole answer, or one event of a stream, says.
    func take(_ json: [String: Any], into reply: inout Reply)
    mutating func add(_ reply: Reply, _ results: [(ToolRequest, String)])
}

struct UnexpectedStatus: Error {
    var status: UInt
    var text: String
}

extension Chat {
    func reply(from response: HTTPClientResponse, isStreaming: Bool) async throws -> Reply {
        guard response.status == .ok else {
            throw UnexpectedStatus(status: response.status.code, text: String(buffer: try await response.body.collect(upTo: 1 << 20)))
        }
        var reply = Reply()
        if isStreaming {
            var line = ""
            for try await chunk in response.body {
                for character in String(buffer: chunk) {
                    guard character.isNewline else {
                        line.append(character)
                        continue
                    }
                    if line.hasPrefix("data: {") { take(try object(Data(line.dropFirst(6).utf8)), into: &reply) }
                    line = ""
                }
            }
        } else {
            let body = try await response.body.collect(upTo: 1 << 24)
            take(try object(Data(body.readableBytesView)), into: &reply)
        }
        return reply
    }

    private func object(_ data: Data) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }
}

/// Which API is spoken.
enum Provider: String {
    case openAI = "openai"
    case responses
    case anthropic
    case gemini

    init(_ name: String?) { self = name.flatMap(Provider.init(rawValue:)) ?? .openAI }

    func chat(instructions: String, question: String, tools: [String: String]) -> any Chat {
        let parameters: [String: Any] = ["type": "object", "properties": ["symbol": ["type": "string"]], "required": ["symbol"]]
        let tools = tools.sorted { $0.key < $1.key }
        switch self {
        case .openAI: return OpenAIChat(instructions, question, tools, parameters)
        case .responses: return OpenAIResponses(instructions, question, tools, parameters)
        case .anthropic: return Anthropic(instructions, question, tools, parameters)
        case .gemini: return Gemini(instructions, question, tools, parameters)
        }
    }
}

/// The symbol in arguments that come as text.
func symbol(in arguments: String) -> String {
    let object = try? JSONSerialization.jsonObject(with: Data(arguments.utf8)) as? [String: Any]
    return object?["symbol"] as? String ?? ""
}

/// Arguments as text.
func arguments(_ tool: ToolRequest) -> String { "{\"symbol\": \"\(tool.symbol)\"}" }
