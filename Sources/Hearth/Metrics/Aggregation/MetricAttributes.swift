/// Attribute sets as metrics tell them apart.
enum MetricAttributes {
    /// Sorted by name, each name once (its last value), reduced to those that a view keeps.
    static func canonical(_ attributes: [Attribute], keeping keys: Set<String>?) -> [Attribute] {
        var result = keys.map { keys in attributes.filter { keys.contains($0.key) } } ?? attributes
        result.removeRepetitions()
        result.sort { $0.key < $1.key }
        return result
    }

    /// The set that stands for all beyond the cardinality limit.
    static let overflow = [Attribute("otel.metric.overflow", .bool(true))]
}
