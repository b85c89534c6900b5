import TelemetryModel

/// Pairs the two records of a streamed call under one parent (`genai-conventions.md` §0.3): the span that opened it and the log that
/// completes it. Those without a parent are in two traces: ``StreamGroups``.
enum StreamPairs {
    /// For each call the index of the completion that it opened, or -1.
    ///
    /// Per (parent, scope, model), the k-th opener in (start, span id) order belongs to the k-th completion. Empty without pairs.
    static func completions(of calls: [CallCandidate]) -> [Int] {
        var openers: [Int] = []
        var completions: [Int] = []
        for (index, call) in calls.enumerated() where call.parent.isValid {
            switch call.streamRole {
            case .opener: openers.append(index)
            case .completion: completions.append(index)
            case .none, .vendor: break
            }
        }
        if openers.isEmpty || completions.isEmpty { return [] }
        let precedes: (Int, Int) -> Bool = { a, b in
            let (a, b) = (calls[a], calls[b])
            if key(a) != key(b) { return key(a) < key(b) }
            return (a.start, a.spanID.value) < (b.start, b.spanID.value)
        }
        openers.sort(by: precedes)
        completions.sort(by: precedes)

        var result = [Int](repeating: -1, count: calls.count)
        var (o, c) = (0, 0)
        while o < openers.count, c < completions.count {
            let (opener, completion) = (key(calls[openers[o]]), key(calls[completions[c]]))
            if opener == completion {
                result[openers[o]] = completions[c]
                o += 1
                c += 1
            } else if opener < completion {
                o += 1
            } else {
                c += 1
            }
        }
        return result
    }

    private static func key(_ call: CallCandidate) -> (UInt64, UInt64, UInt64) { (call.parent.value, call.scope, call.model) }
}
