import DuckDBKit

/// What to say about groups whose points cannot be put together.
enum MetricMixture {
    static func error(_ function: String, _ one: MetricKind, _ other: MetricKind) -> AggregateError {
        let names = [one.name, other.name].sorted().joined(separator: " and ")
        return AggregateError(
            "\(function): a group mixes \(names); add metric_name and metric_type to GROUP BY, or pick one with a condition in WHERE"
        )
    }

    static func bounds(_ function: String) -> AggregateError {
        AggregateError(
            """
            \(function): a group mixes histograms with different explicit bounds; add metric_name, service_name or histogram_explicit_bounds to \
            GROUP BY
            """
        )
    }
}
