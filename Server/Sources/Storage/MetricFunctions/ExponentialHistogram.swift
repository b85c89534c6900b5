#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Counts of values in buckets whose bounds grow by the factor 2^(1 / 2^scale): bucket i holds what is above 2^(i / 2^scale) and not above
/// 2^((i + 1) / 2^scale); the buckets of negative values mirror them.
struct ExponentialHistogram: Equatable {
    /// Consecutive buckets of one sign.
    struct Buckets: Equatable {
        /// Most buckets of a sign; wider ranges are stored at a smaller scale.
        static let maximum = 1_024

        /// Index of the first bucket.
        private(set) var offset: Int
        private(set) var counts: [UInt64]

        init(offset: Int32, counts: [UInt64]) {
            let first = counts.firstIndex { $0 > 0 } ?? 0
            let last = counts.lastIndex { $0 > 0 } ?? -1
            self.offset = Int(offset) + first
            self.counts = last < first ? [] : first == 0 && last == counts.count - 1 ? counts : Array(counts[first...last])
        }

        var indexes: Range<Int> { offset..<offset + counts.count }

        /// Makes 2^`steps` neighbours one.
        mutating func merge(steps: Int) {
            guard steps > 0, !counts.isEmpty else { return }
            let shift = Swift.min(steps, 62)
            let first = offset >> shift
            var merged = [UInt64](repeating: 0, count: ((offset + counts.count - 1) >> shift) - first + 1)
            for (index, count) in counts.enumerated() { merged[((offset + index) >> shift) - first] &+= count }
            (offset, counts) = (first, merged)
        }

        /// Adds buckets of the same scale.
        mutating func add(_ other: Buckets) {
            guard !other.counts.isEmpty else { return }
            guard !counts.isEmpty else {
                self = other
                return
            }
            let range = Swift.min(offset, other.offset)..<Swift.max(indexes.upperBound, other.indexes.upperBound)
            if range != indexes {
                counts.insert(contentsOf: repeatElement(0, count: offset - range.lowerBound), at: 0)
                counts.append(contentsOf: repeatElement(0, count: range.count - counts.count))
                offset = range.lowerBound
            }
            for (index, count) in other.counts.enumerated() { counts[other.offset - offset + index] &+= count }
        }

        /// What is left without `other`; nil when some bucket has less than it.
        func subtracting(_ other: Buckets) -> Buckets? {
            if other.counts.isEmpty { return self }
            guard indexes.lowerBound <= other.offset, indexes.upperBound >= other.indexes.upperBound else { return nil }
            var rest = counts
            for (index, count) in other.counts.enumerated() {
                let place = other.offset - offset + index
                if rest[place] < count { return nil }
                rest[place] -= count
            }
            return Buckets(offset: Int32(clamping: offset), counts: rest)
        }

        /// Takes out the buckets below index `end`.
        ///
        /// - Returns: the number of values in them.
        mutating func removeBelow(_ end: Int) -> UInt64 {
            let count = Swift.min(Swift.max(end - offset, 0), counts.count)
            let removed = counts[..<count].reduce(0, &+)
            counts.removeFirst(count)
            offset += count
            return removed
        }
    }

    private(set) var scale: Int32
    private(set) var zeroCount: UInt64
    /// Values up to this size count as zero.
    private(set) var zeroThreshold: Double
    private(set) var positive: Buckets
    private(set) var negative: Buckets

    init(scale: Int32, zeroCount: UInt64, zeroThreshold: Double, positive: Buckets, negative: Buckets) {
        // Beyond these the bounds are no longer different numbers, or all are one.
        self.scale = Swift.min(Swift.max(scale, -11), 40)
        self.zeroCount = zeroCount
        self.zeroThreshold = zeroThreshold
        self.positive = positive
        self.negative = negative
    }

    var byteCount: Int { (positive.counts.count + negative.counts.count) * 8 }

    /// Gives up resolution until the scale is at most `scale`.
    mutating func reduce(to scale: Int32) {
        guard scale < self.scale else { return }
        positive.merge(steps: Int(self.scale - scale))
        negative.merge(steps: Int(self.scale - scale))
        self.scale = scale
    }

    /// Adds another of any scale.
    mutating func add(_ other: ExponentialHistogram) {
        var other = other
        reduce(to: other.scale)
        other.reduce(to: scale)
        while Self.span(positive, other.positive) > Buckets.maximum || Self.span(negative, other.negative) > Buckets.maximum {
            reduce(to: scale - 1)
            other.reduce(to: scale)
        }
        widenZero(to: other.zeroThreshold)
        other.widenZero(to: zeroThreshold)
        zeroThreshold = Swift.max(zeroThreshold, other.zeroThreshold)
        zeroCount &+= other.zeroCount
        positive.add(other.positive)
        negative.add(other.negative)
    }

    private static func span(_ one: Buckets, _ other: Buckets) -> Int {
        if one.counts.isEmpty || other.counts.isEmpty { return 0 }
        return Swift.max(one.indexes.upperBound, other.indexes.upperBound) - Swift.min(one.offset, other.offset)
    }

    /// Counts as zero what lies in buckets that begin below `threshold`.
    private mutating func widenZero(to threshold: Double) {
        guard threshold > zeroThreshold else { return }
        zeroThreshold = threshold
        let end = Int((log2(threshold) * exp2(Double(scale))).rounded(.up))
        let reaches = positive.offset < end && !positive.counts.isEmpty || negative.offset < end && !negative.counts.isEmpty
        guard reaches else { return }
        zeroCount &+= positive.removeBelow(end) &+ negative.removeBelow(end)
        zeroThreshold = Swift.max(threshold, bound(end))
    }

    /// What this has more than `earlier`; nil when it does not continue it.
    func subtracting(_ earlier: ExponentialHistogram) -> ExponentialHistogram? {
        var (result, earlier) = (self, earlier)
        result.reduce(to: earlier.scale)
        earlier.reduce(to: result.scale)
        earlier.widenZero(to: result.zeroThreshold)
        guard earlier.zeroThreshold == result.zeroThreshold, result.zeroCount >= earlier.zeroCount,
            let positive = result.positive.subtracting(earlier.positive), let negative = result.negative.subtracting(earlier.negative)
        else { return nil }
        result.zeroCount -= earlier.zeroCount
        (result.positive, result.negative) = (positive, negative)
        return result
    }

    /// Lower bound of the bucket with this index.
    func bound(_ index: Int) -> Double { exp2(Double(index) * exp2(-Double(scale))) }

    /// The value below which the share `p` of the values lies, taken to be spread over each bucket like its bounds are: evenly by logarithm.
    ///
    /// - Parameter p: from 0 to 1.
    /// - Returns: nil without values.
    func quantile(_ p: Double, minimum: Double?, maximum: Double?) -> Double? {
        var total = Double(zeroCount)
        for count in positive.counts { total += Double(count) }
        for count in negative.counts { total += Double(count) }
        guard total > 0 else { return nil }
        var value = rawQuantile(rank: p * total)
        if let minimum { value = Swift.max(value, minimum) }
        if let maximum { value = Swift.min(value, maximum) }
        return value
    }

    private func rawQuantile(rank: Double) -> Double {
        var below = 0.0
        var last = 0.0
        for (index, count) in negative.counts.enumerated().reversed() where count > 0 {
            let (inner, outer) = (bound(negative.offset + index), bound(negative.offset + index + 1))
            if below + Double(count) >= rank { return -outer * pow(inner / outer, Swift.max(0, rank - below) / Double(count)) }
            below += Double(count)
            last = -inner
        }
        if zeroCount > 0 {
            if below + Double(zeroCount) >= rank {
                let lower = negative.counts.isEmpty ? 0 : -zeroThreshold
                let upper = positive.counts.isEmpty ? 0 : zeroThreshold
                return lower + (upper - lower) * Swift.max(0, rank - below) / Double(zeroCount)
            }
            below += Double(zeroCount)
            last = zeroThreshold
        }
        for (index, count) in positive.counts.enumerated() where count > 0 {
            let (lower, upper) = (bound(positive.offset + index), bound(positive.offset + index + 1))
            if below + Double(count) >= rank { return lower * pow(upper / lower, Swift.max(0, rank - below) / Double(count)) }
            below += Double(count)
            last = upper
        }
        return last
    }
}
