import GenAI
import OTLPIngest
import Prices
import TelemetryModel
import Testing

struct PriceStepsTests {
    /// The cost of the one model call with these attributes, each a JSON member of an OTLP value.
    private func cost(_ attributes: [(String, String)], book: PriceBook? = nil) throws -> CallCost {
        let list = try (book ?? PriceBook()).list(project: 1)
        let written = attributes.map { "{\"key\":\"\($0.0)\",\"value\":{\($0.1)}}" }.joined(separator: ",")
        let json = """
            {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"test"},"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10",
            "spanId":"0102030405060708","name":"chat","startTimeUnixNano":"1795000000000000000","endTimeUnixNano":"1795000001000000000",
            "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},\(written)]}]}]}]}
            """
        var batch = try TraceDecoder.decode(Array(json.utf8), encoding: .json, limits: DecodeLimits())
        var steps = StepExtractor.extract(&batch)
        #expect(steps.count == 1)
        PriceSteps.price(&steps, &batch, by: list)
        let step = try #require(steps.first)
        var facts = PriceFactReader()
        let slow = list.cost(of: CallFacts(step, facts.read(step.row, &batch), in: batch))
        let cost = CallCost(
            cost: step.cost, inputCost: step.inputCost, outputCost: step.outputCost, source: step.costSource,
            note: batch.text.string(step.costNote), priceVersion: batch.text.string(step.priceVersion))
        // Both ways to a price are the same.
        #expect(cost == slow)
        return cost
    }

    private func text(_ value: String) -> String { "\"stringValue\":\"\(value)\"" }
    private func int(_ value: Int) -> String { "\"intValue\":\"\(value)\"" }

    @Test func tokensArePriced() throws {
        let cost = try cost([
            ("gen_ai.provider.name", text("openai")), ("gen_ai.request.model", text("gpt-4o")), ("gen_ai.usage.input_tokens", int(1000)),
            ("gen_ai.usage.output_tokens", int(100)), ("gen_ai.usage.cache_read.input_tokens", int(200)),
        ])
        #expect(
            cost
                == CallCost(
                    cost: 0.00325, inputCost: 0.00225, outputCost: 0.001, source: .computed, note: "price of openai/gpt-4o",
                    priceVersion: "0.2.3"))
    }

    @Test func aSentCostWins() throws {
        let call = [
            ("gen_ai.provider.name", text("openai")), ("gen_ai.request.model", text("gpt-4o")), ("gen_ai.usage.input_tokens", int(1000)),
            ("gen_ai.usage.output_tokens", int(100)),
        ]
        #expect(try cost(call + [("operation.cost", "\"doubleValue\":0.5")]) == CallCost(cost: 0.5, source: .sent))
        // The parts are known where the whole agrees.
        #expect(
            try cost(call + [("operation.cost", "\"doubleValue\":0.0035")])
                == CallCost(cost: 0.0035, inputCost: 0.0025, outputCost: 0.001, source: .sent))
    }

    @Test func partsThatWereSentStay() throws {
        let cost = try cost([
            ("gen_ai.provider.name", text("openai")), ("gen_ai.request.model", text("gpt-4o")), ("gen_ai.usage.input_tokens", int(1000)),
            ("gen_ai.usage.output_tokens", int(100)), ("input_cost_usd", "\"doubleValue\":0.125"),
            ("output_cost_usd", "\"doubleValue\":0.5"),
            ("total_cost_usd", "\"doubleValue\":0.625"),
        ])
        #expect(cost == CallCost(cost: 0.625, inputCost: 0.125, outputCost: 0.5, source: .sent))
    }

    @Test func theAddressOutweighsTheProvider() throws {
        let cost = try cost([
            ("gen_ai.provider.name", text("openai")), ("gen_ai.request.model", text("claude-sonnet-4-0")),
            ("server.address", text("api.anthropic.com")), ("gen_ai.usage.input_tokens", int(1000)),
        ])
        #expect(cost.note == "price of anthropic/claude-sonnet-4-0")
        #expect(cost.cost == 0.003)
    }

    @Test func theServiceTierChoosesTheVariant() throws {
        let call = [
            ("gen_ai.provider.name", text("openai")), ("gen_ai.request.model", text("gpt-5")),
            ("gen_ai.usage.input_tokens", int(1_000_000)),
        ]
        let standard = try cost(call)
        let flex = try cost(call + [("openai.response.service_tier", text("flex"))])
        #expect(try #require(flex.cost) < #require(standard.cost))
    }

    @Test func inputWithoutItsCacheIsAdjusted() throws {
        let cost = try cost([
            ("gen_ai.provider.name", text("anthropic")), ("gen_ai.request.model", text("claude-sonnet-4-0")),
            ("gen_ai.usage.input_tokens", int(100)), ("gen_ai.usage.cache_read.input_tokens", int(1000)),
            ("gen_ai.usage.output_tokens", int(10)),
        ])
        #expect(cost.note?.contains("added to the input tokens") == true)
        #expect(abs((cost.cost ?? 0) - (100 * 3 + 1000 * 0.3 + 10 * 15) / 1e6) < 1e-15)
    }

    @Test(arguments: [
        ([("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o")], 0, "the sender reported no tokens"),
        ([("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "my-model")], 5, "the price data has no model my-model of openai"),
        ([("gen_ai.provider.name", "ollama"), ("gen_ai.request.model", "llama3")], 5, "ollama runs models on one's own machines"),
        ([("gen_ai.provider.name", "openai")], 5, "the call names no model"),
    ])
    func whatHasNoPriceSaysWhy(_ names: [(String, String)], _ tokens: Int, _ note: String) throws {
        let counts = tokens > 0 ? [("gen_ai.usage.input_tokens", int(tokens))] : []
        let cost = try cost(names.map { ($0.0, text($0.1)) } + counts)
        #expect(cost.source == .unpriced && cost.cost == nil && cost.priceVersion == nil)
        #expect(cost.note?.hasPrefix(note) == true, "\(cost.note ?? "")")
    }

    @Test func contradictionsAreUnpriced() throws {
        let cost = try cost([
            ("gen_ai.provider.name", text("openai")), ("gen_ai.request.model", text("gpt-realtime")),
            ("gen_ai.usage.input_tokens", int(10)), ("gen_ai.usage.details.input_audio_tokens", int(20)),
        ])
        #expect(cost.source == .unpriced)
        #expect(cost.note == "input_audio_tokens (20) exceeds input_tokens (10), which contains it")
    }

    // MARK: Overrides

    private func override(
        id: Int = 1, provider: String? = nil, _ model: String, _ prices: [String: String], from: String? = nil, until: String? = nil
    ) -> PriceOverride {
        PriceOverride(
            id: id, provider: provider, model: model, prices: prices, startDate: from, endDate: until, note: nil,
            createdAt: "2026-01-01T00:00:00Z")
    }

    @Test func overridesReplaceWhatTheyName() throws {
        let book = try PriceBook()
        try book.set([override(id: 7, "GPT-4o", ["input_mtok": "1"])], project: 1)
        let cost = try cost(
            [
                ("gen_ai.provider.name", text("openai")), ("gen_ai.request.model", text("gpt-4o-2024-08-06")),
                ("gen_ai.usage.input_tokens", int(1_000_000)), ("gen_ai.usage.output_tokens", int(100_000)),
            ], book: book)
        #expect(cost.inputCost == 1 && cost.outputCost == 1)
        #expect(cost.note == "price of openai/gpt-4o; override 7")
        #expect(cost.priceVersion == "0.2.3+override")
        #expect(book.list(project: 2).overrideCount == 0)
    }

    @Test func overridesPriceWhatNoListHas() throws {
        let book = try PriceBook()
        try book.set([override("llama*", ["input_mtok": "0.1", "output_mtok": "0.2"], from: "2026-01-01")], project: 1)
        let call = [("gen_ai.provider.name", text("ollama")), ("gen_ai.usage.input_tokens", int(1_000_000))]
        let priced = try cost(call + [("gen_ai.request.model", text("Llama3:8b"))], book: book)
        #expect(priced.cost == 0.1)
        #expect(try cost(call + [("gen_ai.request.model", text("mistral"))], book: book).source == .unpriced)
    }

    @Test func theMostParticularOverrideHolds() throws {
        let book = try PriceBook()
        try book.set(
            [
                override(id: 1, "gpt-4o", ["input_mtok": "1"]), override(id: 2, provider: "openai", "gpt*", ["input_mtok": "2"]),
                override(id: 3, provider: "azure", "gpt-4o", ["input_mtok": "3"]),
                override(id: 4, provider: "openai", "gpt-4o", ["input_mtok": "4"], until: "2026-01-01"),
            ], project: 1)
        let call = [
            ("gen_ai.provider.name", text("openai")), ("gen_ai.request.model", text("gpt-4o")),
            ("gen_ai.usage.input_tokens", int(1_000_000)),
        ]
        #expect(try cost(call, book: book).cost == 2)
        try book.set([], project: 1)
        #expect(try cost(call, book: book).cost == 2.5)
    }

    @Test(
        arguments: [
            (["input_mtok": "-1"], "gpt", nil, "prices.input_mtok"), (["tokens": "1"], "gpt", nil, "prices.tokens"),
            ([:], "gpt", nil, "prices"),
            (["input_mtok": "1"], "", nil, "model"), (["input_mtok": "1"], "*", nil, "model"),
            (["input_mtok": "1"], "gpt", "2026-02-30", "start_date"),
        ] as [([String: String], String, String?, String)])
    func invalidOverridesAreRefused(_ prices: [String: String], _ model: String, _ from: String?, _ field: String) throws {
        let book = try PriceBook()
        let error = #expect(throws: PriceOverrideError.self) { try book.set([override(model, prices, from: from)], project: 1) }
        #expect(error?.description.hasPrefix(field) == true)
    }
}
