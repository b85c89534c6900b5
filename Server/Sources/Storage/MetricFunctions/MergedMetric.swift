import DuckDBKit
import Synchronization

/// The points of a group put together.
struct MergedMetric {
    let function: String
    private(set) var kind: MetricKind?
    private(set) var count: UInt64 = 0
    /// What the points add.
    private var sum = ExactSum()
    private(set) var hasSum = true
    private var lowest = Extreme()
    private var highest = Extreme()
    /// Microseconds since the Unix epoch.
    private(set) var start: Int64?
    private(set) var end: Int64?
    /// Whether some point said what it adds.
    private(set) var isKnown = false
    private(set) var explicit: ExplicitHistogram?
    private(set) var exponential: ExponentialHistogram?
    /// The last point of each series, for what goes up and down.
    private var levels: [UInt64: Level] = [:]
    /// Levels that were put together before.
    private var otherLevels = ExactSum()
    private var isLevel = false

    private struct Level {
        var time: Int64
        var value: Double

        func isBefore(_ other: Level) -> Bool { (time, value) < (other.time, other.value) }
    }

    init(function: String) { self.function = function }

    /// What it takes of memory beyond its own size, about.
    var byteCount: Int { (explicit?.byteCount ?? 0) + (exponential?.byteCount ?? 0) + levels.count * 48 }

    // MARK: Adding

    mutating func add(_ input: MetricInput, row: Int) throws(AggregateError) {
        guard let kind = input.kind(row) else { return }
        try take(kind)
        if kind == .gauge || (kind == .upDownCounter && input.isCumulative.bool(row) == true) { return addLevel(input, row) }
        let point = input.point
        let before: PointInput?
        switch try input.addition(row, kind, function: function) {
        case .unknown: return
        case .whole(let start):
            before = nil
            cover(start, input.time.value(row))
        case .difference(let start):
            before = input.previousPoint
            cover(start, input.time.value(row))
        }
        isKnown = true
        try addBuckets(point, before, row, kind)
        // A counter's points are counted themselves.
        let points = point.count.value(row, as: UInt64.self) ?? 0
        count &+= kind.isNumber ? points : points &- (before?.count.value(row, as: UInt64.self) ?? 0)
        if let value = point.sum.value(row, as: Double.self), before.map({ !$0.sum.isNull(row) }) ?? true {
            let difference = value - (before?.sum.value(row, as: Double.self) ?? 0)
            sum.add(difference)
            if kind.isNumber { addExtremes(Extreme(difference), Extreme(difference)) }
        } else {
            hasSum = false
        }
        guard !kind.isNumber else { return }
        addExtremes(
            Self.extreme(point.min.value(row), before.map { $0.min.value(row) }),
            Self.extreme(point.max.value(row), before.map { $0.max.value(row) })
        )
    }

    mutating func add(_ other: MergedMetric) throws(AggregateError) {
        guard let kind = other.kind else { return }
        try take(kind)
        isLevel = isLevel || other.isLevel
        isKnown = isKnown || other.isKnown
        hasSum = hasSum && other.hasSum
        count &+= other.count
        sum.add(other.sum)
        otherLevels.add(other.otherLevels)
        for (series, level) in other.levels { addLevel(level, of: series) }
        lowest.add(other.lowest, smaller: true)
        highest.add(other.highest, smaller: false)
        cover(other.start, other.end)
        if let buckets = other.explicit { try addBuckets(buckets) }
        if let buckets = other.exponential { addBuckets(buckets) }
    }

    private mutating func take(_ kind: MetricKind) throws(AggregateError) {
        if let known = self.kind, known != kind { throw MetricMixture.error(function, known, kind) }
        self.kind = kind
    }

    private mutating func cover(_ start: Int64?, _ end: Int64?) {
        if let start { self.start = Swift.min(self.start ?? start, start) }
        if let end { self.end = Swift.max(self.end ?? end, end) }
    }

    /// A gauge or the state of an up-down counter: what counts is the last point of each series.
    private mutating func addLevel(_ input: MetricInput, _ row: Int) {
        guard let value: Double = input.point.sum.value(row), let points: UInt64 = input.point.count.value(row) else { return }
        isLevel = true
        isKnown = true
        let time: Int64 = input.time.value(row) ?? 0
        if let series: UInt64 = input.series.value(row) {
            addLevel(Level(time: time, value: value), of: series)
        } else {
            otherLevels.add(value)
        }
        count &+= points
        sum.add((input.average.value(row) ?? value) * Double(points))
        cover(input.start.value(row), time)
        addExtremes(Extreme(input.point.min.value(row)), Extreme(input.point.max.value(row)))
    }

    private mutating func addLevel(_ level: Level, of series: UInt64) {
        guard let known = levels[series], level.isBefore(known) else { return levels[series] = level }
    }

    private mutating func addExtremes(_ low: Extreme, _ high: Extreme) {
        lowest.add(low, smaller: true)
        highest.add(high, smaller: false)
    }

    /// The extreme of what came since the point before: known only when it went beyond that.
    private static func extreme(_ value: Double?, _ before: Double??) -> Extreme {
        guard let before else { return Extreme(value) }
        return before == value ? Extreme(known: nil, limit: value, isMissing: value == nil) : Extreme(value)
    }

    // MARK: Buckets

    private mutating func addBuckets(_ point: PointInput, _ before: PointInput?, _ row: Int, _ kind: MetricKind) throws(AggregateError) {
        switch kind {
        case .histogram:
            let all = point.explicit(row)
            let new = before.flatMap { all.subtracting($0.explicit(row)) } ?? all
            guard new.isValid else {
                throw AggregateError("\(function): a histogram has \(new.counts.count) buckets between \(new.bounds.count) bounds")
            }
            try addBuckets(new)
        case .exponentialHistogram:
            let all = point.exponential(row)
            addBuckets(before.flatMap { all.subtracting($0.exponential(row)) } ?? all)
        default: return
        }
    }

    private mutating func addBuckets(_ buckets: ExplicitHistogram) throws(AggregateError) {
        guard explicit != nil else { return explicit = buckets }
        guard explicit?.bounds == buckets.bounds else { throw MetricMixture.bounds(function) }
        explicit?.add(buckets)
    }

    private mutating func addBuckets(_ buckets: ExponentialHistogram) {
        guard exponential != nil else { return exponential = buckets }
        exponential?.add(buckets)
    }

    // MARK: Results

    /// Sums and histograms: what was added. Gauges and up-down counters: the newest values of all series together.
    var total: Double? {
        guard isKnown, hasSum else { return nil }
        guard isLevel else { return sum.value }
        var total = otherLevels
        for level in levels.values { total.add(level.value) }
        return total.value
    }

    /// Mean of the observations; of gauges and sums that of the points.
    var average: Double? { isKnown && hasSum && count > 0 ? sum.value / Double(count) : nil }
    var minimum: Double? { lowest.value(smaller: true) }
    var maximum: Double? { highest.value(smaller: false) }
}

/// The smallest or largest observation, as far as it can be told.
private struct Extreme {
    private var known: Double?
    /// No value that is not known is beyond this.
    private var limit: Double?
    private var isMissing = false

    init() {}

    /// - Parameter value: nil when the sender did not say.
    init(_ value: Double?) { self.init(known: value, limit: nil, isMissing: value == nil) }

    init(known: Double?, limit: Double?, isMissing: Bool) {
        self.known = known
        self.limit = limit
        self.isMissing = isMissing
    }

    mutating func add(_ other: Extreme, smaller: Bool) {
        known = Self.outer(known, other.known, smaller)
        limit = Self.outer(limit, other.limit, smaller)
        isMissing = isMissing || other.isMissing
    }

    private static func outer(_ one: Double?, _ other: Double?, _ smaller: Bool) -> Double? {
        guard let one, let other else { return one ?? other }
        return smaller ? min(one, other) : max(one, other)
    }

    func value(smaller: Bool) -> Double? {
        guard !isMissing, let known else { return nil }
        guard let limit else { return known }
        return Self.outer(known, limit, smaller) == known ? known : nil
    }
}

/// What all running `metric_*` functions together may hold: the engine does not count it against its own limit.
enum MetricMemory {
    static let maximum = 256 << 20
    private static let used = Atomic<Int>(0)

    static func change(by bytes: Int, function: String) throws(AggregateError) {
        let (_, total) = used.add(bytes, ordering: .relaxed)
        guard bytes > 0, total > maximum else { return }
        throw AggregateError("\(function): too many groups or series at once; group by fewer columns or ask for a shorter time")
    }

    static func release(_ bytes: Int) { used.subtract(bytes, ordering: .relaxed) }
}
