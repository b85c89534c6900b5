/// Rows of `metrics` as OTLP/JSON.
enum OTLPMetrics {
    /// Columns that are asked for.
    static let columns = [
        "recorded_timestamp", "start_timestamp", "metric_name", "metric_description", "unit", "metric_type", "aggregation_temporality",
        "is_monotonic", "scalar_value", "histogram_min", "histogram_max", "histogram_count", "histogram_sum", "exp_histogram_scale",
        "exp_histogram_zero_count", "exp_histogram_zero_threshold", "exp_histogram_positive_bucket_counts",
        "exp_histogram_positive_bucket_counts_offset", "exp_histogram_negative_bucket_counts",
        "exp_histogram_negative_bucket_counts_offset",
        "histogram_bucket_counts", "histogram_explicit_bounds", "summary_quantiles", "exemplars", "attributes", "otel_scope_name",
        "otel_scope_version", "otel_scope_attributes", "otel_resource_attributes",
    ]

    /// A request body; a metric for each point, which receivers put together again.
    static func request(_ rows: [AnswerJSON]) -> [UInt8] {
        OTLPRecords.request("resourceMetrics", "scopeMetrics", "metrics", rows, metric)
    }

    private static func metric(_ row: AnswerJSON, _ out: inout OTLPText) {
        out.object { out in
            out.text("name", row["metric_name"]?.string)
            out.text("description", row["metric_description"]?.string)
            out.text("unit", row["unit"]?.string)
            let temporality = ["DELTA": Int64(1), "CUMULATIVE": 2][row["aggregation_temporality"]?.string ?? ""]
            switch row["metric_type"]?.string {
            case "gauge": out.object("gauge") { out in points(&out) { scalar(row, &$0) } }
            case "sum":
                out.object("sum") { out in
                    points(&out) { scalar(row, &$0) }
                    out.number("aggregationTemporality", temporality)
                    out.flag("isMonotonic", row["is_monotonic"]?.bool)
                }
            case "histogram":
                out.object("histogram") { out in
                    points(&out) { histogram(row, &$0) }
                    out.number("aggregationTemporality", temporality)
                }
            case "exponential_histogram":
                out.object("exponentialHistogram") { out in
                    points(&out) { exponential(row, &$0) }
                    out.number("aggregationTemporality", temporality)
                }
            default: out.object("summary") { out in points(&out) { summary(row, &$0) } }
            }
        }
    }

    private static func points(_ out: inout OTLPText, _ body: (inout OTLPText) -> Void) {
        out.array("dataPoints") { out in out.object { body(&$0) } }
    }

    /// Times, attributes and exemplars.
    ///
    /// - Parameter hasValue: a point without one has a flag that says so.
    private static func common(_ row: AnswerJSON, hasValue: Bool, _ out: inout OTLPText) {
        out.attributes("attributes", row["attributes"])
        if let start = row["start_timestamp"]?.string { out.integer("startTimeUnixNano", String(Timestamps.nanoseconds(start))) }
        out.integer("timeUnixNano", String(Timestamps.nanoseconds(row["recorded_timestamp"]?.string ?? "")))
        if !hasValue { out.number("flags", 1) }
        guard let exemplars = row["exemplars"]?.array, !exemplars.isEmpty else { return }
        out.array("exemplars") { out in
            for exemplar in exemplars.map(\.opened) {
                out.object { out in
                    out.attributes("filteredAttributes", exemplar["attributes"])
                    out.integer("timeUnixNano", String(Timestamps.nanoseconds(exemplar["timestamp"]?.string ?? "")))
                    if case .number(let text)? = exemplar["value"] {
                        if let number = Int64(text) {
                            out.integer("asInt", String(number))
                        } else {
                            out.double("asDouble", exemplar["value"])
                        }
                    }
                    out.text("traceId", exemplar["trace_id"]?.string)
                    out.text("spanId", exemplar["span_id"]?.string)
                }
            }
        }
    }

    private static func scalar(_ row: AnswerJSON, _ out: inout OTLPText) {
        out.double("asDouble", row["scalar_value"])
        common(row, hasValue: isKnown(row["scalar_value"]), &out)
    }

    private static func histogram(_ row: AnswerJSON, _ out: inout OTLPText) {
        counts(row, &out)
        out.numbers("bucketCounts", row["histogram_bucket_counts"]?.array ?? [], asText: true)
        out.numbers("explicitBounds", row["histogram_explicit_bounds"]?.array ?? [], asText: false)
        common(row, hasValue: isKnown(row["histogram_count"]), &out)
    }

    private static func exponential(_ row: AnswerJSON, _ out: inout OTLPText) {
        counts(row, &out)
        out.number("scale", row["exp_histogram_scale"]?.int)
        out.integer("zeroCount", digits(row["exp_histogram_zero_count"]))
        out.double("zeroThreshold", row["exp_histogram_zero_threshold"])
        for (name, column) in [
            ("positive" as StaticString, "exp_histogram_positive_bucket_counts"), ("negative", "exp_histogram_negative_bucket_counts"),
        ] {
            let counts = row[column]?.array
            guard let offset = row[column + "_offset"]?.int ?? (counts == nil ? nil : 0) else { continue }
            out.object(name) { out in
                out.number("offset", offset)
                out.numbers("bucketCounts", counts ?? [], asText: true)
            }
        }
        common(row, hasValue: isKnown(row["histogram_count"]), &out)
    }

    private static func counts(_ row: AnswerJSON, _ out: inout OTLPText) {
        out.integer("count", digits(row["histogram_count"]))
        out.double("sum", row["histogram_sum"])
        out.double("min", row["histogram_min"])
        out.double("max", row["histogram_max"])
    }

    private static func summary(_ row: AnswerJSON, _ out: inout OTLPText) {
        out.integer("count", digits(row["histogram_count"]))
        out.double("sum", row["histogram_sum"])
        let quantiles = row["summary_quantiles"]?.array ?? []
        out.array("quantileValues") { out in
            for quantile in quantiles.map(\.opened) {
                out.object { out in
                    out.double("quantile", quantile["quantile"])
                    out.double("value", quantile["value"])
                }
            }
        }
        common(row, hasValue: isKnown(row["histogram_count"]), &out)
    }

    private static func isKnown(_ value: AnswerJSON?) -> Bool { value.map { !$0.isNull } ?? false }

    private static func digits(_ value: AnswerJSON?) -> String? {
        if case .number(let text)? = value { return text }
        return nil
    }
}
