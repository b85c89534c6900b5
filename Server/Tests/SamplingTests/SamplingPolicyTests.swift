import Sampling
import TelemetryModel
import Testing

@Suite struct SamplingPolicyTests {
    private static let second: Int64 = 1_000_000

    private func policy(idle: Double = 60, _ rules: [SamplingRule] = [], rest: Double = 0) -> SamplingPolicy {
        var settings = SamplingSettings()
        settings.isEnabled = true
        settings.idleSeconds = idle
        settings.rules = rules
        settings.rest = rest
        return SamplingPolicy(settings)
    }

    private func trace(first: Int64 = 0, last: Int64 = 0, root: Bool = true, open: Int = 0, _ matches: [Bool] = [], id: UInt64 = 1)
        -> TraceSummary
    {
        TraceSummary(
            traceID: TraceID(high: id, low: id), firstSeen: first * Self.second, lastSeen: last * Self.second, hasEndedRoot: root,
            openSpans: open, matches: matches, records: 3)
    }

    /// Every combination of root, open spans, quiet time, age and idle time against the definition.
    @Test func everyPhase() {
        for idle in [1.0, 5, 60, 3_600] {
            let policy = policy(idle: idle)
            for root in [false, true] {
                for open in 0...2 {
                    for first in stride(from: Int64(0), through: 8_000, by: 500) {
                        for last in [first, first + 1, first + 3_000] {
                            for quiet in [Int64(0), 1, 4, 5, 6, 59, 60, 61, 3_599, 3_600, 4_000] {
                                let now = last + quiet
                                let phase = policy.phase(of: trace(first: first, last: last, root: root, open: open), at: now * Self.second)
                                let isIdle = Double(quiet) >= idle
                                let isComplete = root && open == 0 && Double(quiet) >= min(5, idle)
                                let isOverdue = Double(now - first) >= 3_600
                                #expect(phase == (isIdle ? .idle : isComplete ? .complete : isOverdue ? .overdue : .open))
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func openTracesAreNotDecided() {
        let policy = policy(rest: 1)
        #expect(policy.decide(trace(open: 1), at: 10 * Self.second) == nil)
        #expect(policy.decide(trace(root: false), at: 59 * Self.second) == nil)
        #expect(policy.decide(trace(root: false), at: 60 * Self.second)?.isKept == true)
    }

    @Test func theFirstRuleThatMatchesDecides() {
        let rules = [
            SamplingRule(name: "drop", condition: .spanName, value: "GET /health", rate: 0),
            SamplingRule(name: "errors", condition: .error),
            SamplingRule(name: "half", condition: .service, value: "shop", rate: 0.5),
        ]
        let policy = policy(rules, rest: 1)
        for bits in 0..<8 {
            let matches = (0..<3).map { bits & (1 << $0) != 0 }
            let decision = policy.decide(trace(matches))
            let first = matches.firstIndex(of: true)
            #expect(decision.rule == (first.map { rules[$0].name } ?? "rest"))
            switch first {
            case 0: #expect(!decision.isKept)
            case 1, nil: #expect(decision.isKept && decision.weight == 1)
            default: #expect(!decision.isKept || decision.weight == 2)
            }
        }
    }

    /// The weights of kept traces add up to the number of traces, within five standard deviations; the ids are fixed, so this never changes.
    @Test(arguments: [0.5, 0.1, 0.01])
    func weightsStandForEverything(_ rate: Double) {
        let policy = policy(rest: rate)
        let count = 200_000
        var (weights, kept) = (0.0, 0)
        for number in 0..<count {
            // Time-prefixed ids, as the SDKs make them.
            let id = TraceID(high: 0x0199_8877_0000_7000 &+ UInt64(number / 10) << 16, low: 0x8000_0000_0000_0000 | UInt64(number))
            let decision = policy.decide(
                TraceSummary(traceID: id, firstSeen: 0, lastSeen: 0, hasEndedRoot: true, openSpans: 0, matches: [], records: 1))
            if decision.isKept {
                weights += decision.weight
                kept += 1
            }
        }
        let deviation = (Double(count) * rate * (1 - rate)).squareRoot() / rate
        #expect(abs(weights - Double(count)) < 5 * deviation)
        #expect(kept > 0)
    }

    @Test func higherRatesKeepWhatLowerOnesKeep() {
        for number in 0..<10_000 as Range<UInt64> {
            let id = TraceID(high: number &* 0x9e37_79b9_7f4a_7c15, low: number)
            let kept = [0, 0.01, 0.1, 0.5, 0.9, 1].map { SamplingPolicy.isWithin($0, id) }
            #expect(kept == kept.sorted { !$0 && $1 })
            #expect(kept.first == false && kept.last == true)
        }
    }

    @Test func settingsAreChecked() {
        var settings = SamplingSettings()
        #expect(settings.issues.isEmpty)
        settings.idleSeconds = 0
        settings.rest = 1.5
        settings.rules = [
            SamplingRule(name: "", condition: .error), SamplingRule(name: "a", condition: .duration),
            SamplingRule(name: "a", condition: .level, level: "loud"), SamplingRule(name: "rest", condition: .error),
            SamplingRule(name: "b", condition: .attribute), SamplingRule(name: "c", condition: .service, rate: -1),
            SamplingRule(name: "d", condition: .evaluation), SamplingRule(name: "e", condition: .level, level: "warn"),
        ]
        #expect(
            settings.issues.map(\.path) == [
                "idle_seconds", "rest", "rules[0].name", "rules[1].at_least", "rules[2].name", "rules[2].level", "rules[3].name",
                "rules[4].key", "rules[5].rate", "rules[5].value", "rules[6].below",
            ])
    }
}
