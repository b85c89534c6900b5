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
        hash.combine(isEmbedding ? 1 : 0 as UInt8)
        values.hash(into: &hash)
        return hash.finalize()
    }
}

extension CallDecision {
    /// Covers winner, count, patch and surroundings; the run is compared by itself. 1 for a record that stands for itself alone with
    /// nothing around it, which most do.
    func mergeFingerprint(of own: StepIdentity) -> UInt64 {
        if mergedRecords == 1, winner == own, surroundings.isEmpty, patch.isEmpty { return 1 }
        var hash = StableHash()
        hash.combine(winner.traceID.high)
        hash.combine(winner.traceID.low)
        hash.combine(winner.spanID.value)
        hash.combine(UInt64(UInt32(bitPattern: mergedRecords)))
        if !patch.isEmpty { patch.hash(into: &hash) }
        if !surroundings.isEmpty { surroundings.hash(into: &hash) }
        return hash.finalize()
    }
}

extension CallSurroundings {
    func hash(into hash: inout StableHash) {
        hash.combine(UInt64(bitPattern: retryCount.map(Int64.init) ?? -1))
        hash.combine(retryCause ?? "")
        hash.combine(promptBuildTime?.bitPattern ?? .max)
    }
}

extension CallValues {
    var fingerprint: UInt64 {
        var hash = StableHash()
        self.hash(into: &hash)
        return hash.finalize()
    }

    func hash(into hash: inout StableHash) {
        for count in [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens] {
            hash.combine(UInt64(bitPattern: count ?? -1))
        }
        for number in [cost, inputCost, outputCost, timeToFirstToken, duration] { hash.combine(number?.bitPattern ?? .max) }
        hash.combine(costSource.rawValue)
        for text in [provider, responseModel, finishReasonsJSON, costNote, priceVersion] {
            hash.combine(text == nil ? 0 : 1 as UInt8)
            if let text { hash.combine(text) }
        }
        hash.combine(UInt64(bitPattern: toolCallCount.map(Int64.init) ?? .min))
        for flag in [isTruncated, hasToolCalls, refusal, jsonParseSuccess, isStreaming] {
            switch flag {
            case nil: hash.combine(0 as UInt8)
            case false?: hash.combine(1 as UInt8)
            case true?: hash.combine(2 as UInt8)
            }
        }
    }
}
