import HearthExport

/// Where a measurement comes from, as far as an example of it needs to know.
struct ExemplarSource {
    /// Whether the measurement may become an example at all.
    var isWanted: Bool
    /// The recorded span around it.
    var span: HearthSpan?
    /// As they were given, before views.
    var attributes: [Attribute]

    static let none = ExemplarSource(isWanted: false, span: nil, attributes: [])
}

/// A few measurements, each with the same chance to be kept.
struct ExemplarReservoir {
    private struct Item {
        var value: MeasuredValue
        var time: UInt64
        var traceID: TraceID?
        var spanID: SpanID?
        var attributes: [Attribute]
    }

    private let capacity: Int
    private var items: [Item] = []
    private var seen: UInt64 = 0
    private var random: UInt64

    init(capacity: Int) {
        self.capacity = capacity
        random = IDGenerator.random() | 1
    }

    mutating func offer(_ value: MeasuredValue, _ source: ExemplarSource) {
        seen &+= 1
        if items.count < capacity {
            if items.isEmpty { items.reserveCapacity(capacity) }
            items.append(Self.item(value, source))
            return
        }
        let place = next() % seen
        if place < UInt64(capacity) { items[Int(place)] = Self.item(value, source) }
    }

    /// The examples so far; afterwards there are none. What a view leaves out is found when points are made.
    mutating func take() -> [MetricExemplar] {
        seen = 0
        guard !items.isEmpty else { return [] }
        defer { items.removeAll(keepingCapacity: true) }
        return items.map {
            MetricExemplar(value: $0.value, time: $0.time, traceID: $0.traceID, spanID: $0.spanID, attributes: Attributes($0.attributes))
        }
    }

    private static func item(_ value: MeasuredValue, _ source: ExemplarSource) -> Item {
        Item(
            value: value, time: SystemTime.wall(), traceID: source.span?.traceID, spanID: source.span?.spanID, attributes: source.attributes
        )
    }

    /// Xorshift: good enough to choose examples.
    private mutating func next() -> UInt64 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return random
    }
}
