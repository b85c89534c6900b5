import DuckDBKit

/// What a function says about the points of a group.
protocol IncreaseFigure {
    static var function: String { get }
    static func value(increase: Double, start: Int64, end: Int64) -> Double?
}

/// `metric_increase`: what the points add up to.
enum TotalIncrease: IncreaseFigure {
    static let function = "metric_increase"
    static func value(increase: Double, start: Int64, end: Int64) -> Double? { increase }
}

/// `metric_rate`: the increase per second of the time from the beginning of the first point's interval to the last point.
enum RateOfIncrease: IncreaseFigure {
    static let function = "metric_rate"
    static func value(increase: Double, start: Int64, end: Int64) -> Double? { end > start ? increase / (Double(end - start) / 1e6) : nil }
}

/// What the points of a group add up to, and the time they cover.
final class IncreaseState<Figure: IncreaseFigure>: AggregateState {
    private var kind: MetricKind?
    private var total = ExactSum()
    private var isKnown = false
    /// Microseconds since the Unix epoch.
    private var start = Int64.max
    private var end = Int64.min

    init() {}

    static func input(_ arguments: [InputVector]) -> MetricInput { MetricInput(arguments[0]) }

    func add(_ input: MetricInput, row: Int) throws(AggregateError) {
        guard let kind = input.kind(row) else { return }
        try take(kind)
        let addition = try input.addition(row, kind, function: Figure.function)
        let end = input.time.value(row, as: Int64.self) ?? self.end
        switch addition {
        case .unknown: return
        case .whole(let start):
            total.add(Self.amount(input.point, row, kind))
            cover(start ?? end, end)
        case .difference(let start):
            total.add(Self.amount(input.point, row, kind) - Self.amount(input.previousPoint, row, kind))
            cover(start ?? end, end)
        }
    }

    func add(_ other: IncreaseState) throws(AggregateError) {
        guard let kind = other.kind else { return }
        try take(kind)
        guard other.isKnown else { return }
        total.add(other.total)
        cover(other.start, other.end)
    }

    private func take(_ kind: MetricKind) throws(AggregateError) {
        if kind == .gauge {
            throw AggregateError(
                """
                \(Figure.function): gauges do not add up over time; take avg(scalar_value), or leave gauges out with a condition on metric_name or \
                metric_type
                """
            )
        }
        if let known = self.kind, known != kind { throw MetricMixture.error(Figure.function, known, kind) }
        self.kind = kind
    }

    private func cover(_ start: Int64, _ end: Int64) {
        isKnown = true
        self.start = min(self.start, start, end)
        self.end = max(self.end, end)
    }

    /// What counts: the value of sums, the number of observations of the others.
    private static func amount(_ point: PointInput, _ row: Int, _ kind: MetricKind) -> Double {
        kind.isNumber ? point.sum.value(row, as: Double.self) ?? 0 : Double(point.count.value(row, as: UInt64.self) ?? 0)
    }

    static func finish(_ state: IncreaseState?, into output: OutputVector, row: Int) {
        // Where no point says by how much its series grew, nothing is known.
        guard let state, state.isKnown else { return output.setNull(row) }
        output.set(row, Figure.value(increase: state.total.value, start: state.start, end: state.end))
    }
}
