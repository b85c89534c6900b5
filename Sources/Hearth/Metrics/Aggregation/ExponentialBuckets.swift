#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Counts of the exponential buckets of one sign: bucket `i` holds values above `2^(i / 2^scale)` up to and with `2^((i + 1) / 2^scale)`.
///
/// At most `capacity` neighbouring buckets, in a ring: bucket `i` lies at `i mod capacity`, so that nothing moves when the range grows on
/// either side. Its memory is taken once.
struct ExponentialBuckets {
    private var ring: [UInt64]
    /// The range in use; empty while `high < low`.
    private(set) var low = 0
    private(set) var high = -1

    init(capacity: Int) {
        ring = [UInt64](repeating: 0, count: capacity)
    }

    var isEmpty: Bool { high < low }
    var capacity: Int { ring.count }

    /// By how many powers of two the resolution must fall before a bucket of that index fits in.
    func scaleReduction(for index: Int) -> Int {
        guard !isEmpty else { return 0 }
        var lowest = min(low, index)
        var highest = max(high, index)
        var change = 0
        while highest - lowest >= capacity {
            lowest >>= 1
            highest >>= 1
            change += 1
        }
        return change
    }

    /// Counts a value; the index must fit in.
    mutating func increment(_ index: Int) {
        if isEmpty {
            low = index
            high = index
        } else {
            low = min(low, index)
            high = max(high, index)
        }
        ring[slot(index)] &+= 1
    }

    /// Joins `2^change` neighbouring buckets into one.
    mutating func reduceScale(by change: Int) {
        guard change > 0, !isEmpty else { return }
        var joined = [UInt64](repeating: 0, count: capacity)
        for index in low...high {
            let target = (index >> change) % capacity
            joined[target < 0 ? target + capacity : target] &+= ring[slot(index)]
        }
        ring = joined
        low >>= change
        high >>= change
    }

    /// The counts in order, with the index of the first.
    var dense: ExponentialHistogramValue.Buckets {
        guard !isEmpty else { return .init(offset: 0, counts: []) }
        return .init(offset: Int32(clamping: low), counts: (low...high).map { ring[slot($0)] })
    }

    mutating func removeAll() {
        for index in ring.indices { ring[index] = 0 }
        low = 0
        high = -1
    }

    private func slot(_ index: Int) -> Int {
        let place = index % capacity
        return place < 0 ? place + capacity : place
    }

    /// The bucket of a value above zero.
    ///
    /// Powers of two are exact at every scale; elsewhere values within rounding of a bound may fall on its other side.
    static func index(of value: Double, scale: Int) -> Int {
        let exponent = Int(value.exponent)
        let significand = value.significand
        if scale <= 0 {
            // A power of two is the upper bound of the bucket below it.
            let whole = significand == 1 ? exponent - 1 : exponent
            return whole >> -scale
        }
        let base = exponent << scale
        guard significand != 1 else { return base - 1 }
        let steps = 1 << scale
        let inside = Int((log2(significand) * Double(steps)).rounded(.up)) - 1
        return base + min(max(inside, 0), steps - 1)
    }
}
