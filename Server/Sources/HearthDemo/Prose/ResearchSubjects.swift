/// A company the research service looks at. All of them are made up.
struct ResearchSubject: Sendable {
    var company: String
    var ticker: String
    var headlines: [String]
    var thoughts: String
    var scoutSummary: String
    var risk: String
    var riskScore: Double
    var report: String
}

extension ResearchSubject {
    static let all = [
        ResearchSubject(
            company: "Northwind Turbines", ticker: "NWT",
            headlines: [
                "Northwind Turbines wins 1.2 GW offshore order in the North Sea", "Steel prices rise for the third month in a row",
                "Northwind opens a blade recycling plant in Esbjerg",
            ],
            thoughts:
                "The order matters most. The steel price works against it, so margins are the open question. Recycling is small money but good news.",
            scoutSummary:
                "A 1.2 GW order fills the factory for two years. Steel costs rise and the contract has no price clause. The recycling plant opens a new, small line of business.",
            risk: "moderate", riskScore: 0.42,
            report:
                "Northwind Turbines goes into the year with a full order book and a cost problem. The offshore order secures two years of work, yet it was "
                + "signed at a fixed price while steel has become eleven per cent dearer in three months. If prices stay where they are, the margin of "
                + "the project shrinks from nine to roughly six per cent. The recycling plant in Esbjerg will not change the result this year but takes "
                + "away an argument of the critics. We would watch the next quarterly report for a hedge on steel."),
        ResearchSubject(
            company: "Larkspur Robotics", ticker: "LKSP",
            headlines: [
                "Larkspur Robotics delays its warehouse arm by two quarters", "Two large retailers extend their Larkspur contracts",
                "Larkspur's chief engineer leaves for a university",
            ],
            thoughts:
                "A delay and a departure together weigh more than each of them alone. The extended contracts show that customers still wait.",
            scoutSummary:
                "The new arm comes in autumn instead of spring. Two retailers have extended their contracts regardless. The chief engineer has left, with no successor named.",
            risk: "elevated", riskScore: 0.66,
            report:
                "Larkspur sells well what it already has and struggles with what comes next. The delayed arm was meant to bring a third of next year's "
                + "revenue, and the person who designed it has left. That two retailers extended their contracts buys time: the service income alone "
                + "covers fixed costs until the middle of next year. Without a successor and a firm date we see more risk than the price reflects."
        ),
        ResearchSubject(
            company: "Meridian Grid Storage", ticker: "MGS",
            headlines: [
                "Regulator lets grid batteries earn from two markets at once", "Meridian Grid Storage commissions its fourth site",
                "Insurance for large batteries becomes dearer after a fire in another company's plant",
            ],
            thoughts: "The rule change doubles the sources of income. Insurance is a cost that everybody in the industry has.",
            scoutSummary:
                "Batteries may now sell balancing power and arbitrage at the same time. The fourth site is running. Insurance premiums went up by a fifth for everyone.",
            risk: "low", riskScore: 0.23,
            report:
                "The new rule is worth more to Meridian than any site it could build: the same battery may earn twice in one day. With the fourth site "
                + "running, about forty per cent of the planned capacity already profits from it. Dearer insurance takes away a part, though it hits the "
                + "whole industry alike. We expect the company to bring forward sites five and six."),
    ]
}

extension Agent {
    static let analyst = Agent(
        name: "analyst", model: .geminiPro,
        instructions:
            "You are an equity analyst. Collect the headlines, ask the risk agent for its view, then write a report of about a hundred words. State what would change your mind.",
        tools: [
            ToolDefinition(
                name: "headlines", description: "Recent headlines about a company, with a summary.",
                parameters: [(name: "ticker", type: "string", description: "The company's ticker.")]),
            ToolDefinition(
                name: "ask_risk", description: "Ask the risk agent.",
                parameters: [(name: "question", type: "string", description: "A full sentence.")]),
        ],
        temperature: 0.4, module: "market_research")

    static let scout = Agent(
        name: "scout", model: .geminiFlash, instructions: "Summarise the headlines in two or three short sentences. Facts only.",
        temperature: 0.1,
        module: "market_research")

    static let risk = Agent(
        name: "risk_agent", model: .claudeSonnet,
        instructions:
            "You judge the risk of a company from 0 (none) to 1 (do not touch). Answer with the output tool. The handbook of risk factors follows.",
        outputTool: ToolDefinition(
            name: "final_result", description: "The judgement.",
            parameters: [
                (name: "risk", type: "string", description: "low, moderate or elevated"),
                (name: "score", type: "number", description: "0 to 1"),
            ]),
        maxTokens: 4_096, module: "market_research")
}

/// What the daily digest is made of.
enum Digest {
    static let handbook =
        "You write the morning digest of Acme Research. Style: one sentence per item, the consequence first, no adjectives. Items without a consequence are "
        + "left out. Numbers are rounded to what a reader can remember. Names of persons only when they hold an office. Sources in brackets."

    static let items = [
        "Copper closes at a twelve-month high; cable makers announce surcharges from next month.",
        "The port of Gdynia reopens its second basin; container rates to the Baltic fall by a tenth.",
        "Two grocery chains agree on a shared warehouse near Lyon and will close three of their own.",
        "A drought in the Po valley halves the rice harvest; mills expect imports from Asia.",
        "The rail authority postpones the night train to Malmö until the signalling is renewed.",
    ]

    static let answers = [
        "Cables get dearer from next month because copper is at a twelve-month high [exchange].",
        "Shipping to the Baltic becomes a tenth cheaper now that the second basin of Gdynia is open [port].",
        "Three warehouses near Lyon close when two grocers move into one [companies].",
        "Rice will come from Asia this year; the drought has halved the harvest in the Po valley [growers].",
        "The night train to Malmö waits for new signals, so airlines keep the route for themselves [railways].",
    ]
}
