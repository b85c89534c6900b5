SELECT
    s.start_timestamp AS start_timestamp,
    s.end_timestamp AS end_timestamp,
    s.duration AS duration,
    s.trace_id AS trace_id,
    s.span_id AS span_id,
    s.parent_span_id AS parent_span_id,
    s.span_name AS span_name,
    s.message AS message,
    CASE s.kind WHEN 0 THEN 'span' WHEN 1 THEN 'log' ELSE 'pending_span' END AS kind,
    s.level AS level,
    s.is_exception AS is_exception,
    s.exception_type AS exception_type,
    s.exception_message AS exception_message,
    s.exception_stacktrace AS exception_stacktrace,
    s.whole_attributes AS attributes,
    from_json(s.tags, '["VARCHAR"]') AS tags,
    o.name AS otel_scope_name,
    o.version AS otel_scope_version,
    o.attributes AS otel_scope_attributes,
    CASE s.status_code WHEN 0 THEN 'UNSET' WHEN 1 THEN 'OK' ELSE 'ERROR' END AS otel_status_code,
    s.status_message AS otel_status_message,
    coalesce(s.events, '[]'::JSON) AS otel_events,
    coalesce(s.links, '[]'::JSON) AS otel_links,
    CASE s.span_kind WHEN 1 THEN 'INTERNAL' WHEN 2 THEN 'SERVER' WHEN 3 THEN 'CLIENT' WHEN 4 THEN 'PRODUCER' WHEN 5 THEN 'CONSUMER' ELSE 'UNSPECIFIED' END AS otel_span_kind,
    r.attributes AS otel_resource_attributes,
    r.deployment_environment AS deployment_environment,
    r.service_name AS service_name,
    r.service_namespace AS service_namespace,
    r.service_version AS service_version,
    r.service_instance_id AS service_instance_id,
    r.process_pid AS process_pid,
    r.telemetry_sdk_name AS telemetry_sdk_name,
    r.telemetry_sdk_language AS telemetry_sdk_language,
    r.telemetry_sdk_version AS telemetry_sdk_version,
    s.http_status_code AS http_response_status_code,
    coalesce(hearth_attribute(s.attributes, 'url.full'), hearth_attribute(s.attributes, 'http.url')) AS url_full,
    s.http_route AS http_route,
    s.http_method AS http_method,
    hearth_attribute(s.attributes, 'url.path') AS url_path,
    hearth_attribute(s.attributes, 'url.query') AS url_query,
    s.log_body AS log_body,
    CASE WHEN json_valid(hearth_attribute(s.attributes, 'logfire.json_schema')) THEN hearth_attribute(s.attributes, 'logfire.json_schema')::JSON END AS attributes_json_schema,
    make_timestamptz(s.commit_sequence) AS created_at,
    coalesce(w.sample_weight, 1.0) AS sample_weight
FROM span s
LEFT JOIN resource r ON r.project_id = s.project_id AND r.resource_id = s.resource_id
LEFT JOIN scope o ON o.project_id = s.project_id AND o.scope_id = s.scope_id
LEFT JOIN trace_sample w ON w.project_id = s.project_id AND w.trace_id = s.trace_id
WHERE s.project_id = 7 AND s.kind <> 2
UNION ALL
SELECT
    s.event_time AS start_timestamp,
    s.event_time AS end_timestamp,
    NULL::DOUBLE AS duration,
    s.trace_id AS trace_id,
    s.event_id AS span_id,
    s.span_id AS parent_span_id,
    s.event->>'event_name' AS span_name,
    s.event->>'event_name' AS message,
    'span_event' AS kind,
    coalesce(try_cast((s.event->'attributes')->>'logfire.level_num' AS SMALLINT), 9::SMALLINT) AS level,
    false AS is_exception,
    NULL::VARCHAR AS exception_type,
    NULL::VARCHAR AS exception_message,
    NULL::VARCHAR AS exception_stacktrace,
    s.event->'attributes' AS attributes,
    NULL::VARCHAR[] AS tags,
    o.name AS otel_scope_name,
    o.version AS otel_scope_version,
    o.attributes AS otel_scope_attributes,
    'UNSET' AS otel_status_code,
    NULL::VARCHAR AS otel_status_message,
    '[]'::JSON AS otel_events,
    '[]'::JSON AS otel_links,
    'UNSPECIFIED' AS otel_span_kind,
    r.attributes AS otel_resource_attributes,
    r.deployment_environment AS deployment_environment,
    r.service_name AS service_name,
    r.service_namespace AS service_namespace,
    r.service_version AS service_version,
    r.service_instance_id AS service_instance_id,
    r.process_pid AS process_pid,
    r.telemetry_sdk_name AS telemetry_sdk_name,
    r.telemetry_sdk_language AS telemetry_sdk_language,
    r.telemetry_sdk_version AS telemetry_sdk_version,
    NULL::SMALLINT AS http_response_status_code,
    NULL::VARCHAR AS url_full,
    NULL::VARCHAR AS http_route,
    NULL::VARCHAR AS http_method,
    NULL::VARCHAR AS url_path,
    NULL::VARCHAR AS url_query,
    NULL::JSON AS log_body,
    NULL::JSON AS attributes_json_schema,
    make_timestamptz(s.commit_sequence) AS created_at,
    coalesce(w.sample_weight, 1.0) AS sample_weight
FROM (
    SELECT
        *,
        (event->>'event_timestamp')::TIMESTAMPTZ AS event_time,
        left(md5(trace_id || span_id || event_position), 16) AS event_id
    FROM (
        SELECT
            s.*,
            unnest(from_json(s.events, '["JSON"]')) AS event,
            generate_subscripts(from_json(s.events, '["JSON"]'), 1) - 1 AS event_position
        FROM span s
        WHERE s.project_id = 7 AND s.span_event_count > 0 AND s.kind <> 2
    )
    WHERE (event->>'event_name') <> 'exception'
) s
LEFT JOIN resource r ON r.project_id = s.project_id AND r.resource_id = s.resource_id
LEFT JOIN scope o ON o.project_id = s.project_id AND o.scope_id = s.scope_id
LEFT JOIN trace_sample w ON w.project_id = s.project_id AND w.trace_id = s.trace_id
