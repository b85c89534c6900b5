SELECT
    c.start_timestamp AS start_timestamp,
    c.trace_id AS trace_id,
    c.span_id AS span_id,
    c.parent_span_id AS parent_span_id,
    c.span_name AS span_name,
    c.message AS message,
    c.level AS level,
    c.exception_type AS exception_type,
    c.exception_message AS exception_message,
    c.exception_stacktrace AS exception_stacktrace,
    c.http_route AS http_route,
    o.name AS otel_scope_name,
    r.attributes AS otel_resource_attributes,
    r.deployment_environment AS deployment_environment,
    r.service_name AS service_name,
    r.service_namespace AS service_namespace,
    r.service_version AS service_version,
    r.service_instance_id AS service_instance_id,
    r.process_pid AS process_pid,
    r.telemetry_sdk_name AS telemetry_sdk_name,
    r.telemetry_sdk_language AS telemetry_sdk_language,
    r.telemetry_sdk_version AS telemetry_sdk_version
FROM span c
LEFT JOIN resource r ON r.project_id = c.project_id AND r.resource_id = c.resource_id
LEFT JOIN scope o ON o.project_id = c.project_id AND o.scope_id = c.scope_id
WHERE c.project_id = 7 AND c.is_exception AND c.kind <> 2
