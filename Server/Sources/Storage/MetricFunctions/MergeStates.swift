import DuckDBKit

/// `metric_merge`: the points of a group as one value.
final class MergeState: AggregateState {
    private var merged = MergedMetric(function: "metric_merge")
    private var counted = 0

    init() {}

    deinit { MetricMemory.release(counted) }

    static func input(_ arguments: [InputVector]) -> MetricInput { MetricInput(arguments[0]) }

    func add(_ input: MetricInput, row: Int) throws(AggregateError) {
        try merged.add(input, row: row)
        try count()
    }

    func add(_ other: MergeState) throws(AggregateError) {
        try merged.add(other.merged)
        try count()
    }

    private func count() throws(AggregateError) {
        let bytes = merged.byteCount + 512
        guard bytes != counted else { return }
        defer { counted = bytes }
        try MetricMemory.change(by: bytes - counted, function: merged.function)
    }

    static func finish(_ state: MergeState?, into output: OutputVector, row: Int) {
        guard let merged = state?.merged, let kind = merged.kind, merged.isKnown else { return MergedValue.setNull(output, row) }
        MergedValue.set(output, row, merged, kind)
    }
}

/// `metric_quantile`: an estimate of a quantile of the observations in the histograms of a group.
final class QuantileState: AggregateState {
    private static let function = "metric_quantile"
    private var merged = MergedMetric(function: QuantileState.function)
    private var share: Double?
    private var counted = 0

    struct Input {
        var share: InputVector
        var values: MetricInput
    }

    init() {}

    deinit { MetricMemory.release(counted) }

    static func input(_ arguments: [InputVector]) -> Input { Input(share: arguments[0], values: MetricInput(arguments[1])) }

    func add(_ input: Input, row: Int) throws(AggregateError) {
        guard let share = input.share.value(row, as: Double.self), let kind = input.values.kind(row) else { return }
        guard (0...1).contains(share) else {
            throw AggregateError("\(Self.function): the first argument is a share from 0 to 1, such as 0.95; \(share) is not")
        }
        guard kind == .histogram || kind == .exponentialHistogram else {
            throw AggregateError("\(Self.function): \(kind.name) have no buckets; \(Self.advice(kind))")
        }
        try take(share)
        try merged.add(input.values, row: row)
        try count()
    }

    private static func advice(_ kind: MetricKind) -> String {
        switch kind {
        case .gauge: "take quantile_cont(scalar_value, 0.95), or pick a histogram with a condition on metric_name"
        case .summary: "their quantiles are in summary_quantiles; pick a histogram with a condition on metric_name or metric_type"
        default: "pick a histogram with a condition on metric_name or metric_type"
        }
    }

    func add(_ other: QuantileState) throws(AggregateError) {
        if let share = other.share { try take(share) }
        try merged.add(other.merged)
        try count()
    }

    private func take(_ share: Double) throws(AggregateError) {
        if let known = self.share, known != share {
            throw AggregateError("\(Self.function): the first argument must be the same for all rows of a group")
        }
        self.share = share
    }

    private func count() throws(AggregateError) {
        let bytes = merged.byteCount + 512
        guard bytes != counted else { return }
        defer { counted = bytes }
        try MetricMemory.change(by: bytes - counted, function: Self.function)
    }

    static func finish(_ state: QuantileState?, into output: OutputVector, row: Int) {
        guard let state, let share = state.share else { return output.setNull(row) }
        let merged = state.merged
        let value =
            merged.explicit?.quantile(share, minimum: merged.minimum, maximum: merged.maximum)
            ?? merged.exponential?.quantile(share, minimum: merged.minimum, maximum: merged.maximum)
        output.set(row, value)
    }
}

/// Writes a merged metric in the layout of the column `value`: as a point that stands by itself.
enum MergedValue {
    static func set(_ output: OutputVector, _ row: Int, _ merged: MergedMetric, _ kind: MetricKind) {
        output.member(0).set(row, kind.rawValue)
        output.member(1).set(row, UInt8(0))
        output.member(2).setNull(row)
        output.member(3).set(row, merged.start)
        output.member(4).set(row, merged.end)
        output.member(5).set(row, merged.average)
        let first = MetricValueLayout.dataIndex
        output.member(first).set(row, merged.count)
        output.member(first + 1).set(row, merged.total)
        output.member(first + 2).set(row, merged.minimum)
        output.member(first + 3).set(row, merged.maximum)
        output.member(first + 4).setList(row, merged.explicit?.counts)
        output.member(first + 5).setList(row, merged.explicit?.bounds)
        let exponential = merged.exponential
        output.member(first + 6).set(row, exponential?.scale)
        output.member(first + 7).set(row, exponential?.zeroCount)
        output.member(first + 8).set(row, exponential?.zeroThreshold)
        output.member(first + 9).set(row, exponential.map { Int32(clamping: $0.positive.offset) })
        output.member(first + 10).setList(row, exponential?.positive.counts)
        output.member(first + 11).set(row, exponential.map { Int32(clamping: $0.negative.offset) })
        output.member(first + 12).setList(row, exponential?.negative.counts)
        setPreviousNull(output, row)
    }

    static func setNull(_ output: OutputVector, _ row: Int) {
        output.setNull(row)
        for index in 0..<MetricValueLayout.dataIndex { output.member(index).setNull(row) }
        setDataNull(output, row, first: MetricValueLayout.dataIndex)
        setPreviousNull(output, row)
    }

    private static func setPreviousNull(_ output: OutputVector, _ row: Int) {
        let previous = output.member(MetricValueLayout.previousIndex)
        previous.setNull(row)
        previous.member(0).setNull(row)
        setDataNull(previous, row, first: 1)
    }

    private static func setDataNull(_ output: OutputVector, _ row: Int, first: Int) {
        for index in 0..<13 {
            let member = output.member(first + index)
            switch index {
            case 4, 10, 12: member.setList(row, nil as [UInt64]?)
            case 5: member.setList(row, nil as [Double]?)
            default: member.setNull(row)
            }
        }
    }
}
