/// Prices in nano-dollars (USD ÷ 10⁹) per token, so that sums are exact.
struct TokenRates: Sendable {
    var input: Int
    var output: Int
    var cacheRead: Int
    var cacheWrite: Int

    /// - Returns: nano-dollars. Cached tokens are part of `input` and priced by their own rates.
    func cost(input: Int, output: Int, cacheRead: Int, cacheWrite: Int) -> Int {
        (input - cacheRead - cacheWrite) * self.input + cacheRead * self.cacheRead + cacheWrite * self.cacheWrite + output * self.output
    }
}

/// A model the demonstration calls, with the behaviour a user would notice.
struct LanguageModel: Sendable {
    var provider: String
    var name: String
    /// The dated name the provider answers with.
    var responseName: String
    var host: String
    var path: String
    /// Nil for a model nobody has a price for.
    var rates: TokenRates?
    /// Seconds until the first token.
    var firstToken: ClosedRange<Double>
    var tokensPerSecond: ClosedRange<Double>
}

extension LanguageModel {
    // Rates: genai-prices 0.2.3 (MIT), USD per million tokens × 1000 = nano-dollars per token; the tiers above 200,000 input tokens are
    // left out because no call here comes near them.

    static let gpt4o = LanguageModel(
        provider: "openai", name: "gpt-4o", responseName: "gpt-4o-2024-11-20", host: "api.openai.com", path: "/v1/chat/completions",
        rates: TokenRates(input: 2_500, output: 10_000, cacheRead: 1_250, cacheWrite: 2_500), firstToken: 0.25...0.9,
        tokensPerSecond: 60...110)

    static let gpt41Mini = LanguageModel(
        provider: "openai", name: "gpt-4.1-mini", responseName: "gpt-4.1-mini-2025-04-14", host: "api.openai.com",
        path: "/v1/chat/completions",
        rates: TokenRates(input: 400, output: 1_600, cacheRead: 100, cacheWrite: 400), firstToken: 0.2...0.8, tokensPerSecond: 90...150)

    static let gpt5 = LanguageModel(
        provider: "openai", name: "gpt-5", responseName: "gpt-5-2025-08-07", host: "api.openai.com", path: "/v1/responses",
        rates: TokenRates(input: 1_250, output: 10_000, cacheRead: 125, cacheWrite: 1_250), firstToken: 0.8...2.2, tokensPerSecond: 70...120
    )

    static let embedding3Small = LanguageModel(
        provider: "openai", name: "text-embedding-3-small", responseName: "text-embedding-3-small", host: "api.openai.com",
        path: "/v1/embeddings",
        rates: TokenRates(input: 20, output: 0, cacheRead: 20, cacheWrite: 20), firstToken: 0.06...0.2, tokensPerSecond: 1_000...1_000)

    static let claudeSonnet = LanguageModel(
        provider: "anthropic", name: "claude-sonnet-4-5", responseName: "claude-sonnet-4-5-20250929", host: "api.anthropic.com",
        path: "/v1/messages",
        rates: TokenRates(input: 3_000, output: 15_000, cacheRead: 300, cacheWrite: 3_750), firstToken: 0.5...1.4, tokensPerSecond: 60...90)

    static let claudeHaiku = LanguageModel(
        provider: "anthropic", name: "claude-haiku-4-5", responseName: "claude-haiku-4-5-20251001", host: "api.anthropic.com",
        path: "/v1/messages",
        rates: TokenRates(input: 1_000, output: 5_000, cacheRead: 100, cacheWrite: 1_250), firstToken: 0.3...0.8, tokensPerSecond: 110...170
    )

    static let geminiPro = LanguageModel(
        provider: "google", name: "gemini-2.5-pro", responseName: "gemini-2.5-pro", host: "generativelanguage.googleapis.com",
        path: "/v1beta/models/gemini-2.5-pro:generateContent",
        rates: TokenRates(input: 1_250, output: 10_000, cacheRead: 125, cacheWrite: 1_250), firstToken: 0.9...2.4, tokensPerSecond: 70...110
    )

    static let geminiFlash = LanguageModel(
        provider: "google", name: "gemini-2.5-flash", responseName: "gemini-2.5-flash", host: "generativelanguage.googleapis.com",
        path: "/v1beta/models/gemini-2.5-flash:generateContent",
        rates: TokenRates(input: 300, output: 2_500, cacheRead: 30, cacheWrite: 300), firstToken: 0.25...0.7, tokensPerSecond: 140...220)

    /// A fine-tuned model on the shop's own machine: no price list knows it.
    static let acmeTriage = LanguageModel(
        provider: "ollama", name: "acme-triage-7b", responseName: "acme-triage-7b", host: "models.acme.internal",
        path: "/v1/chat/completions",
        rates: nil, firstToken: 0.08...0.2, tokensPerSecond: 45...60)
}

extension LanguageModel {
    /// Tokens of a text, as a rule of thumb: a token is four characters.
    static func tokens(_ text: String) -> Int {
        (text.utf8.count + 3) / 4
    }
}
