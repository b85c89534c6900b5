/// `metrics` over `metric_point`.
enum MetricsSource {
    static let columns: [SourceColumn] =
        [
            SourceColumn("recorded_timestamp", "m.recorded_timestamp"),
            SourceColumn("metric_name", "m.metric_name"),
            SourceColumn("metric_type", "m.metric_type"),
            SourceColumn("unit", "m.unit"),
            SourceColumn("start_timestamp", "m.start_timestamp"),
            SourceColumn(
                "aggregation_temporality",
                "CASE m.aggregation_temporality WHEN 1 THEN 'DELTA' WHEN 2 THEN 'CUMULATIVE' ELSE 'UNSPECIFIED' END"
            ),
            SourceColumn("is_monotonic", "m.is_monotonic"),
            SourceColumn("metric_description", "m.metric_description"),
            SourceColumn("value", "NULL"),
            SourceColumn("scalar_value", "m.scalar_value"),
            SourceColumn("histogram_min", "m.min"),
            SourceColumn("histogram_max", "m.max"),
            SourceColumn("histogram_count", "TRY_CAST(m.count AS BIGINT)"),
            SourceColumn("histogram_sum", "m.sum"),
            SourceColumn("exp_histogram_scale", "m.scale"),
            SourceColumn("exp_histogram_zero_count", "TRY_CAST(m.zero_count AS BIGINT)"),
            SourceColumn("exp_histogram_zero_threshold", "m.zero_threshold"),
            SourceColumn("exp_histogram_positive_bucket_counts", "TRY_CAST(m.positive_bucket_counts AS BIGINT[])"),
            SourceColumn("exp_histogram_positive_bucket_counts_offset", "m.positive_offset"),
            SourceColumn("exp_histogram_negative_bucket_counts", "TRY_CAST(m.negative_bucket_counts AS BIGINT[])"),
            SourceColumn("exp_histogram_negative_bucket_counts_offset", "m.negative_offset"),
            SourceColumn("histogram_bucket_counts", "TRY_CAST(m.bucket_counts AS BIGINT[])"),
            SourceColumn("histogram_explicit_bounds", "m.explicit_bounds"),
            SourceColumn("summary_quantiles", "m.quantiles"),
            SourceColumn("exemplars", "m.exemplars"),
            SourceColumn("attributes", "m.attributes"),
            SourceColumn("otel_scope_name", "o.name", join: .scope),
            SourceColumn("otel_scope_version", "o.version", join: .scope),
            SourceColumn("otel_scope_attributes", "o.attributes", join: .scope),
        ] + SourceSQL.resourceColumns + [
            SourceColumn("created_at", "make_timestamptz(m.commit_sequence)"),
            SourceColumn("project_id", "m.project_id", isPublic: false),
            SourceColumn("commit_sequence", "m.commit_sequence", isPublic: false),
        ]

    /// Asked for beside `value` by queries that put points together: `value` then has the point before.
    static let previousColumn = "_previous"

    /// How far back the point before is looked for, when the query has a time window: one day in microseconds.
    private static let lookBack: Int64 = 86_400_000_000

    private static let isCumulative = "(m.aggregation_temporality = 2 OR m.metric_type = 'summary')"

    /// Tells streams of points apart, whatever process sent them under the same resource: that is what the start is for.
    private static let series = "hash(m.resource_id, m.scope_id, m.metric_name, m.metric_type, m.unit, m.attributes)"

    private static func value(start: String, previous: String) -> String {
        let head = [
            (
                "type",
                """
                CASE m.metric_type WHEN 'gauge' THEN 0 WHEN 'sum' THEN CASE WHEN m.is_monotonic THEN 1 ELSE 2 END WHEN 'histogram' THEN 3 \
                WHEN 'exponential_histogram' THEN 4 ELSE 5 END::UTINYINT
                """
            ),
            (
                "is_cumulative",
                "CASE WHEN m.metric_type = 'summary' THEN true WHEN m.aggregation_temporality <> 0 THEN m.aggregation_temporality = 2 END"
            ),
            ("series", series), ("start", start), ("time", "m.recorded_timestamp"),
            ("avg", "coalesce(m.scalar_value, m.sum / nullif(m.count, 0))"),
        ]
        return MetricValueLayout.pack("m", head: head, previous: previous)
    }

    static func sql(_ query: TableSource.Query) -> String {
        let isSeries = query.columns?.contains(previousColumn) == true
        var columns = columns.selected(query.columns)
        let value = columns.firstIndex { $0.name == "value" }
        let conditions = SourceSQL.conditions("m", query, time: "recorded_timestamp")
        let noPrevious = "NULL::\(MetricValueLayout.previous)"
        if let value { columns[value].expression = Self.value(start: "m.start_timestamp", previous: noPrevious) }
        guard isSeries, let value else { return select(columns, from: "metric_point m", conditions) }
        // Only cumulative points need the one before, and few senders have such.
        let plain = select(columns, from: "metric_point m", conditions + ["NOT \(isCumulative)"])
        columns[value].expression = Self.value(start: start(query.window), previous: "m.previous")
        return plain + "\nUNION ALL\n" + select(columns, from: "(\n\(succession(query))\n) m", conditions)
    }

    private static func select(_ columns: [SourceColumn], from: String, _ conditions: [String]) -> String {
        """
        SELECT
            \(columns.selectList)
        FROM \(from)\(SourceSQL.joinClauses(columns.joins, alias: "m"))
        WHERE \(conditions.joined(separator: " AND "))
        """
    }

    /// When the first point of a series began to count. It is not known when that is not before the point, or when an earlier point may lie
    /// further back than is looked.
    private static func start(_ window: TimeWindow) -> String {
        var conditions = ["m.start_timestamp < m.recorded_timestamp"]
        if let minimum = window.minimum { conditions.append("m.start_timestamp >= make_timestamptz(\(back(from: minimum)))") }
        return "CASE WHEN \(conditions.joined(separator: " AND ")) THEN m.start_timestamp END"
    }

    private static func back(from minimum: Int64) -> Int64 {
        minimum.subtractingReportingOverflow(lookBack).overflow ? minimum : minimum - lookBack
    }

    /// Cumulative points with the one before each that has a value, in its series and since the same start.
    private static func succession(_ query: TableSource.Query) -> String {
        let window = TimeWindow(minimum: query.window.minimum.map(back), maximum: query.window.maximum)
        let conditions =
            ["m.project_id = \(query.project)", isCumulative] + SourceSQL.bounds(window, of: "m.recorded_timestamp")
        let point = MetricValueLayout.pack("m", head: [("time", "m.recorded_timestamp")], previous: nil)
        return """
                SELECT
                    m.*,
                    lag(CASE WHEN (m.scalar_value IS NOT NULL AND NOT isnan(m.scalar_value)) OR m.count IS NOT NULL THEN
                        \(point)
                    END IGNORE NULLS) OVER (
                        PARTITION BY m.metric_name, \(series), m.start_timestamp
                        ORDER BY m.recorded_timestamp, m.count, m.scalar_value, m.commit_sequence, m.point_id
                    ) AS previous
                FROM metric_point m
                WHERE \(conditions.joined(separator: " AND "))
            """
    }
}
