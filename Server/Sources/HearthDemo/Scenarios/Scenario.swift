/// What a scenario gets to tell its traces with.
struct Stage: Sendable {
    /// Unix nanoseconds of the story.
    let start: Int64
    var random: DemoRandom
    var identifiers: IdentifierSource

    /// A builder for a trace that starts in `service`.
    ///
    /// - Parameter later: seconds after the scenario's start.
    mutating func begin(_ service: DemoService, later: Double = 0) -> TraceBuilder {
        TraceBuilder(service: service, start: start + Int64(later * 1e9), random: random.fork(), identifiers: identifiers.fork())
    }
}

/// One kind of traffic.
enum Scenario: Sendable, Equatable {
    case browse
    case support(SupportVariant)
    case triage
    case draftMail
    case helpAnswer(streamed: Bool)
    case research(truncated: Bool)
    case digest(truncated: Bool)
    case billing(broken: Bool)

    /// What goes wrong, or right, in a support conversation.
    enum SupportVariant: Sendable, Equatable {
        case oneTurn
        case twoTurns
        /// The provider says 429 before it answers.
        case rateLimited
        /// The provider answers with 503 for good.
        case modelDown
        /// A tool fails and the model tries again.
        case toolRetry
    }

    /// The scenario's traces; times begin at the stage's start.
    func tell(_ stage: inout Stage) -> [TraceDraft] {
        switch self {
        case .browse: Browse.tell(&stage)
        case .support(let variant): SupportChat.tell(&stage, variant)
        case .triage: Triage.tell(&stage)
        case .draftMail: DraftMail.tell(&stage)
        case .helpAnswer(let streamed): HelpAnswer.tell(&stage, streamed: streamed)
        case .research(let truncated): Research.tell(&stage, truncated: truncated)
        case .digest(let truncated): DigestRun.tell(&stage, truncated: truncated)
        case .billing(let broken): BillingJob.tell(&stage, broken: broken)
        }
    }
}
