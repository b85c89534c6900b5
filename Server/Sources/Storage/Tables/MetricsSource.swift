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
            SourceColumn("value", value),
            SourceColumn("scalar_value", "m.scalar_value"),
            SourceColumn("histogram_min", "m.min"),
            SourceColumn("histogram_max", "m.max"),
            SourceColumn("histogram_count", "m.count::BIGINT"),
            SourceColumn("histogram_sum", "m.sum"),
            SourceColumn("exp_histogram_scale", "m.scale"),
            SourceColumn("exp_histogram_zero_count", "m.zero_count::BIGINT"),
            SourceColumn("exp_histogram_zero_threshold", "m.zero_threshold"),
            SourceColumn("exp_histogram_positive_bucket_counts", "m.positive_bucket_counts::BIGINT[]"),
            SourceColumn("exp_histogram_positive_bucket_counts_offset", "m.positive_offset"),
            SourceColumn("exp_histogram_negative_bucket_counts", "m.negative_bucket_counts::BIGINT[]"),
            SourceColumn("exp_histogram_negative_bucket_counts_offset", "m.negative_offset"),
            SourceColumn("histogram_bucket_counts", "m.bucket_counts::BIGINT[]"),
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
            SourceColumn("_row", "m.rowid", isPublic: false),
        ]

    /// One structure for all metric types; members that the type does not have are NULL.
    private static let value = """
        struct_pack(scalar := m.scalar_value, count := m.count::BIGINT, sum := m.sum, min := m.min, max := m.max, \
        bucket_counts := m.bucket_counts::BIGINT[], explicit_bounds := m.explicit_bounds, scale := m.scale, \
        zero_count := m.zero_count::BIGINT, zero_threshold := m.zero_threshold, positive_offset := m.positive_offset, \
        positive_bucket_counts := m.positive_bucket_counts::BIGINT[], negative_offset := m.negative_offset, \
        negative_bucket_counts := m.negative_bucket_counts::BIGINT[])
        """

    static func sql(_ query: TableSource.Query) -> String {
        let columns = columns.selected(query.columns)
        let conditions = SourceSQL.conditions("m", query, time: "recorded_timestamp")
        return """
            SELECT
                \(columns.selectList)
            FROM \(SourceSQL.table("metric_point", "m", query))\(SourceSQL.joinClauses(columns.joins, alias: "m"))
            WHERE \(conditions.joined(separator: " AND "))
            """
    }
}
