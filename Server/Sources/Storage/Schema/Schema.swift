/// The tables of a hot file: those of version 1 (`Docs/adr/0002-schema-v1.md`) and what later versions add. The writer appends columns
/// in the order given here.
///
/// Every column costs the writer time with every commit, so there are only those that pages, alerts and common SQL filter or sort by;
/// what is left stays in the JSON columns. JSON columns hold what the decoder rendered: the appender does not check them.
enum Schema {
    static let version = 9

    /// Facts about the file itself: `identity_key` is the key of the hashes that find repeats.
    static let meta = """
        CREATE TABLE meta (
            name VARCHAR,
            value VARCHAR
        )
        """

    static let schemaVersion = """
        CREATE TABLE schema_version (
            version INTEGER,
            applied_at TIMESTAMPTZ
        )
        """

    /// Resources by the stable hash of their attributes.
    static let resource = """
        CREATE TABLE resource (
            project_id INTEGER,
            commit_sequence BIGINT,
            resource_id UBIGINT,
            service_name VARCHAR,
            service_namespace VARCHAR,
            service_version VARCHAR,
            service_instance_id VARCHAR,
            process_pid BIGINT,
            deployment_environment VARCHAR,
            telemetry_sdk_name VARCHAR,
            telemetry_sdk_language VARCHAR,
            telemetry_sdk_version VARCHAR,
            attributes JSON
        )
        """

    /// Instrumentation scopes by the stable hash of name, version and attributes.
    static let scope = """
        CREATE TABLE scope (
            project_id INTEGER,
            commit_sequence BIGINT,
            scope_id UBIGINT,
            name VARCHAR,
            version VARCHAR,
            attributes JSON
        )
        """

    /// Spans, logs and pending spans in the order they came. `kind` is `RecordKind`; `commit_sequence` is the time of the commit in
    /// microseconds, so it also serves as `created_at`; `start_nanosecond` is what is left of the start below a microsecond.
    static let span = """
        CREATE TABLE span (
            project_id INTEGER,
            commit_sequence BIGINT,
            kind UTINYINT,
            trace_id VARCHAR,
            span_id VARCHAR,
            parent_span_id VARCHAR,
            start_timestamp TIMESTAMPTZ,
            start_nanosecond SMALLINT,
            end_timestamp TIMESTAMPTZ,
            duration DOUBLE,
            span_name VARCHAR,
            message VARCHAR,
            level SMALLINT,
            span_kind UTINYINT,
            status_code UTINYINT,
            status_message VARCHAR,
            is_exception BOOLEAN,
            exception_type VARCHAR,
            exception_message VARCHAR,
            exception_stacktrace VARCHAR,
            resource_id UBIGINT,
            scope_id UBIGINT,
            http_status_code SMALLINT,
            http_method VARCHAR,
            http_route VARCHAR,
            tags JSON,
            span_event_count USMALLINT,
            attributes JSON USING COMPRESSION zstd,
            bodies JSON USING COMPRESSION zstd,
            events JSON,
            links JSON,
            log_body JSON
        )
        """

    /// Model calls, agent runs and tool calls as they were received. `kind` is `GenAIStepKind`, `stream_role` is `StreamRole`.
    /// `run_span_id` (nearest enclosing agent run), `winner_span_id` (the record of the same trace that stands for the call, NULL when this
    /// one does), `merged_records` and `is_nested_twin` are what was decided with the commit that brought the row; later decisions
    /// are in `step_decision`.
    static let step = """
        CREATE TABLE step (
            project_id INTEGER,
            commit_sequence BIGINT,
            kind UTINYINT,
            trace_id VARCHAR,
            span_id VARCHAR,
            parent_span_id VARCHAR,
            start_timestamp TIMESTAMPTZ,
            start_nanosecond SMALLINT,
            end_timestamp TIMESTAMPTZ,
            duration DOUBLE,
            resource_id UBIGINT,
            scope_id UBIGINT,
            stream_role UTINYINT,
            operation VARCHAR,
            provider VARCHAR,
            model VARCHAR,
            response_model VARCHAR,
            response_id VARCHAR,
            is_error BOOLEAN,
            error_type VARCHAR,
            input_tokens BIGINT,
            output_tokens BIGINT,
            cache_read_tokens BIGINT,
            cache_write_tokens BIGINT,
            reasoning_tokens BIGINT,
            cost DOUBLE,
            time_to_first_token DOUBLE,
            finish_reasons JSON,
            is_truncated BOOLEAN,
            has_tool_calls BOOLEAN,
            tool_call_count INTEGER,
            agent_name VARCHAR,
            conversation_id VARCHAR,
            user_id VARCHAR,
            prompt_name VARCHAR,
            prompt_version VARCHAR,
            tool_name VARCHAR,
            tool_call_id VARCHAR,
            input VARCHAR USING COMPRESSION zstd,
            output VARCHAR USING COMPRESSION zstd,
            run_span_id VARCHAR,
            winner_span_id VARCHAR,
            merged_records INTEGER,
            is_nested_twin BOOLEAN
        )
        """

    /// Decisions that a later commit changed or that need more than a step row can say: the newest of a step holds. `patch` has the values
    /// a winner takes from its duplicates, by the names of the columns of `step`.
    static let stepDecision = """
        CREATE TABLE step_decision (
            project_id INTEGER,
            commit_sequence BIGINT,
            trace_id VARCHAR,
            span_id VARCHAR,
            winner_trace_id VARCHAR,
            winner_span_id VARCHAR,
            merged_records INTEGER,
            run_span_id VARCHAR,
            is_nested_twin BOOLEAN,
            patch JSON
        )
        """

    static let metricPoint = """
        CREATE TABLE metric_point (
            project_id INTEGER,
            commit_sequence BIGINT,
            point_id UBIGINT,
            recorded_timestamp TIMESTAMPTZ,
            start_timestamp TIMESTAMPTZ,
            metric_name VARCHAR,
            metric_type VARCHAR,
            unit VARCHAR,
            metric_description VARCHAR,
            aggregation_temporality UTINYINT,
            is_monotonic BOOLEAN,
            resource_id UBIGINT,
            scope_id UBIGINT,
            attributes JSON,
            exemplars JSON,
            scalar_value DOUBLE,
            count UBIGINT,
            sum DOUBLE,
            min DOUBLE,
            max DOUBLE,
            scale INTEGER,
            zero_count UBIGINT,
            zero_threshold DOUBLE,
            positive_offset INTEGER,
            negative_offset INTEGER,
            bucket_counts UBIGINT[],
            explicit_bounds DOUBLE[],
            positive_bucket_counts UBIGINT[],
            negative_bucket_counts UBIGINT[],
            quantiles JSON
        )
        """

    /// All tables of version 1.
    static let tables = [meta, resource, scope, span, step, stepDecision, metricPoint]

    /// Columns of `step` since version 2. `cost_source` is `CostSource`, NULL in rows of version 1. `retry_count`, `retry_cause` and
    /// `prompt_build_time` are what the spans around the call told with the commit that brought the row, and newer decisions replace them;
    /// what the record itself says about them is in `details`, whose members are `StepDetail`. `refusal` and `json_parse_success`
    /// are NULL when the record does not say. `stream_key` joins the halves of streamed calls without a parent.
    static let stepVersion2Columns = [
        "input_cost DOUBLE", "output_cost DOUBLE", "cost_source UTINYINT", "cost_note VARCHAR", "price_version VARCHAR",
        "retry_count INTEGER", "retry_cause VARCHAR", "refusal BOOLEAN", "json_parse_success BOOLEAN", "prompt_build_time DOUBLE",
        "stream_key UBIGINT", "is_streaming BOOLEAN", "details JSON",
    ]
    static let stepVersion2 = stepVersion2Columns.map { "ALTER TABLE step ADD COLUMN \($0)" }

    /// Version 3: what tail sampling decided about traces. `sample_weight` is how many traces a kept one stands for; a trace that is not
    /// kept has no rows any more, and none of its records is stored again.
    static let traceSample = """
        CREATE TABLE trace_sample (
            project_id INTEGER,
            commit_sequence BIGINT,
            trace_id VARCHAR,
            rule VARCHAR,
            is_kept BOOLEAN,
            sample_weight DOUBLE,
            records BIGINT
        )
        """

    /// Version 4: what steps and decisions about them are joined by, a number, because comparing two texts for every call of a page costs more than
    /// everything else. See ``StepKey``.
    static let stepKeyColumn = "step_key UBIGINT"

    static let stepVersion4 = ["step", "step_decision"].flatMap { table in
        [
            "ALTER TABLE \(table) ADD COLUMN \(stepKeyColumn)",
            "UPDATE \(table) SET step_key = \(StepKey.function)(trace_id, span_id)",
        ]
    }

    // MARK: Catalog

    /// Version 4: telemetry is spread over files, and the catalog knows which there are. `day` counts from the Unix epoch. `hot` is the
    /// newest hot file with rows in the segment. Times are microseconds; `page_bytes` is the valid length of the page file with message
    /// bodies, `last_sequence` the newest commit of its rows.
    static let segment = """
        CREATE TABLE segment (
            project_id INTEGER,
            day INTEGER,
            hot BIGINT,
            minimum_start BIGINT,
            maximum_start BIGINT,
            records BIGINT,
            steps BIGINT,
            metric_points BIGINT,
            bytes BIGINT,
            page_bytes BIGINT,
            last_sequence BIGINT,
            has_span_events BOOLEAN,
            \(segmentVersion5Columns.joined(separator: ",\n            "))
        )
        """

    /// Version 5: segments that retention writes anew. `revision` is part of the names of its files; `kept_by` has the conditions of the keep rules
    /// that it was cut down to, with `kept_hot`, the newest hot file that had rows in it then. See ``KeptMark``.
    static let segmentVersion5Columns = ["revision INTEGER", "kept_by VARCHAR[]", "kept_hot BIGINT"]

    /// What a hot file had, as a filter over hashes: traces, responses, streams and metric points. `segments` got its rows. Version 7: `knows_days`
    /// says whether the traces are in the filter once more for each of their days.
    static let sealedFilter = """
        CREATE TABLE sealed_filter (
            hot BIGINT,
            segments STRUCT(project_id INTEGER, day INTEGER)[],
            filter BLOB,
            \(sealedFilterVersion7Column)
        )
        """

    private static let sealedFilterVersion7Column = "knows_days BOOLEAN"

    static let sealedFilterVersion7 = "ALTER TABLE sealed_filter ADD COLUMN \(sealedFilterVersion7Column)"

    static let segmentVersion5 = segmentVersion5Columns.map { "ALTER TABLE segment ADD COLUMN \($0)" }

    /// The tables of the catalog.
    static let catalog = [meta, schemaVersion, resource, scope, traceSample, segment, sealedFilter]
}
