#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Values in buckets whose bounds grow by 2^(2^-scale) (OTLP `ExponentialHistogramDataPoint`).
struct ExponentialHistogram: Sendable {
    /// Buckets the OpenTelemetry SDKs keep at most.
    private static let maximumBuckets = 160
    private static let maximumScale = 20

    let count: Int
    let sum: Double
    let minimum: Double
    let maximum: Double
    let zeroCount: Int
    /// -10…20.
    let scale: Int
    /// Index of the first bucket; bucket i holds (base^i, base^(i+1)].
    let offset: Int
    let bucketCounts: [UInt64]

    /// The finest scale at which all `values` (not negative) fit.
    init(_ values: [Double]) {
        count = values.count
        sum = values.reduce(0, +)
        minimum = values.min() ?? 0
        maximum = values.max() ?? 0
        let positive = values.filter { $0 > 0 }
        zeroCount = values.count - positive.count
        guard let smallest = positive.min(), let largest = positive.max() else {
            (scale, offset, bucketCounts) = (0, 0, [])
            return
        }
        var scale = Self.maximumScale
        while Self.index(largest, scale) - Self.index(smallest, scale) >= Self.maximumBuckets { scale -= 1 }
        let first = Self.index(smallest, scale)
        var counts = [UInt64](repeating: 0, count: Self.index(largest, scale) - first + 1)
        for value in positive { counts[Self.index(value, scale) - first] += 1 }
        (self.scale, offset, bucketCounts) = (scale, first, counts)
    }

    private static func index(_ value: Double, _ scale: Int) -> Int {
        Int((log2(value) * exp2(Double(scale))).rounded(.up)) - 1
    }
}
