import HearthExport
import Synchronization

/// One metric that is made of an instrument: its attribute sets and their running values.
final class MetricStream: Sendable {
    /// The running value of one attribute set.
    final class Series: Sendable {
        /// Sorted, reduced to what the view keeps.
        let attributes: [Attribute]
        let cell: any MetricCell
        /// Nanoseconds since the Unix epoch: the start of cumulative sums.
        let start: Atomic<UInt64>
        /// Handles that hold the series; while there are any it is not forgotten.
        let holders = Atomic(0)

        init(attributes: [Attribute], cell: any MetricCell, start: UInt64) {
            self.attributes = attributes
            self.cell = cell
            self.start = Atomic(start)
        }

        /// Begins anew, as if the series had not been there before.
        func restart() {
            cell.reset()
            start.store(SystemTime.wall(), ordering: .relaxed)
        }
    }

    private struct State {
        var all: [[Attribute]: Series] = [:]
        /// The same by attributes as callers wrote them, so that most lookups need neither sorting nor memory.
        var asWritten: [[Attribute]: Series] = [:]
        var overflow: Series?
        /// Nanoseconds since the Unix epoch: the last collection, at first the making of the stream.
        var last: UInt64
    }

    let identity: InstrumentIdentity
    let name: String
    let description: String
    private let aggregation: ResolvedAggregation
    private let temporality: MetricTemporality
    private let keys: Set<String>?
    private let limit: Int
    private let state: Mutex<State>

    init(
        _ identity: InstrumentIdentity,
        view: MetricView?,
        aggregation: ResolvedAggregation,
        temporality: MetricTemporality,
        limit: Int,
        now: UInt64
    ) {
        self.identity = identity
        name = view?.name ?? identity.name
        description = view?.description ?? identity.description
        self.aggregation = aggregation
        self.temporality = temporality
        keys = view?.attributes
        self.limit = max(limit, 1)
        state = Mutex(State(last: now))
    }

    // MARK: Recording

    /// Records under the stream's lock, so that no series is forgotten meanwhile.
    func record(_ value: MeasuredValue, _ attributes: [Attribute], _ source: ExemplarSource) {
        state.withLock { state in
            series(of: attributes, in: &state).cell.record(value, source)
        }
    }

    /// The series of an attribute set, kept until it is released.
    func retain(_ attributes: [Attribute]) -> Series {
        state.withLock { state in
            let series = series(of: attributes, in: &state)
            series.holders.wrappingAdd(1, ordering: .relaxed)
            return series
        }
    }

    private func series(of attributes: [Attribute], in state: inout State) -> Series {
        if let known = state.asWritten[attributes] { return known }
        let canonical = MetricAttributes.canonical(attributes, keeping: keys)
        let found: Series
        if let known = state.all[canonical] {
            found = known
        } else if state.all.count < limit - 1 || canonical.isEmpty {
            found = Series(attributes: canonical, cell: aggregation.makeCell(), start: state.last)
            state.all[canonical] = found
        } else {
            found = state.overflow ?? Series(attributes: MetricAttributes.overflow, cell: aggregation.makeCell(), start: state.last)
            state.overflow = found
        }
        // Bounded as well: sets that never come again would fill it.
        if state.asWritten.count >= 2 * limit { state.asWritten.removeAll(keepingCapacity: true) }
        state.asWritten[attributes] = found
        return found
    }

    // MARK: Collecting

    /// The metric with all points since the last call; nil when there are none.
    ///
    /// - Parameter now: nanoseconds since the Unix epoch, not before the last call's.
    func collect(now: UInt64) -> MetricRecord? {
        let isDelta = temporality == .delta && !aggregation.isLastValue
        // Totals that callbacks tell need the last one for the next difference, also when they leave a set out once.
        let isForgetful = isDelta && !identity.kind.isObservable || aggregation == .observedLastValue
        let points = state.withLock { state -> [MetricPoint] in
            var points: [MetricPoint] = []
            var forgotten: [Series] = []
            for series in state.all.values {
                if let point = point(of: series, isDelta: isDelta, last: state.last, now: now) {
                    points.append(point)
                } else if isForgetful, series.holders.load(ordering: .relaxed) == 0 {
                    forgotten.append(series)
                }
            }
            if let overflow = state.overflow, let point = point(of: overflow, isDelta: isDelta, last: state.last, now: now) {
                points.append(point)
            }
            if !forgotten.isEmpty { Self.forget(forgotten, in: &state) }
            state.last = now
            return points
        }
        guard !points.isEmpty else { return nil }
        return MetricRecord(
            name: name,
            unit: identity.unit,
            description: description,
            scope: identity.scope,
            kind: aggregation.recordKind(temporality, of: identity.kind),
            points: points
        )
    }

    private static func forget(_ forgotten: [Series], in state: inout State) {
        for series in forgotten { state.all[series.attributes] = nil }
        let identities = Set(forgotten.map(ObjectIdentifier.init))
        state.asWritten = state.asWritten.filter { !identities.contains(ObjectIdentifier($0.value)) }
    }

    private func point(of series: Series, isDelta: Bool, last: UInt64, now: UInt64) -> MetricPoint? {
        guard var collected = series.cell.collect(isDelta: isDelta, now: now) else { return nil }
        for index in collected.exemplars.indices {
            let left = collected.exemplars[index].attributes.filter { attribute in
                !series.attributes.contains { $0.key == attribute.key }
            }
            collected.exemplars[index].attributes = Attributes(left)
        }
        let start = aggregation.isLastValue ? 0 : isDelta ? collected.start ?? last : series.start.load(ordering: .relaxed)
        return MetricPoint(
            attributes: Attributes(series.attributes),
            start: min(start, now),
            time: now,
            value: collected.value,
            exemplars: collected.exemplars
        )
    }

    /// Lets all series go; handles that still hold some record into nothing.
    func removeAll() {
        state.withLock { state in
            state.all = [:]
            state.asWritten = [:]
            state.overflow = nil
        }
    }
}

/// An aggregation with all choices made.
enum ResolvedAggregation: Sendable, Hashable {
    case integerSum
    case doubleSum
    case observedSum(isMonotonic: Bool)
    case lastValue
    case observedLastValue
    case explicit([Double])
    case exponential(size: Int, scale: Int)

    func makeCell() -> any MetricCell {
        switch self {
        case .integerSum: IntegerSumCell()
        case .doubleSum: DoubleSumCell()
        case .observedSum(let isMonotonic): ObservedSumCell(isMonotonic: isMonotonic)
        case .lastValue: LastValueCell(forgets: false)
        case .observedLastValue: LastValueCell(forgets: true)
        case .explicit(let bounds): ExplicitHistogramCell(bounds: bounds)
        case .exponential(let size, let scale): ExponentialHistogramCell(maximumSize: size, maximumScale: scale)
        }
    }

    var isLastValue: Bool {
        self == .lastValue || self == .observedLastValue
    }

    func recordKind(_ temporality: MetricTemporality, of kind: InstrumentKind) -> MetricRecord.Kind {
        switch self {
        case .integerSum, .doubleSum, .observedSum:
            .sum(temporality, isMonotonic: kind.isMonotonic || kind == .histogram)
        case .lastValue, .observedLastValue: .gauge
        case .explicit: .histogram(temporality)
        case .exponential: .exponentialHistogram(temporality)
        }
    }
}
