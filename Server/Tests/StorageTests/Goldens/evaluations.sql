SELECT
    e.start_timestamp AS start_timestamp,
    e.source AS source,
    e.name AS name,
    e.result_type AS result_type,
    e.value AS value,
    e.label AS label,
    e.passed AS passed,
    e.explanation AS explanation,
    e.error_type AS error_type,
    e.evaluator_name AS evaluator_name,
    e.evaluator_source AS evaluator_source,
    e.evaluator_version AS evaluator_version,
    e.target AS target,
    x.experiment_name AS experiment_name,
    x.dataset_name AS dataset_name,
    e.case_name AS case_name,
    e.source_case_name AS source_case_name,
    e.trace_id AS trace_id,
    e.span_id AS span_id,
    e.experiment_span_id AS experiment_span_id,
    coalesce(e.judged_trace_id, q.trace_id) AS judged_trace_id,
    coalesce(e.judged_span_id, u.span_id, q.span_id) AS judged_span_id,
    e.response_id AS response_id,
    coalesce(e.agent_name, g.agent_name) AS agent_name,
    coalesce(e.conversation_id, g.conversation_id) AS conversation_id,
    r.service_name AS service_name,
    r.service_version AS service_version,
    r.deployment_environment AS deployment_environment,
    r.attributes AS otel_resource_attributes,
    hearth_joined(e.bodies, e.attributes) AS attributes
FROM (
SELECT
    s.project_id, s.commit_sequence, s.resource_id, s.start_timestamp, s.trace_id, s.span_id, s.attributes, s.bodies,
    'experiment' AS source,
    coalesce(j.value->>'name', j.key) AS name,
    k.result_type,
    CASE k.result_type WHEN 'assertion' THEN TRY_CAST(j.value->>'value' AS BOOLEAN)::INTEGER::DOUBLE WHEN 'score' THEN TRY_CAST(j.value->>'value' AS DOUBLE) END AS value,
    CASE k.result_type WHEN 'assertion' THEN CASE TRY_CAST(j.value->>'value' AS BOOLEAN) WHEN true THEN 'pass' WHEN false THEN 'fail' END WHEN 'label' THEN (j.value->>'value') END AS label,
    CASE k.result_type WHEN 'assertion' THEN TRY_CAST(j.value->>'value' AS BOOLEAN) END AS passed,
    (j.value->>'reason') AS explanation,
    NULL::VARCHAR AS error_type,
    j.value->'source'->>'name' AS evaluator_name,
    nullif(j.value->'source', 'null') AS evaluator_source,
    (j.value->>'evaluator_version') AS evaluator_version,
    (s.attributes->>'task_name') AS target,
    (s.attributes->>'case_name') AS case_name,
    (s.attributes->>'logfire.experiment.source_case_name') AS source_case_name,
    s.span_id AS case_span_id,
    s.parent_span_id AS experiment_span_id,
    s.trace_id AS judged_trace_id,
    NULL::VARCHAR AS judged_span_id,
    NULL::VARCHAR AS response_id,
    NULL::VARCHAR AS agent_name,
    NULL::VARCHAR AS conversation_id
FROM span s, (VALUES ('assertion', 'assertions'), ('score', 'scores'), ('label', 'labels')) k(result_type, list),
    json_each(CASE json_type(s.attributes, '/' || k.list) WHEN 'OBJECT' THEN json_extract(s.attributes, '/' || k.list) ELSE '{}'::JSON END) j
WHERE s.project_id = 7 AND s.kind = 0 AND s.span_name = 'case: {case_name}' AND s.scope_id IN (SELECT scope_id FROM scope WHERE project_id = 7 AND name IN ('pydantic-evals'))
UNION ALL
SELECT
    s.project_id, s.commit_sequence, s.resource_id, s.start_timestamp, s.trace_id, s.span_id, s.attributes, s.bodies,
    'experiment',
    (s.attributes->>'evaluator_name'),
    'failure',
    NULL,
    NULL,
    NULL,
    s.exception_message,
    coalesce(s.exception_type, (s.attributes->>'error.type'), 'unknown'),
    (s.attributes->>'evaluator_name'),
    NULL,
    NULL,
    (p.attributes->>'task_name'),
    (p.attributes->>'case_name'),
    (p.attributes->>'logfire.experiment.source_case_name'),
    p.span_id,
    p.parent_span_id,
    s.trace_id,
    NULL,
    NULL,
    NULL,
    NULL
FROM span s
LEFT JOIN (
    SELECT trace_id, span_id, parent_span_id, attributes FROM span
    WHERE project_id = 7 AND kind = 0 AND span_name = 'case: {case_name}'
) p ON p.trace_id = s.trace_id AND p.span_id = s.parent_span_id
WHERE s.project_id = 7 AND s.kind = 0 AND s.span_name = 'evaluator: {evaluator_name}' AND s.scope_id IN (SELECT scope_id FROM scope WHERE project_id = 7 AND name IN ('pydantic-evals')) AND (s.status_code = 2 OR s.is_exception)
UNION ALL
SELECT
    s.project_id, s.commit_sequence, s.resource_id, s.start_timestamp, s.trace_id, s.span_id, s.attributes, s.bodies,
    'online',
    (s.attributes->>'gen_ai.evaluation.name'),
    CASE
        WHEN (s.attributes->>'error.type') IS NOT NULL THEN 'failure'
        WHEN lower(s.attributes->>'gen_ai.evaluation.score.label') IN ('pass', 'fail') THEN 'assertion'
        WHEN (s.attributes->>'gen_ai.evaluation.score.value') IS NOT NULL THEN 'score'
        WHEN (s.attributes->>'gen_ai.evaluation.score.label') IS NOT NULL THEN 'label'
    END,
    TRY_CAST(s.attributes->>'gen_ai.evaluation.score.value' AS DOUBLE),
    (s.attributes->>'gen_ai.evaluation.score.label'),
    CASE lower(s.attributes->>'gen_ai.evaluation.score.label') WHEN 'pass' THEN true WHEN 'fail' THEN false END,
    (s.attributes->>'gen_ai.evaluation.explanation'),
    (s.attributes->>'error.type'),
    coalesce(
        CASE WHEN json_valid(s.attributes->>'gen_ai.evaluation.evaluator.source') THEN
            (s.attributes->>'gen_ai.evaluation.evaluator.source')::JSON->>'name'
        END,
        (s.attributes->>'gen_ai.evaluation.name')
    ),
    CASE WHEN json_valid(s.attributes->>'gen_ai.evaluation.evaluator.source') THEN
        (s.attributes->>'gen_ai.evaluation.evaluator.source')::JSON
    ELSE s.attributes->'gen_ai.evaluation.evaluator.source' END,
    (s.attributes->>'gen_ai.evaluation.evaluator.version'),
    (s.attributes->>'gen_ai.evaluation.target'),
    NULL,
    NULL,
    NULL,
    NULL,
    CASE WHEN s.parent_span_id IS NOT NULL THEN s.trace_id END,
    s.parent_span_id,
    (s.attributes->>'gen_ai.response.id'),
    (s.attributes->>'gen_ai.agent.name'),
    (s.attributes->>'gen_ai.conversation.id')
FROM span s
WHERE s.project_id = 7 AND s.kind = 1 AND s.span_name = 'gen_ai.evaluation.result'
UNION ALL
SELECT
    s.project_id, s.commit_sequence, s.resource_id, s.start_timestamp, s.trace_id, s.span_id, s.attributes, s.bodies,
    'feedback',
    (s.attributes->>'logfire.feedback.name'),
    CASE json_type(json_extract(s.attributes, '/' || replace(replace(s.attributes->>'logfire.feedback.name', '~', '~0'), '/', '~1'))) WHEN 'BOOLEAN' THEN 'assertion' WHEN 'VARCHAR' THEN 'label' WHEN 'BIGINT' THEN 'score' WHEN 'UBIGINT' THEN 'score' WHEN 'DOUBLE' THEN 'score' END,
    CASE json_type(json_extract(s.attributes, '/' || replace(replace(s.attributes->>'logfire.feedback.name', '~', '~0'), '/', '~1'))) WHEN 'BOOLEAN' THEN (json_extract(s.attributes, '/' || replace(replace(s.attributes->>'logfire.feedback.name', '~', '~0'), '/', '~1'))->>'$')::BOOLEAN::INTEGER::DOUBLE WHEN 'VARCHAR' THEN NULL ELSE TRY_CAST((json_extract(s.attributes, '/' || replace(replace(s.attributes->>'logfire.feedback.name', '~', '~0'), '/', '~1'))->>'$') AS DOUBLE) END,
    CASE json_type(json_extract(s.attributes, '/' || replace(replace(s.attributes->>'logfire.feedback.name', '~', '~0'), '/', '~1'))) WHEN 'BOOLEAN' THEN CASE (json_extract(s.attributes, '/' || replace(replace(s.attributes->>'logfire.feedback.name', '~', '~0'), '/', '~1'))->>'$')::BOOLEAN WHEN true THEN 'pass' ELSE 'fail' END WHEN 'VARCHAR' THEN (json_extract(s.attributes, '/' || replace(replace(s.attributes->>'logfire.feedback.name', '~', '~0'), '/', '~1'))->>'$') END,
    CASE json_type(json_extract(s.attributes, '/' || replace(replace(s.attributes->>'logfire.feedback.name', '~', '~0'), '/', '~1'))) WHEN 'BOOLEAN' THEN (json_extract(s.attributes, '/' || replace(replace(s.attributes->>'logfire.feedback.name', '~', '~0'), '/', '~1'))->>'$')::BOOLEAN END,
    (s.attributes->>'logfire.feedback.comment'),
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    CASE WHEN s.parent_span_id IS NOT NULL THEN s.trace_id END,
    s.parent_span_id,
    NULL,
    NULL,
    NULL
FROM span s
WHERE s.project_id = 7 AND s.scope_id IN (SELECT scope_id FROM scope WHERE project_id = 7 AND name IN ('logfire.feedback')) AND s.kind <> 2 AND (s.attributes->>'logfire.feedback.name') IS NOT NULL
UNION ALL
SELECT
    s.project_id, s.commit_sequence, s.resource_id, s.start_timestamp, s.trace_id, s.span_id, s.attributes, s.bodies,
    'annotation',
    json_extract_string(s.attributes, '/' || f.prefix || 'name'),
    CASE WHEN json_extract_string(s.attributes, '/' || f.prefix || 'score') IS NOT NULL THEN 'score' WHEN json_extract_string(s.attributes, '/' || f.prefix || 'label') IS NOT NULL THEN 'label' END,
    TRY_CAST(json_extract_string(s.attributes, '/' || f.prefix || 'score') AS DOUBLE),
    json_extract_string(s.attributes, '/' || f.prefix || 'label'),
    CASE lower(json_extract_string(s.attributes, '/' || f.prefix || 'label')) WHEN 'pass' THEN true WHEN 'fail' THEN false END,
    json_extract_string(s.attributes, '/' || f.prefix || 'explanation'),
    NULL,
    NULL,
    CASE WHEN json_extract_string(s.attributes, '/' || f.prefix || 'annotator_kind') IS NOT NULL THEN json_object('annotator_kind', json_extract_string(s.attributes, '/' || f.prefix || 'annotator_kind')) END,
    NULL,
    CASE WHEN f.prefix LIKE 'trace.%' THEN 'trace' WHEN f.prefix LIKE 'session.%' THEN 'session' END,
    NULL,
    NULL,
    NULL,
    NULL,
    CASE WHEN f.prefix NOT LIKE 'session.%' THEN s.trace_id END,
    CASE WHEN f.prefix NOT LIKE 'session.%' AND f.prefix NOT LIKE 'trace.%' THEN s.span_id END,
    NULL,
    coalesce(s.attributes->>'agent.name', (s.attributes->>'gen_ai.agent.name')),
    coalesce(s.attributes->>'session.id', (s.attributes->>'gen_ai.conversation.id'))
FROM span s, LATERAL (
    SELECT DISTINCT unnest(list_transform(
        list_filter(json_keys(s.attributes), lambda key: regexp_full_match(key, '((trace|session)[.])?(evaluations[.][0-9]+[.]evaluation|annotations[.][0-9]+[.]annotation)[.](name|score|label|explanation)')),
        lambda key: regexp_extract(key, '^(.*[.])[a-z_]+$', 1)
    )) AS prefix
) f
WHERE s.project_id = 7 AND s.kind = 0 AND (contains(s.attributes, '.evaluation.') OR contains(s.attributes, '.annotation.'))
) e
LEFT JOIN resource r ON r.project_id = e.project_id AND r.resource_id = e.resource_id
LEFT JOIN (
    SELECT trace_id, span_id, attributes->>'name' AS experiment_name, attributes->>'dataset_name' AS dataset_name FROM span s
    WHERE project_id = 7 AND kind <> 1 AND span_name = 'evaluate {name}' AND s.scope_id IN (SELECT scope_id FROM scope WHERE project_id = 7 AND name IN ('pydantic-evals'))
    QUALIFY row_number() OVER (PARTITION BY trace_id, span_id ORDER BY kind) = 1
) x ON x.trace_id = e.trace_id AND x.span_id = e.experiment_span_id
LEFT JOIN (
    SELECT trace_id, parent_span_id, min(span_id) AS span_id FROM span s
    WHERE project_id = 7 AND kind = 0 AND span_name = 'execute {task}' AND s.scope_id IN (SELECT scope_id FROM scope WHERE project_id = 7 AND name IN ('pydantic-evals'))
    GROUP BY trace_id, parent_span_id
) u ON u.trace_id = e.trace_id AND u.parent_span_id = e.case_span_id
LEFT JOIN (
    SELECT
        response_id,
        arg_min(trace_id, (start_timestamp, trace_id, span_id)) AS trace_id,
        arg_min(span_id, (start_timestamp, trace_id, span_id)) AS span_id
    FROM step
    WHERE project_id = 7 AND kind = 0 AND response_id IN (
        SELECT attributes->>'gen_ai.response.id' FROM span
        WHERE project_id = 7 AND kind = 1 AND span_name = 'gen_ai.evaluation.result' AND parent_span_id IS NULL
    )
    GROUP BY response_id
) q ON q.response_id = e.response_id AND e.judged_span_id IS NULL
LEFT JOIN step g ON g.project_id = 7 AND g.trace_id = coalesce(e.judged_trace_id, q.trace_id) AND g.span_id = coalesce(e.judged_span_id, q.span_id)
