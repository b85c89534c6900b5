import Foundation
import GenAIPrices
import Testing

struct PricingTests {
    let data: PriceData
    let time = PriceTime(seconds: 1_795_000_000)

    init() throws { data = try PriceData.bundled() }

    private func usage(_ counts: [String: String]) throws -> Usage {
        var usage = Usage()
        for (key, count) in counts { usage[try #require(UsageUnit(usageKey: key))] = Decimal(decimalText: count) }
        return usage
    }

    private func total(
        _ counts: [String: String], _ model: String, _ provider: String, at: String? = nil, _ context: [String: String] = [:]
    ) throws
        -> String
    {
        let time = try at.map { try #require(PriceTime($0)) } ?? time
        return try data.price(usage(counts), model: model, provider: provider, at: time, context: context).amounts.total.description
    }

    @Test(arguments: [
        ["input_tokens": "10", "cache_read_tokens": "11"], ["cache_read_tokens": "1"],
        ["input_tokens": "100", "cache_read_tokens": "60", "cache_write_tokens": "50"], ["input_tokens": "-1"],
    ])
    func contradictionsAreRefused(_ counts: [String: String]) {
        #expect {
            try total(counts, "claude-sonnet-4-0", "anthropic")
        } throws: {
            ($0 as? PriceError)?.code == .usage
        }
    }

    @Test func noNumberIsRefused() throws {
        var usage = Usage()
        usage[.inputTokens] = Decimal.nan
        #expect(throws: PriceError.self) { try data.price(usage, model: "gpt-4o", provider: "openai", at: time) }
    }

    @Test func commonPartsMustBeReported() throws {
        // Cached and audio are both given and both priced: how much was cached audio is missing.
        #expect(throws: PriceError.self) {
            try total(
                ["input_tokens": "100", "input_audio_tokens": "50", "cache_read_tokens": "60"], "gpt-realtime", "openai")
        }
    }

    @Test func tiersCountEverything() throws {
        #expect(try total(["input_tokens": "200000"], "gemini-2.5-pro", "google") == "0.25")
        #expect(try total(["input_tokens": "200001"], "gemini-2.5-pro", "google") == "0.5000025")
        // Without input tokens there is no tier to choose, and output alone is fine.
        #expect(try total(["output_tokens": "1000"], "gemini-2.5-pro", "google") == "0.01")
    }

    @Test func variantsFallBackKeyByKey() throws {
        let counts = ["input_tokens": "1000000", "web_searches": "1000"]
        #expect(try total(counts, "gpt-4o", "openai", ["processing": "batch"]) == "11.25")
        #expect(try total(counts, "gpt-4o", "openai", ["processing": "BATCH"]) == "12.5")
    }

    @Test func datesAreUTC() throws {
        let counts = ["input_tokens": "1000000"]
        #expect(try total(counts, "o3", "openai", at: "2025-06-09T23:59:59.999Z") == "10")
        #expect(try total(counts, "o3", "openai", at: "2025-06-10") == "2")
        #expect(try total(counts, "o3", "openai", at: "2025-06-10T00:30:00+01:00") == "10")
    }

    @Test(arguments: [
        ("2026-01-31", 1_769_817_600), ("2026-01-31T12:00:00Z", 1_769_860_800), ("2026-01-31 12:00", 1_769_860_800),
        ("2026-01-31T12:00:00.5-05:30", 1_769_880_600), ("1969-12-31T23:59:59Z", -1),
    ])
    func timesAreRead(_ text: String, _ seconds: Int) { #expect(PriceTime(text)?.seconds == seconds) }

    @Test(arguments: ["", "2026", "2026-02-30", "2026-01-31T25:00:00Z", "2026-01-31T12:00:00+1", "31.01.2026"])
    func otherTextIsNoTime(_ text: String) { #expect(PriceTime(text) == nil) }

    @Test func daysAndDates() {
        for days in stride(from: -719_000, through: 2_900_000, by: 997) {
            #expect(PriceTime.days(date: PriceTime.date(days: days)) == days)
        }
        #expect(PriceTime(nanoseconds: -1).seconds == -1)
        #expect(PriceTime(nanoseconds: 1_999_999_999).seconds == 1)
    }

    @Test func groqBillsTenSeconds() throws {
        let short = try total(["audio_seconds": "3"], "whisper-large-v3", "groq")
        #expect(short == (try total(["audio_seconds": "10"], "whisper-large-v3", "groq")))
        #expect(try total(["audio_seconds": "0"], "whisper-large-v3", "groq") == "0")
    }

    @Test func freeModelsCostNothing() throws {
        #expect(try total(["input_tokens": "5000"], "deepseek/deepseek-r1:free", "openrouter") == "0")
    }

    private func tokens(_ counts: [UsageUnit: Int64]) -> TokenUsage {
        var usage = TokenUsage()
        for (unit, count) in counts { usage[unit] = count }
        return usage
    }

    @Test func inputWithoutItsCacheIsAdjusted() throws {
        let match = try data.find(model: "claude-sonnet-4-0", provider: "anthropic")
        let plan = match.plan(at: time)
        let parts = tokens([.inputTokens: 100, .cacheReadTokens: 2000, .cacheWriteTokens: 300, .outputTokens: 10])
        let price = try plan.traced(parts, match: match)
        let whole = tokens([.inputTokens: 2400, .cacheReadTokens: 2000, .cacheWriteTokens: 300, .outputTokens: 10])
        #expect(price.isAdjusted)
        #expect(try price.dollars == plan.traced(whole, match: match).dollars)
        #expect(try !plan.traced(whole, match: match).isAdjusted)
        let broken = tokens([.inputTokens: 1, .cacheReadTokens: 1, .cacheWriteTokens: 5, .cacheWrite1hTokens: 9])
        #expect(throws: PriceError.self) { try plan.traced(broken, match: match) }
        #expect(throws: PriceError.self) { try plan.traced(tokens([.inputTokens: 1, .cacheReadTokens: .max]), match: match) }
    }

    /// Whole numbers are only a faster way to the same prices.
    @Test func wholeNumbersAndDecimalsAgree() throws {
        var random = SystemRandomNumberGenerator()
        let units: [UsageUnit] = [
            .inputTokens, .outputTokens, .cacheReadTokens, .cacheWriteTokens, .cacheWrite1hTokens, .outputReasoningTokens, .webSearches,
            .inputAudioTokens,
        ]
        var compared = 0
        for provider in data.providers {
            for model in try provider.models() where Int.random(in: 0..<4, using: &random) == 0 {
                var usage = TokenUsage()
                for unit in units where Bool.random(using: &random) {
                    usage[unit] = .random(in: 0...(unit == .inputTokens ? 1_000_000 : 20_000), using: &random)
                }
                for period in model.periods {
                    let plan = PricePlan(period.prices)
                    let exact = Result { () throws(PriceError) in try plan.amounts(Usage(usage)) }
                    let fast = Result { () throws(PriceError) in try plan.dollars(usage) }
                    switch (exact, fast) {
                    case (.success(let exact), .success(let fast)):
                        #expect(Double(exact.total.description) == fast.total)
                        #expect(Double(exact.input.description) == fast.input)
                        #expect(Double(exact.output.description) == fast.output)
                        compared += 1
                    case (.failure(let a), .failure(let b)): #expect(a == b)
                    default: Issue.record("\(exact) and \(fast) for \(model.id)")
                    }
                }
            }
        }
        #expect(compared > 100)
    }

    @Test func usagesAdd() throws {
        let sum = try usage(["input_tokens": "1", "output_tokens": "2"]) + usage(["input_tokens": "3", "web_searches": "1"])
        #expect(sum[.inputTokens] == 4 && sum[.outputTokens] == 2 && sum[.webSearches] == 1)
    }
}
