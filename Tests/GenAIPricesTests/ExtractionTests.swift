import Foundation
import GenAIPrices
import Testing

struct ExtractionTests {
    let data: PriceData

    init() throws { data = try PriceData.bundled() }

    private func extract(_ json: String, _ provider: String, _ flavor: String = "default") throws -> [String: Decimal] {
        let extracted = try data.extractUsage(try JSONValue(json: json), provider: provider, flavor: flavor)
        return Dictionary(uniqueKeysWithValues: extracted.usage.counts.map { ($0.unit.usageKey, $0.count) })
    }

    @Test func anthropic() throws {
        let counts = try extract(
            """
            {"model": "claude-sonnet-4-0", "usage": {"input_tokens": 10, "cache_creation_input_tokens": 30, "cache_read_input_tokens": 60,
             "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}, "output_tokens": 7,
             "server_tool_use": {"web_search_requests": 2}, "output_tokens_details": {"thinking_tokens": 3}, "service_tier": "standard"}}
            """, "anthropic")
        #expect(
            counts == [
                "input_tokens": 100, "cache_write_tokens": 30, "cache_read_tokens": 60, "cache_write_5m_tokens": 10,
                "cache_write_1h_tokens": 20, "output_tokens": 7, "web_searches": 2, "output_reasoning_tokens": 3,
            ])
    }

    @Test func openAI() throws {
        let chat = try extract(
            """
            {"model": "gpt-4o", "usage": {"prompt_tokens": 20, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 4},
             "completion_tokens_details": {"reasoning_tokens": 2, "audio_tokens": null}}}
            """, "openai", "chat")
        #expect(chat == ["input_tokens": 20, "output_tokens": 5, "cache_read_tokens": 4, "output_reasoning_tokens": 2])
        let responses = try extract(
            "{\"usage\": {\"input_tokens\": 8, \"output_tokens\": 1, \"input_tokens_details\": {\"cached_tokens\": 0}}}", "openai",
            "responses")
        #expect(responses == ["input_tokens": 8, "output_tokens": 1, "cache_read_tokens": 0])
    }

    @Test func google() throws {
        let extracted = try data.extractUsage(
            try JSONValue(
                json: """
                    {"modelVersion": "gemini-2.5-pro", "usageMetadata": {"promptTokenCount": 100, "toolUsePromptTokenCount": 10,
                     "candidatesTokenCount": 5, "thoughtsTokenCount": 6, "cachedContentTokenCount": 40,
                     "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 70}, {"modality": "AUDIO", "tokenCount": 30}]}}
                    """), apiURL: "https://generativelanguage.googleapis.com/v1")
        #expect(extracted.model == "gemini-2.5-pro")
        #expect(extracted.usage[.inputTokens] == 110)
        #expect(extracted.usage[.outputTokens] == 11)
        #expect(extracted.usage[.cacheReadTokens] == 40)
        #expect(extracted.usage[.inputAudioTokens] == 30)
    }

    @Test func bedrock() throws {
        let counts = try extract(
            """
            {"usage": {"inputTokens": 10, "outputTokens": 2, "cacheReadInputTokens": 5, "cacheWriteInputTokens": 7,
             "cacheDetails": [{"ttl": "1h", "inputTokens": 3}, {"ttl": "5m", "inputTokens": 4}]}}
            """, "aws")
        #expect(counts["input_tokens"] == 22)
        #expect(counts["cache_write_1h_tokens"] == 3)
        #expect(counts["cache_write_5m_tokens"] == 4)
    }

    @Test(arguments: [
        ("{\"usage\": {\"prompt_tokens\": 1}}", "openai", "chat", "there is no value at usage.completion_tokens"),
        ("{\"usage\": {\"prompt_tokens\": \"1\", \"completion_tokens\": 1}}", "openai", "chat", "usage.prompt_tokens must be a number"),
        ("{}", "openai", "chat", "there is no value at usage"), ("[]", "openai", "chat", "must be an object, not an array"),
        ("{\"usage\": 1}", "openai", "chat", "usage must be an object"), ("{}", "openai", "nonsense", "known are chat, responses"),
        ("{}", "nobody", "default", "no provider nobody"),
        ("{\"usage\": {\"prompt_tokens\": -1, \"completion_tokens\": 1}}", "openai", "chat", "must not be negative"),
    ])
    func saysWhatIsWrong(_ json: String, _ provider: String, _ flavor: String, _ reason: String) {
        #expect {
            try extract(json, provider, flavor)
        } throws: {
            "\($0)".contains(reason)
        }
    }

    @Test func everyExtractorCanBeRead() throws {
        var flavors: Set<String> = []
        for provider in data.providers {
            let error = #expect(throws: ExtractionError.self) {
                try data.extractUsage(.object([]), provider: provider.id, flavor: "nonsense")
            }
            if let known = error?.description.components(separatedBy: "known are ").dropFirst().first {
                flavors.formUnion(known.components(separatedBy: ", "))
            }
        }
        #expect(flavors.isSuperset(of: ["default", "chat", "responses", "realtime", "images", "embeddings", "live", "anthropic"]))
    }
}
