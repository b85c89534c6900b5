import Foundation
import GenAIPrices
import Testing

struct LookupTests {
    let data: PriceData

    init() throws { data = try PriceData.bundled() }

    @Test(arguments: [
        ("azure-openai", "openai"), ("azure.ai.openai", "openai"), ("az.ai.openai", "openai"), ("azure", "azure"), ("xai", "x-ai"),
        ("gcp.gemini", "google"), ("gcp.vertex_ai", "google"), ("google-gla", "google"), ("aws.bedrock", "aws"), ("mistral_ai", "mistral"),
        ("together_ai", "together"), ("openai.responses", "openai"), (" Anthropic ", "anthropic"),
    ])
    func providersByName(_ name: String, _ id: String) { #expect(data.provider(named: name)?.id == id) }

    @Test(arguments: ["gcp.gen_ai", "x_ai", "ollama", "huggingface", ""])
    func unknownProviders(_ name: String) { #expect(data.provider(named: name) == nil) }

    /// Two providers have the same pattern: the first in the data wins.
    @Test func theFirstPatternWins() throws {
        #expect(try data.find(model: "gpt-4o", apiURL: "https://api.openai.com/v1/chat").provider.id == "openai")
    }

    @Test func patternsAreAnchoredAtTheBeginning() {
        #expect(throws: PriceError.self) { try data.find(model: "gpt-4o", apiURL: "http://proxy/https://api.openai.com/") }
        #expect(throws: PriceError.self) { try data.find(model: "x", apiURL: "https://router.huggingface.co/") }
    }

    @Test func anUnknownAddressIsNotLookedUpByName() {
        #expect {
            try data.find(model: "gpt-4o", apiURL: "https://example.com/")
        } throws: {
            ($0 as? PriceError)?.code == .unknownProvider
        }
    }

    /// Models whose ids do not match themselves are meant by their regional names.
    @Test func idsNeedNotMatchThemselves() throws {
        #expect(throws: PriceError.self) { try data.find(model: "ft:gpt-4o", provider: "openai") }
        #expect(try data.find(model: "ft:gpt-4o-2024-08-06:acme::abc", provider: "openai").model.id == "ft:gpt-4o")
        let regional = try data.find(model: "eu.anthropic.claude-3-5-sonnet-20241022-v2:0", provider: "aws")
        #expect(regional.model.id == "regional.anthropic.claude-3-5-sonnet-20241022-v2:0")
        var count = 0
        for provider in data.providers {
            for model in try provider.models() where (try? data.find(model: model.id, provider: provider.id)) == nil {
                count += 1
            }
        }
        #expect(count == 85)
    }

    @Test func fallbackGoesOneStep() throws {
        let azure = try data.find(model: "claude-sonnet-4-0", provider: "azure")
        #expect(azure.provider.id == "azure" && azure.isFallback && azure.model.id == "claude-sonnet-4-0")
        // Azure offers the models of deepseek and x-ai, but nobody's who is not listed.
        #expect(throws: PriceError.self) { try data.find(model: "gemini-2.5-pro", provider: "azure") }
    }

    @Test func variantsDoNotApplyThroughFallback() throws {
        var usage = Usage()
        usage[.inputTokens] = 1_000_000
        let time = PriceTime(seconds: 1_795_000_000)
        let own = try data.price(usage, model: "gpt-4o", provider: "openai", at: time, context: ["processing": "batch"])
        let other = try data.price(usage, model: "gpt-4.1", provider: "azure", at: time, context: ["processing": "batch"])
        #expect(own.amounts.total == Decimal(decimalText: "1.25"))
        #expect(other.match.isFallback && other.amounts.total == 2)
    }

    @Test(arguments: [
        ("gpt-5.2-20251211", true), ("gpt-5.2-20251311", false), ("gpt-5.2-19991211", false), ("gpt-5.2-20251211x", false),
        ("gpt-5.2-2025-12-11", true),
    ])
    func compactDates(_ model: String, _ isFound: Bool) {
        let found = try? data.find(model: model, provider: "openai")
        #expect((found != nil) == isFound)
    }

    @Test func liteLLM() throws {
        #expect(try data.find(model: "Anthropic/claude-3-haiku-20240307", provider: "LiteLLM").provider.id == "anthropic")
        #expect(try data.find(model: "gpt-4o", provider: "litellm").provider.id == "openai")
        #expect(throws: PriceError.self) { try data.find(model: "nobody/gpt-4o", provider: "litellm") }
    }

    @Test func negativeLookAheadIsUnderstood() throws {
        #expect(throws: PriceError.self) { try data.find(model: "someone/mistral-large", provider: nil) }
        #expect(try data.find(model: "mistral-large-latest", provider: nil).provider.id == "mistral")
    }

    // MARK: Traced calls

    @Test(arguments: [
        (CallOrigin(serverAddress: "api.anthropic.com", provider: "openai", requestModel: "claude-sonnet-4-0"), "anthropic"),
        (CallOrigin(serverAddress: "127.0.0.1", provider: "openai", requestModel: "gpt-4o"), "openai"),
        (CallOrigin(serverAddress: "https://api.openai.com/v1", requestModel: "gpt-4o"), "openai"),
        (CallOrigin(provider: "azure.ai.openai", requestModel: "gpt-4o"), "azure"),
        (CallOrigin(provider: "gcp.gen_ai", requestModel: "gemini-2.5-pro"), "google"),
        (CallOrigin(provider: "x_ai", requestModel: "grok-4"), "x-ai"),
        (CallOrigin(provider: "my gateway", responseModel: "claude-sonnet-4-0", requestModel: "fast"), "anthropic"),
        (CallOrigin(provider: "openai", responseModel: "my-deployment", requestModel: "gpt-4o"), "openai"),
    ])
    func tracedCalls(_ origin: CallOrigin, _ provider: String) throws { #expect(try data.find(origin).provider.id == provider) }

    @Test func selfHostedModelsHaveNoListPrice() {
        #expect {
            try data.find(CallOrigin(serverAddress: "localhost", provider: "ollama", requestModel: "mistral"))
        } throws: {
            "\($0)".contains("one's own machines")
        }
    }

    @Test func theNearestReasonIsGiven() {
        #expect {
            try data.find(CallOrigin(serverAddress: "127.0.0.1", provider: "openai", requestModel: "gpt-99"))
        } throws: {
            "\($0)".contains("gpt-99 of openai")
        }
        #expect(throws: PriceError.self) { try data.find(CallOrigin(provider: "openai")) }
    }
}
