import GenAI
import TelemetryModel
import Testing

@Suite struct MappingTests {
    private func map(_ rules: [MappingRule], name: String = "work", _ attributes: KeyValuePairs<String, Literal>) -> ReadStep? {
        var batch = RecordBatch()
        batch.resources = [ResourceInfo(id: 1, attributesJSON: "{}")]
        batch.resources[0].serviceName = "shop"
        batch.add(name: name, scope: "own", attributes)
        batch.add(name: "other", ["plain": 1])
        MappingRules(rules).apply(to: &batch)
        let steps = StepExtractor.extract(&batch)
        return steps.first.map { ReadStep(step: $0, store: batch.text) }
    }

    @Test func rulesComeBeforeEverything() {
        let step = map(
            [
                MappingRule(attribute: "engine", field: .model), MappingRule(attribute: "n_in", field: .inputTokens),
                MappingRule(attribute: "first", field: .timeToFirstToken, unit: .ms), MappingRule(attribute: "shard", field: .tenantID),
                MappingRule(attribute: "said_no", field: .refusal),
            ],
            [
                "gen_ai.request.model": "sent", "engine": "mine", "n_in": "1,234", "gen_ai.usage.input_tokens": 9, "first": 250,
                "shard": "t-7", "said_no": true,
            ])
        #expect(step?.model == "mine")
        #expect(step?.inputTokens == 1234)
        #expect(step?.timeToFirstToken == 0.25)
        #expect(step?.details == #"{"tenant_id":"t-7"}"#)
        #expect(step?.refusal == true)
    }

    @Test func aValueThatCannotBeTheFieldsIsLeft() {
        let rules = [MappingRule(attribute: "n_in", field: .inputTokens), MappingRule(attribute: "alt", field: .inputTokens)]
        #expect(map(rules, ["gen_ai.request.model": "m", "n_in": "many", "alt": 3])?.inputTokens == 3, "the next rule for the field")
        #expect(map(rules, ["gen_ai.request.model": "m", "n_in": "many", "gen_ai.usage.input_tokens": 9])?.inputTokens == 9)
        let written = [MappingRule(attribute: "t", field: .timeToFirstToken)]
        #expect(map(written, ["gen_ai.request.model": "m", "t": "90 ms"])?.timeToFirstToken == 0.09)
    }

    @Test func conditions() {
        func model(_ rule: MappingRule) -> String? { map([rule], name: "ask", ["engine": "mine"])?.model }
        #expect(model(MappingRule(attribute: "engine", field: .model)) == "mine")
        #expect(model(MappingRule(attribute: "engine", field: .model, serviceName: "shop", scopeName: "own", spanName: "ask")) == "mine")
        #expect(model(MappingRule(attribute: "engine", field: .model, serviceName: "bank")) == nil)
        #expect(model(MappingRule(attribute: "engine", field: .model, scopeName: "o")) == nil)
        #expect(model(MappingRule(attribute: "engine", field: .model, spanName: "answer")) == nil)
    }

    @Test func everyFieldHasItsColumnsKindAndTitle() {
        #expect(CanonicalField.inputTokens.title == "Input tokens")
        #expect(CanonicalField.jsonParseSuccess.title == "JSON parse success")
        #expect(CanonicalField.conversationID.title == "Conversation ID")
        #expect(CanonicalField.timeToFirstToken.kind == .seconds)
        #expect(CanonicalField.refusal.kind == .boolean)
        let keys = CanonicalField.allCases.map(\.rawValue)
        #expect(Set(keys).count == keys.count)
        for detail in StepDetail.allCases { #expect(CanonicalField(rawValue: detail.rawValue) != nil, "\(detail.rawValue)") }
    }
}
