SELECT
    s.span_id AS span_id,
    r.service_name AS service_name
FROM span s
LEFT JOIN resource r ON r.project_id = s.project_id AND r.resource_id = s.resource_id
WHERE s.project_id = 7 AND s.start_timestamp >= make_timestamptz(1000000) AND s.start_timestamp <= make_timestamptz(2000000) AND s.kind <> 2
UNION ALL
SELECT
    s.event_id AS span_id,
    r.service_name AS service_name
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
        WHERE s.project_id = 7 AND s.span_event_count > 0 AND s.kind <> 2 AND s.start_timestamp <= make_timestamptz(2000000) AND s.end_timestamp >= make_timestamptz(1000000)
    )
    WHERE (event->>'event_name') <> 'exception'
) s
LEFT JOIN resource r ON r.project_id = s.project_id AND r.resource_id = s.resource_id
WHERE s.event_time >= make_timestamptz(1000000) AND s.event_time <= make_timestamptz(2000000)
