import DuckDBKit

/// The kinds of metric points that functions tell apart: the member `type` of the column `value`.
enum MetricKind: UInt8 {
    case gauge = 0
    /// A sum that only grows.
    case counter = 1
    /// A sum that goes up and down.
    case upDownCounter = 2
    case histogram = 3
    case exponentialHistogram = 4
    case summary = 5

    /// Plural, for messages.
    var name: String {
        switch self {
        case .gauge: "gauges"
        case .counter: "counters"
        case .upDownCounter: "up-down counters"
        case .histogram: "histograms with explicit bounds"
        case .exponentialHistogram: "exponential histograms"
        case .summary: "summaries"
        }
    }

    /// Whether the point is one number.
    var isNumber: Bool { rawValue <= MetricKind.upDownCounter.rawValue }
}

/// The layout of the column `value` of `metrics`: what every `metric_*` function takes.
///
/// A value explains itself, so that it can go through any query: it has the point and, of cumulative points, the point before it in the same
/// series, as only the difference of the two says what happened at the time.
enum MetricValueLayout {
    /// What a point and its predecessor have in common. Numbers have `count` 1 and their value in `sum`, `min` and `max`.
    private static let data: [(name: String, type: String)] = [
        ("count", "UBIGINT"), ("sum", "DOUBLE"), ("min", "DOUBLE"), ("max", "DOUBLE"), ("bucket_counts", "UBIGINT[]"),
        ("explicit_bounds", "DOUBLE[]"), ("scale", "INTEGER"), ("zero_count", "UBIGINT"), ("zero_threshold", "DOUBLE"),
        ("positive_offset", "INTEGER"), ("positive_bucket_counts", "UBIGINT[]"), ("negative_offset", "INTEGER"),
        ("negative_bucket_counts", "UBIGINT[]"),
    ]

    /// `is_cumulative` is NULL where the sender gave no temporality. `series` tells the streams of points apart. `start` is the beginning of
    /// the time the point stands for, NULL where that is not known.
    private static let head: [(name: String, type: String)] = [
        ("type", "UTINYINT"), ("is_cumulative", "BOOLEAN"), ("series", "UBIGINT"), ("start", "TIMESTAMPTZ"), ("time", "TIMESTAMPTZ"),
        ("avg", "DOUBLE"),
    ]

    private static func type(_ fields: [(name: String, type: String)]) -> String {
        "STRUCT(" + fields.map { "\"\($0.name)\" \($0.type)" }.joined(separator: ", ") + ")"
    }

    /// SQL type of the member `previous`.
    static let previous = type([("time", "TIMESTAMPTZ")] + data)

    /// SQL type of the column.
    static let value = type(head + data + [("previous", previous)])

    static let dataIndex = head.count
    static let previousIndex = head.count + data.count

    /// `struct_pack` of a point with alias `alias`.
    ///
    /// - Parameters:
    ///   - head: expressions of the first members by name.
    ///   - previous: expression of the last member; nil leaves it out.
    static func pack(_ alias: String, head: [(String, String)], previous: String?) -> String {
        let columns = ["scale", "zero_count", "zero_threshold", "positive_offset", "positive_bucket_counts", "negative_offset"]
        let fields =
            head + [
                ("count", "CASE WHEN \(alias).scalar_value IS NOT NULL THEN 1 ELSE \(alias).count END::UBIGINT"),
                ("sum", "coalesce(\(alias).scalar_value, \(alias).sum)"), ("min", "coalesce(\(alias).scalar_value, \(alias).min)"),
                ("max", "coalesce(\(alias).scalar_value, \(alias).max)"), ("bucket_counts", "\(alias).bucket_counts"),
                ("explicit_bounds", "\(alias).explicit_bounds"),
            ] + columns.map { ($0, "\(alias).\($0)") } + [("negative_bucket_counts", "\(alias).negative_bucket_counts")]
            + (previous.map { [("previous", $0)] } ?? [])
        return "struct_pack(" + fields.map { "\"\($0.0)\" := \($0.1)" }.joined(separator: ", ") + ")"
    }
}

/// Reads the column `value`.
struct MetricInput {
    let value: InputVector
    let type: InputVector
    let isCumulative: InputVector
    let series: InputVector
    let start: InputVector
    let time: InputVector
    let average: InputVector
    let point: PointInput
    let previous: InputVector
    let previousTime: InputVector
    let previousPoint: PointInput

    init(_ value: InputVector) {
        self.value = value
        type = value.member(0)
        isCumulative = value.member(1)
        series = value.member(2)
        start = value.member(3)
        time = value.member(4)
        average = value.member(5)
        point = PointInput(value, first: MetricValueLayout.dataIndex)
        previous = value.member(MetricValueLayout.previousIndex)
        previousTime = previous.member(0)
        previousPoint = PointInput(previous, first: 1)
    }

    /// The kind of a row that has a value: not NULL, recorded, a number.
    func kind(_ row: Int) -> MetricKind? {
        guard !value.isNull(row), let kind = type.value(row, as: UInt8.self).flatMap(MetricKind.init) else { return nil }
        if kind.isNumber {
            guard let number = point.sum.value(row, as: Double.self), !number.isNaN else { return nil }
        } else if point.count.isNull(row) {
            return nil
        }
        return kind
    }

    /// What a row adds to its series.
    func addition(_ row: Int, _ kind: MetricKind, function: String) throws(AggregateError) -> MetricAddition {
        guard let isCumulative = isCumulative.bool(row) else {
            throw AggregateError(
                "\(function): some points were sent without their aggregation temporality; add aggregation_temporality <> 'UNSPECIFIED' to WHERE"
            )
        }
        if !isCumulative { return .whole(from: start.value(row, as: Int64.self)) }
        guard !previous.isNull(row) else { return start.value(row, as: Int64.self).map { .whole(from: $0) } ?? .unknown }
        let before = previousTime.value(row, as: Int64.self)
        return isReset(row, kind) ? .whole(from: before) : .difference(from: before)
    }

    /// Whether the series began anew since the point before: what only grows became less.
    private func isReset(_ row: Int, _ kind: MetricKind) -> Bool {
        switch kind {
        case .counter: (point.sum.value(row, as: Double.self) ?? 0) < (previousPoint.sum.value(row, as: Double.self) ?? 0)
        case .gauge, .upDownCounter: false
        default: (point.count.value(row, as: UInt64.self) ?? 0) < (previousPoint.count.value(row, as: UInt64.self) ?? 0)
        }
    }
}

/// What of a point is new, and since when, in microseconds since the Unix epoch where that is known.
enum MetricAddition {
    /// All of it.
    case whole(from: Int64?)
    /// What it has more than the point before it.
    case difference(from: Int64?)
    /// A part that cannot be told: the series began before the first point that is known.
    case unknown
}

/// Reads the members that a value and its `previous` have in common.
struct PointInput {
    let count, sum, min, max, zeroCount, zeroThreshold, scale, positiveOffset, negativeOffset: InputVector
    private let bucketCounts, bounds, positive, negative: ListInput

    init(_ vector: InputVector, first: Int) {
        count = vector.member(first)
        sum = vector.member(first + 1)
        min = vector.member(first + 2)
        max = vector.member(first + 3)
        bucketCounts = ListInput(vector.member(first + 4))
        bounds = ListInput(vector.member(first + 5))
        scale = vector.member(first + 6)
        zeroCount = vector.member(first + 7)
        zeroThreshold = vector.member(first + 8)
        positiveOffset = vector.member(first + 9)
        positive = ListInput(vector.member(first + 10))
        negativeOffset = vector.member(first + 11)
        negative = ListInput(vector.member(first + 12))
    }

    func explicit(_ row: Int) -> ExplicitHistogram {
        ExplicitHistogram(
            bounds: bounds.values(row, as: Double.self), counts: bucketCounts.values(row, as: UInt64.self),
            total: count.value(row, as: UInt64.self) ?? 0)
    }

    func exponential(_ row: Int) -> ExponentialHistogram {
        ExponentialHistogram(
            scale: scale.value(row, as: Int32.self) ?? 0,
            zeroCount: zeroCount.value(row, as: UInt64.self) ?? 0,
            zeroThreshold: zeroThreshold.value(row, as: Double.self) ?? 0,
            positive: .init(offset: positiveOffset.value(row, as: Int32.self) ?? 0, counts: positive.values(row, as: UInt64.self)),
            negative: .init(offset: negativeOffset.value(row, as: Int32.self) ?? 0, counts: negative.values(row, as: UInt64.self))
        )
    }
}

/// A member that is a list.
private struct ListInput {
    let list: InputVector
    let elements: InputVector

    init(_ list: InputVector) {
        self.list = list
        elements = list.elements
    }

    func values<T: BitwiseCopyable>(_ row: Int, as type: T.Type) -> [T] {
        Array(elements.values(list.elementRange(row), as: type))
    }
}
