import TelemetryModel

// Hashes of whole values: cheap to keep where only "the same as before" matters, and a fixed order between rows that claim one id.

extension CallCandidate {
    var fingerprint: UInt64 {
        var hash = StableHash()
        hash.combine(spanID.value)
        hash.combine(parent.value)
        hash.combine(UInt64(bitPattern: start))
        hash.combine(model)
        hash.combine(provider)
        hash.combine(scope)
        hash.combine(responseID)
        hash.combine(streamRole.rawValue)
        hash.combine(streamKey)
        values.hash(into: &hash)
        return hash.finalize()
    }
}

extension CallDecision {
    /// Covers winner, count and patch; the run is compared by itself. 1 for a record that stands for itself alone, which most do.
    func mergeFingerprint(of own: StepIdentity) -> UInt64 {
        if mergedRecords == 1, winner == own { return 1 }
        var hash = StableHash()
        hash.combine(winner.traceID.high)
        hash.combine(winner.traceID.low)
        hash.combine(winner.spanID.value)
        hash.combine(UInt64(UInt32(bitPattern: mergedRecords)))
        if !patch.isEmpty { patch.hash(into: &hash) }
        return hash.finalize()
    }
}

extension CallValues {
    func hash(into hash: inout StableHash) {
        for count in [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens] {
            hash.combine(UInt64(bitPattern: count ?? -1))
        }
        for number in [cost, timeToFirstToken, duration] { hash.combine(number?.bitPattern ?? .max) }
        for text in [provider, responseModel, finishReasonsJSON] {
            hash.combine(text == nil ? 0 : 1 as UInt8)
            if let text { hash.combine(text) }
        }
        hash.combine(UInt64(bitPattern: toolCallCount.map(Int64.init) ?? .min))
        for flag in [isTruncated, hasToolCalls] {
            switch flag {
            case nil: hash.combine(0 as UInt8)
            case false?: hash.combine(1 as UInt8)
            case true?: hash.combine(2 as UInt8)
            }
        }
    }
}
