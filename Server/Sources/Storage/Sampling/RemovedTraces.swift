/// Traces that sampling removed, so that what comes of them later is dropped: hashes, bounded by forgetting the oldest half.
///
/// What is forgotten is still known to the table `trace_sample`: records of such a trace are stored and removed again by the sampler.
struct RemovedTraces {
    /// Hashes per generation, of which there are two; about 16 bytes each.
    static let generationLimit = 1_000_000

    private var recent = IdentitySet()
    private var earlier = IdentitySet()
    private var recentCount = 0
    private let limit: Int

    init(limit: Int = Self.generationLimit) { self.limit = limit }

    var isEmpty: Bool { recentCount == 0 }

    func contains(_ hash: UInt64) -> Bool { recent.contains(hash) || earlier.contains(hash) }

    mutating func insert(_ hash: UInt64) {
        guard recent.insert(hash) else { return }
        recentCount += 1
        guard recentCount >= limit else { return }
        earlier = recent
        recent = IdentitySet()
        // Stays above zero: the earlier generation counts.
        recentCount = 1
    }
}
