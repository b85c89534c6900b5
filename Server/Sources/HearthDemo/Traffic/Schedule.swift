/// When which scenario starts: once through everything the demonstration promises, and a steady, random flow beside it.
struct Schedule: Sendable {
    struct Entry: Sendable {
        /// Nanoseconds after the story's first moment.
        var offset: Int64
        var scenario: Scenario
    }

    /// Seconds and scenario; told in full within the first minute.
    private static let opening: [(Double, Scenario)] = [
        (0.4, .support(.twoTurns)), (1.2, .helpAnswer(streamed: true)), (2.1, .triage), (3.0, .research(truncated: false)),
        (5.5, .support(.rateLimited)), (7.0, .digest(truncated: true)), (8.5, .draftMail), (10.5, .billing(broken: true)),
        (12.0, .support(.toolRetry)), (15.0, .support(.modelDown)), (17.5, .helpAnswer(streamed: false)),
        (20.0, .research(truncated: true)),
        (23.0, .billing(broken: false)), (25.0, .digest(truncated: false)),
    ]

    /// Later traffic with its weights.
    private static let mix: [(Int, Scenario)] = [
        (28, .support(.oneTurn)), (12, .support(.twoTurns)), (6, .support(.rateLimited)), (3, .support(.modelDown)),
        (5, .support(.toolRetry)),
        (14, .triage), (10, .draftMail), (16, .helpAnswer(streamed: true)), (6, .helpAnswer(streamed: false)),
        (8, .research(truncated: false)),
        (2, .research(truncated: true)), (4, .digest(truncated: false)), (2, .digest(truncated: true)), (8, .billing(broken: false)),
        (2, .billing(broken: true)),
    ]

    private var random: DemoRandom
    private var opened = 0
    private var nextVisit: Double
    private var nextAgent: Double

    init(random: DemoRandom) {
        self.random = random
        nextVisit = 0.2
        nextAgent = 6
    }

    /// The next start; offsets never go back.
    mutating func next() -> Entry {
        let opening = opened < Self.opening.count ? Self.opening[opened].0 : .infinity
        let seconds = min(opening, nextVisit, nextAgent)
        let scenario: Scenario
        if seconds == opening {
            scenario = Self.opening[opened].1
            opened += 1
        } else if seconds == nextVisit {
            scenario = .browse
            nextVisit += random.latency(0.4...4.4)
        } else {
            scenario = pick()
            nextAgent += random.double(0.9...3.1)
        }
        return Entry(offset: Int64(seconds * 1e9), scenario: scenario)
    }

    private mutating func pick() -> Scenario {
        var ticket = random.int(1...Self.mix.reduce(0) { $0 + $1.0 })
        for (weight, scenario) in Self.mix {
            ticket -= weight
            if ticket <= 0 { return scenario }
        }
        return .browse
    }
}
