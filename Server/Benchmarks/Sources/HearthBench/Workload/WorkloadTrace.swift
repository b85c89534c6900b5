/// Ids and chance of one trace.
struct WorkloadTrace {
    let high: UInt64
    let low: UInt64
    let service: WorkloadService
    var random: WorkloadRandom
    private var identifiers: WorkloadRandom

    init(seed: UInt64, index: Int, service: WorkloadService?) {
        var random = WorkloadRandom(seed: seed &* 0x5851_F42D_4C95_7F2D &+ UInt64(index))
        high = random.next()
        low = random.next() | 1
        identifiers = WorkloadRandom(seed: random.next())
        // Seven traces of ten are agent runs, the rest are plain web requests.
        self.service = service ?? (random.below(10) < 7 ? WorkloadService(rawValue: random.below(3)) ?? .supportBot : .checkoutAPI)
        self.random = random
    }

    /// Not zero.
    mutating func spanID() -> UInt64 {
        identifiers.next() | 1
    }

    var hex: String { Self.hex(high) + Self.hex(low) }

    static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// A model with its prices in nano-dollars per token.
struct WorkloadModel {
    var provider: String
    var name: String
    var host: String
    var inputRate: Int
    var outputRate: Int
    var errorsPerMille: Int
    var tokensPerSecond: Int

    static let all = [
        WorkloadModel(
            provider: "openai", name: "gpt-5", host: "api.openai.com", inputRate: 1_250, outputRate: 10_000, errorsPerMille: 20,
            tokensPerSecond: 70),
        WorkloadModel(
            provider: "openai", name: "gpt-5-mini", host: "api.openai.com", inputRate: 250, outputRate: 2_000, errorsPerMille: 10,
            tokensPerSecond: 130),
        WorkloadModel(
            provider: "openai", name: "gpt-4o", host: "api.openai.com", inputRate: 2_500, outputRate: 10_000, errorsPerMille: 15,
            tokensPerSecond: 90),
        WorkloadModel(
            provider: "anthropic", name: "claude-sonnet-4-5", host: "api.anthropic.com", inputRate: 3_000, outputRate: 15_000,
            errorsPerMille: 25,
            tokensPerSecond: 75),
        WorkloadModel(
            provider: "anthropic", name: "claude-haiku-4-5", host: "api.anthropic.com", inputRate: 1_000, outputRate: 5_000,
            errorsPerMille: 30,
            tokensPerSecond: 150),
        WorkloadModel(
            provider: "google", name: "gemini-2.5-pro", host: "generativelanguage.googleapis.com", inputRate: 1_250, outputRate: 10_000,
            errorsPerMille: 40, tokensPerSecond: 85),
        WorkloadModel(
            provider: "google", name: "gemini-2.5-flash", host: "generativelanguage.googleapis.com", inputRate: 300, outputRate: 2_500,
            errorsPerMille: 12, tokensPerSecond: 200),
        WorkloadModel(
            provider: "mistral_ai", name: "mistral-large-latest", host: "api.mistral.ai", inputRate: 2_000, outputRate: 6_000,
            errorsPerMille: 60,
            tokensPerSecond: 60),
    ]
}
