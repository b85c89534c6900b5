/// How long and how often a request is repeated.
package struct RetryPolicy: Sendable, Hashable {
    /// Nanoseconds before the first repetition; doubled each time.
    package var initialDelay: UInt64 = 1_000_000_000
    package var maximumDelay: UInt64 = 32_000_000_000
    /// Nanoseconds after which a request is given up.
    package var window: UInt64 = 300_000_000_000
    /// Delay while the process is ending.
    package var closingDelay: UInt64 = 250_000_000
    /// Attempts without any connection while the process is ending.
    package var closingConnectAttempts = 3

    package init() {}
}

/// What becomes of one request: pure, told what happened, answers what to do.
package struct RetryMachine: Sendable {
    package enum Outcome: Sendable, Hashable {
        /// An HTTP answer; `retryAfter` in nanoseconds.
        case answered(status: Int, retryAfter: UInt64?)
        /// No connection could be made.
        case unreachable
        /// The connection broke or nothing came in time; the server may have taken the request.
        case broken
    }

    package enum Action: Sendable, Hashable {
        case finish
        /// Send the halves, or give up when there is only one record.
        case split
        /// Wait that many nanoseconds and send again.
        case wait(UInt64)
        case discard(Reason)
    }

    package enum Reason: Sendable, Hashable {
        /// The server will never take it.
        case refused(status: Int)
        /// Repeated until the end of the window.
        case exhausted
        /// The process is ending.
        case closing
    }

    private let policy: RetryPolicy
    private let started: UInt64
    private var delay: UInt64
    private var failures = 0
    private var failedConnects = 0

    /// - Parameter now: nanoseconds of a monotonic clock.
    package init(_ policy: RetryPolicy, now: UInt64) {
        self.policy = policy
        started = now
        delay = policy.initialDelay
    }

    /// - Parameters:
    ///   - closing: the moment by which everything must be over, once the process is ending.
    ///   - random: at least 0 and below 1; spreads the repetitions of many processes.
    package mutating func receive(_ outcome: Outcome, now: UInt64, closing: UInt64?, random: Double) -> Action {
        var asked: UInt64?
        switch outcome {
        case .answered(let status, let retryAfter):
            if (200..<300).contains(status) { return .finish }
            if status == 413 { return .split }
            guard Self.isTemporary(status) else { return .discard(.refused(status: status)) }
            asked = retryAfter
            failedConnects = 0
        case .unreachable:
            failedConnects += 1
        case .broken:
            failedConnects = 0
        }
        failures += 1
        if let closing {
            let pause = max(policy.closingDelay, asked ?? 0)
            if failedConnects >= policy.closingConnectAttempts || SystemTime.deadline(after: pause, from: now) >= closing {
                return .discard(.closing)
            }
            return .wait(pause)
        }
        let jittered = UInt64(Double(delay) * (0.5 + 0.5 * min(max(random, 0), 1)))
        delay = min(delay &* 2, policy.maximumDelay)
        let pause = max(jittered, asked ?? 0)
        guard now &- started &+ pause <= policy.window else { return .discard(.exhausted) }
        return .wait(pause)
    }

    /// Whether the same request can succeed later.
    package static func isTemporary(_ status: Int) -> Bool {
        switch status {
        case 408, 425, 429, 502, 503, 504: true
        default: status == 500 || status > 504
        }
    }
}
