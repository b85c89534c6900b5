/// Counts of values between explicit bounds: bucket i holds what is above bound i − 1 and not above bound i.
struct ExplicitHistogram: Equatable {
    private(set) var bounds: [Double]
    /// One more than there are bounds.
    private(set) var counts: [UInt64]
    /// Whether the sender's list of counts fits its bounds.
    let isValid: Bool

    /// - Parameter total: number of values, for a point that has no buckets.
    init(bounds: [Double], counts: [UInt64], total: UInt64) {
        self.bounds = bounds
        self.counts = counts.isEmpty && bounds.isEmpty ? [total] : counts
        isValid = self.counts.count == bounds.count + 1
    }

    var byteCount: Int { (bounds.count + counts.count) * 8 }

    /// Adds another with the same bounds.
    mutating func add(_ other: ExplicitHistogram) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
    }

    /// What this has more than `earlier`; nil when it does not continue it.
    func subtracting(_ earlier: ExplicitHistogram) -> ExplicitHistogram? {
        guard earlier.isValid, isValid, bounds == earlier.bounds else { return nil }
        var result = self
        for index in counts.indices {
            if counts[index] < earlier.counts[index] { return nil }
            result.counts[index] = counts[index] - earlier.counts[index]
        }
        return result
    }

    /// The value below which the share `p` of the values lies, taken to be spread evenly over each bucket. What lies beyond the outer bounds is
    /// taken to reach to the smallest and largest value where those are known, else to 0 and to the last bound.
    ///
    /// - Parameter p: from 0 to 1.
    /// - Returns: nil without values, or when nothing bounds the bucket.
    func quantile(_ p: Double, minimum: Double?, maximum: Double?) -> Double? {
        let total = counts.reduce(0.0) { $0 + Double($1) }
        guard total > 0 else { return nil }
        let rank = p * total
        var below = 0.0
        for (index, count) in counts.enumerated() where count > 0 {
            defer { below += Double(count) }
            guard below + Double(count) >= rank else { continue }
            let first = bounds.first.map { Swift.min($0, 0) }
            let known = (
                lower: index > 0 ? bounds[index - 1] : minimum ?? first,
                upper: index < bounds.count ? bounds[index] : maximum ?? bounds.last
            )
            guard var lower = known.lower, var upper = known.upper else { return nil }
            if let minimum { lower = Swift.max(lower, minimum) }
            if let maximum { upper = Swift.min(upper, maximum) }
            if upper <= lower { return index < bounds.count ? upper : lower }
            return lower + (upper - lower) * Swift.max(0, rank - below) / Double(count)
        }
        return maximum ?? bounds.last
    }
}
