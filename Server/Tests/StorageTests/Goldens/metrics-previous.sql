SELECT
    struct_pack("type" := CASE m.metric_type WHEN 'gauge' THEN 0 WHEN 'sum' THEN CASE WHEN m.is_monotonic THEN 1 ELSE 2 END WHEN 'histogram' THEN 3 WHEN 'exponential_histogram' THEN 4 ELSE 5 END::UTINYINT, "is_cumulative" := CASE WHEN m.metric_type = 'summary' THEN true WHEN m.aggregation_temporality <> 0 THEN m.aggregation_temporality = 2 END, "series" := hash(m.resource_id, m.scope_id, m.metric_name, m.metric_type, m.unit, m.attributes), "start" := m.start_timestamp, "time" := m.recorded_timestamp, "avg" := coalesce(m.scalar_value, m.sum / nullif(m.count, 0)), "count" := CASE WHEN m.scalar_value IS NOT NULL THEN 1 ELSE m.count END::UBIGINT, "sum" := coalesce(m.scalar_value, m.sum), "min" := coalesce(m.scalar_value, m.min), "max" := coalesce(m.scalar_value, m.max), "bucket_counts" := m.bucket_counts, "explicit_bounds" := m.explicit_bounds, "scale" := m.scale, "zero_count" := m.zero_count, "zero_threshold" := m.zero_threshold, "positive_offset" := m.positive_offset, "positive_bucket_counts" := m.positive_bucket_counts, "negative_offset" := m.negative_offset, "negative_bucket_counts" := m.negative_bucket_counts, "previous" := NULL::STRUCT("time" TIMESTAMPTZ, "count" UBIGINT, "sum" DOUBLE, "min" DOUBLE, "max" DOUBLE, "bucket_counts" UBIGINT[], "explicit_bounds" DOUBLE[], "scale" INTEGER, "zero_count" UBIGINT, "zero_threshold" DOUBLE, "positive_offset" INTEGER, "positive_bucket_counts" UBIGINT[], "negative_offset" INTEGER, "negative_bucket_counts" UBIGINT[])) AS value,
    r.service_name AS service_name
FROM metric_point m
LEFT JOIN resource r ON r.project_id = m.project_id AND r.resource_id = m.resource_id
WHERE m.project_id = 7 AND m.recorded_timestamp >= make_timestamptz(1000000) AND m.recorded_timestamp <= make_timestamptz(2000000) AND NOT (m.aggregation_temporality = 2 OR m.metric_type = 'summary')
UNION ALL
SELECT
    struct_pack("type" := CASE m.metric_type WHEN 'gauge' THEN 0 WHEN 'sum' THEN CASE WHEN m.is_monotonic THEN 1 ELSE 2 END WHEN 'histogram' THEN 3 WHEN 'exponential_histogram' THEN 4 ELSE 5 END::UTINYINT, "is_cumulative" := CASE WHEN m.metric_type = 'summary' THEN true WHEN m.aggregation_temporality <> 0 THEN m.aggregation_temporality = 2 END, "series" := hash(m.resource_id, m.scope_id, m.metric_name, m.metric_type, m.unit, m.attributes), "start" := CASE WHEN m.start_timestamp < m.recorded_timestamp AND m.start_timestamp >= make_timestamptz(-86399000000) THEN m.start_timestamp END, "time" := m.recorded_timestamp, "avg" := coalesce(m.scalar_value, m.sum / nullif(m.count, 0)), "count" := CASE WHEN m.scalar_value IS NOT NULL THEN 1 ELSE m.count END::UBIGINT, "sum" := coalesce(m.scalar_value, m.sum), "min" := coalesce(m.scalar_value, m.min), "max" := coalesce(m.scalar_value, m.max), "bucket_counts" := m.bucket_counts, "explicit_bounds" := m.explicit_bounds, "scale" := m.scale, "zero_count" := m.zero_count, "zero_threshold" := m.zero_threshold, "positive_offset" := m.positive_offset, "positive_bucket_counts" := m.positive_bucket_counts, "negative_offset" := m.negative_offset, "negative_bucket_counts" := m.negative_bucket_counts, "previous" := m.previous) AS value,
    r.service_name AS service_name
FROM (
    SELECT
        m.*,
        lag(CASE WHEN (m.scalar_value IS NOT NULL AND NOT isnan(m.scalar_value)) OR m.count IS NOT NULL THEN
            struct_pack("time" := m.recorded_timestamp, "count" := CASE WHEN m.scalar_value IS NOT NULL THEN 1 ELSE m.count END::UBIGINT, "sum" := coalesce(m.scalar_value, m.sum), "min" := coalesce(m.scalar_value, m.min), "max" := coalesce(m.scalar_value, m.max), "bucket_counts" := m.bucket_counts, "explicit_bounds" := m.explicit_bounds, "scale" := m.scale, "zero_count" := m.zero_count, "zero_threshold" := m.zero_threshold, "positive_offset" := m.positive_offset, "positive_bucket_counts" := m.positive_bucket_counts, "negative_offset" := m.negative_offset, "negative_bucket_counts" := m.negative_bucket_counts)
        END IGNORE NULLS) OVER (
            PARTITION BY m.metric_name, hash(m.resource_id, m.scope_id, m.metric_name, m.metric_type, m.unit, m.attributes), m.start_timestamp
            ORDER BY m.recorded_timestamp, m.count, m.scalar_value, m.commit_sequence, m.point_id
        ) AS previous
    FROM metric_point m
    WHERE m.project_id = 7 AND (m.aggregation_temporality = 2 OR m.metric_type = 'summary') AND m.recorded_timestamp >= make_timestamptz(-86399000000) AND m.recorded_timestamp <= make_timestamptz(2000000)
) m
LEFT JOIN resource r ON r.project_id = m.project_id AND r.resource_id = m.resource_id
WHERE m.project_id = 7 AND m.recorded_timestamp >= make_timestamptz(1000000) AND m.recorded_timestamp <= make_timestamptz(2000000)
