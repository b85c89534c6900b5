import HearthExport

extension ResolvedConfiguration {
    /// Why a value of the code cannot be used; nil when all can. Those of the environment were checked when they were read.
    var problem: String? {
        let tail = source.tailSampling
        let unusableWord = source.scrubbing?.extraWords.first { !SecretWords.isUsable($0) }
        let conditions: [(Bool, String)] = [
            (min(limits.attributes, limits.events, limits.links, limits.valueLength) >= 0, "the limits of spans must not be negative"),
            (batch.maximumQueuedSpans > 0, "the queue of spans (batch.maximumQueuedSpans) must have room for one at least"),
            (batch.maximumBatchSpans > 0, "a request (batch.maximumBatchSpans) must have room for one span at least"),
            (batch.maximumQueuedBytes > 0, "the bytes that may wait (batch.maximumQueuedBytes) must be more than none"),
            (batch.delay >= .zero, "the delay of batches must not be negative"),
            (batch.timeout.wholeNanoseconds > 0, "the timeout of requests must be longer than nothing"),
            ((source.spool?.maximumBytes ?? 1) > 0, "the bytes of the spool must be more than none"),
            ((0...1).contains(tail?.backgroundRate ?? 0), "the background rate of tail sampling must be from 0 to 1"),
            ((tail?.maximumWaitingSpans ?? 1) > 0, "tail sampling (maximumWaitingSpans) must have room for one span at least"),
            (unusableWord == nil, "the word '\(unusableWord ?? "")' of scrubbing must begin with two characters that are not blank"),
        ]
        return conditions.first { !$0.0 }?.1
    }
}
