import Hearth
import HearthGenAI

/// The same agent in every format: what readers of Pydantic AI's spans find.
func everyFormat(_ agent: MarketAgent, provider: Provider) async throws {
    for format in InstrumentationSettings.Format.allCases {
        try await Hearth.withInstrumentation({
            $0.format = format
            $0.attributes = ["format": format.rawValue]
        }) {
            print(try await agent.run(question, provider: provider))
        }
    }
}
