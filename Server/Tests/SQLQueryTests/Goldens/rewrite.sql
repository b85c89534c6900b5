-- # tables keep their names as aliases
SELECT records.span_name, r.level FROM Records JOIN records_all r ON Records.span_id = r.parent_span_id
-- =>
SELECT records.span_name, r."level" FROM h_table_records AS Records INNER JOIN h_table_records_all AS r ON ((Records.span_id = r.parent_span_id)) LIMIT 100

-- # names of select items stay
SELECT level = 'error', message ~ 'x', approx_distinct(trace_id), attributes->>'k', level >= 'warn' AS bad FROM records GROUP BY ALL
-- =>
SELECT ("level" = 17) AS "(""level"" = 'error')", regexp_matches(message, 'x') AS "regexp_full_match(message, 'x')", approx_count_distinct(trace_id) AS "approx_distinct(trace_id)", (_attributes ->> 'k') AS "(attributes ->> 'k')", ("level" >= 13) AS bad FROM h_table_records AS records GROUP BY ALL LIMIT 100

-- # levels
SELECT count(*) FROM records WHERE level BETWEEN 'info' AND 'warn' OR level IN ('error', 21) OR NOT 'debug' < level OR CASE level WHEN 'fatal' THEN true END
-- =>
SELECT count_star() FROM h_table_records AS records WHERE (("level" BETWEEN 9 AND 13) OR ("level" IN (17, 21)) OR (5 >= "level") OR CASE  WHEN (("level" = 21)) THEN (CAST('t' AS BOOLEAN)) ELSE NULL END) LIMIT 100

-- # a computed level is text
WITH named AS (SELECT level_name(level) AS level FROM records WHERE level > 'debug') SELECT * FROM named WHERE level = 'error'
-- =>
WITH h_named AS (SELECT CASE  WHEN (("level" >= 21)) THEN ('fatal') WHEN (("level" >= 17)) THEN ('error') WHEN (("level" >= 13)) THEN ('warn') WHEN (("level" >= 10)) THEN ('notice') WHEN (("level" >= 9)) THEN ('info') WHEN (("level" >= 5)) THEN ('debug') WHEN (("level" >= 1)) THEN ('trace') ELSE NULL END AS "level" FROM h_table_records AS records WHERE ("level" > 5))SELECT * FROM h_named AS named WHERE ("level" = 'error') LIMIT 100

-- # unknown level
SELECT 1 FROM records WHERE service_name = 'a' AND level > 'loud'
-- =>
ERROR execution at 59: loud is not a level; the levels are trace, debug, info, notice, warn, error, fatal

-- # a WITH table hides the stored one
WITH records AS (SELECT * FROM records WHERE level = 'info'), x AS (SELECT * FROM records) SELECT * FROM x, records LIMIT 5
-- =>
WITH h_records AS (SELECT * FROM h_table_records AS records WHERE ("level" = 9)), h_x AS (SELECT * FROM h_records AS records)SELECT * FROM h_x AS x , h_records AS records LIMIT 5

-- # recursive
WITH RECURSIVE t(n, s) AS (SELECT 1, 'x' UNION ALL SELECT n + 1, t.s || '/' || n FROM t WHERE n < 3) SELECT * FROM t
-- =>
WITH RECURSIVE h_t (n, s) AS ((SELECT 1, 'x') UNION  ALL (SELECT (n + 1), ((CASE  WHEN ((strlen(CAST(t.s AS VARCHAR)) > 65536)) THEN ("error"('||: a value of a recursive query may have 65536 bytes')) ELSE t.s END || '/') || CASE  WHEN ((strlen(CAST(n AS VARCHAR)) > 65536)) THEN ("error"('||: a value of a recursive query may have 65536 bytes')) ELSE n END) AS "((t.s || '/') || n)" FROM h_t AS t WHERE (n < 3)))SELECT * FROM h_t AS t LIMIT 100

-- # set operations
(SELECT span_name FROM records) UNION ALL (SELECT model FROM llm_calls LIMIT 3) ORDER BY 1
-- =>
(SELECT span_name FROM h_table_records AS records) UNION ALL (SELECT model FROM h_table_llm_calls AS llm_calls LIMIT 3) ORDER BY 1 LIMIT 100

-- # show tables
SHOW TABLES
-- =>
SELECT * FROM (SELECT * FROM (VALUES ('records'), ('records_all'), ('records_full'), ('metrics'), ('llm_calls'), ('agent_runs'), ('tool_calls'), ('evaluations'), ('experiments'), ('conversations'), ('exceptions')) AS valueslist) AS "tables"("name") LIMIT 100

-- # describe
DESCRIBE records
-- =>
DESCRIBE (SELECT * FROM h_table_records AS records)

-- # sizes
SELECT repeat(message, 3), generate_series(1, array_length(tags, 1)), range(5), lpad(message, 5, '0'), replace(message, 'a', message) FROM records
-- =>
SELECT repeat(message, CASE  WHEN ((3 > (16384 // greatest(strlen(CAST(message AS VARCHAR)), 1)))) THEN ("error"('repeat: the result may have 16384 bytes')) ELSE 3 END) AS "repeat(message, 3)", generate_series(1, CASE  WHEN ((array_length(tags, 1) > (1 + 1000))) THEN ("error"('generate_series: there may be 1000 elements')) ELSE array_length(tags, 1) END) AS "generate_series(1, array_length(tags, 1))", "range"(5), lpad(message, 5, '0'), "replace"(message, 'a', CASE  WHEN (((strlen(message) > 64) AND (((strlen(message) // greatest(strlen('a'), 1)) * strlen(message)) > 16384))) THEN ("error"('replace: the result is too long')) ELSE message END) AS """replace""(message, 'a', message)" FROM h_table_records AS records LIMIT 100

-- # json functions
SELECT json_get_int(attributes, 'a', 'b'), json_get(attributes, 'x')::text, json_length(attributes), attributes ? 'k' FROM records
-- =>
SELECT TRY_CAST(((attributes -> 'a') ->> 'b') AS BIGINT) AS "json_get_int(attributes, 'a', 'b')", (attributes ->> 'x') AS "CAST(json_get(attributes, 'x') AS VARCHAR)", CASE  WHEN ((json_type(attributes) = 'ARRAY')) THEN (CAST(json_array_length(attributes) AS BIGINT)) WHEN ((json_type(attributes) = 'OBJECT')) THEN (len(json_keys(attributes))) ELSE NULL END AS "json_length(attributes)", json_exists(_attributes, 'k') AS "json_exists(attributes, 'k')" FROM h_table_records AS records LIMIT 100

-- # percentiles
SELECT approx_percentile_cont(duration, 0.95), approx_percentile_cont(0.5) WITHIN GROUP (ORDER BY duration) FILTER (WHERE level = 'info') FROM records
-- =>
SELECT quantile_cont(duration, 0.95) AS "approx_percentile_cont(duration, 0.95)", quantile_cont(0.5 ORDER BY duration) FILTER (WHERE ("level" = 9)) AS "quantile_cont(0.5 ORDER BY duration) FILTER (WHERE (""level"" = 'info'))" FROM h_table_records AS records LIMIT 100

-- # outer limit
SELECT span_name FROM records ORDER BY start_timestamp DESC LIMIT 5000 OFFSET 10
-- =>
SELECT span_name FROM h_table_records AS records ORDER BY start_timestamp DESC LIMIT 100 OFFSET 10

-- # qualified
SELECT * FROM main.records
-- =>
ERROR not_allowed at 14: table names cannot be qualified: main.records

-- # function
SELECT message FROM records WHERE getenv('HOME') = 'x'
-- =>
ERROR not_allowed at 34: function getenv is not available in queries

-- # syntax
SELECT message FROM records WERE level = 1
-- =>
ERROR syntax at 33: syntax error at or near "level"

-- # metric functions
SELECT service_name, metric_rate(value, recorded_timestamp) AS r, metric_sum(metric_merge(value)) FROM metrics GROUP BY 1 HAVING metric_quantile(0.9, value) > 1
-- =>
SELECT service_name, metric_rate("value", recorded_timestamp) AS r, struct_extract(metric_merge("value"), 'sum') AS "metric_sum(metric_merge(""value""))" FROM h_table_metrics AS metrics GROUP BY 1 HAVING (metric_quantile(0.9, "value") > 1) LIMIT 100

-- # metric functions do not take DISTINCT
SELECT metric_merge(DISTINCT value) FROM metrics
-- =>
ERROR not_allowed at 7: metric_merge cannot be used with DISTINCT: points are told apart by their series already

-- # metric functions do not take OVER
SELECT metric_increase(value, recorded_timestamp) OVER () FROM metrics
-- =>
ERROR not_allowed at 7: metric_increase cannot be used with OVER; use it with GROUP BY

-- # metric functions say what they take
SELECT metric_quantile(value) FROM metrics
-- =>
ERROR not_allowed at 7: metric_quantile takes 2 arguments: metric_quantile(0.95, value)

-- # searches in messages
SELECT span_name FROM records WHERE attributes->>'gen_ai.input.messages' ILIKE '%abc%' OR attributes->>'gen_ai.output.messages' ILIKE '%abc%' OR message ILIKE '%abc%'
-- =>
SELECT span_name FROM h_table_records AS records WHERE (_match_0 OR (message ~~* '%abc%')) LIMIT 100

-- # searches in messages that are one column
SELECT span_name FROM records r WHERE (contains(r.attributes->>'gen_ai.input.messages', 'a') OR contains(r.attributes->>'gen_ai.output.messages', 'a')) AND level = 'info'
-- =>
SELECT span_name FROM h_table_records AS r WHERE (r._match_0 AND ("level" = 9)) LIMIT 100

-- # searches in messages for several texts
SELECT span_name FROM records WHERE attributes->>'gen_ai.input.messages' LIKE '%abc%' OR attributes->>'gen_ai.output.messages' LIKE '%def%' OR attributes->>'gen_ai.output.messages' ILIKE '%abc%'
-- =>
SELECT span_name FROM h_table_records AS records WHERE (_match_0 OR _match_1 OR _match_2) LIMIT 100

-- # all of several searches in messages
SELECT span_name FROM records WHERE attributes->>'gen_ai.input.messages' LIKE '%abc%' AND attributes->>'gen_ai.output.messages' LIKE '%abc%'
-- =>
SELECT span_name FROM h_table_records AS records WHERE (_match_0 AND _match_1) LIMIT 100

-- # searches in messages that pages cannot answer
SELECT span_name FROM records WHERE attributes->>'gen_ai.input.messages' ILIKE '%zoë%' OR attributes->>'gen_ai.output.messages' ILIKE '%zoë%' OR contains(attributes->>'gen_ai.output.messages', 'a"b')
-- =>
SELECT span_name FROM h_table_records AS records WHERE (((attributes ->> 'gen_ai.input.messages') ~~* '%zoë%') OR ((attributes ->> 'gen_ai.output.messages') ~~* '%zoë%') OR contains((attributes ->> 'gen_ai.output.messages'), 'a"b')) LIMIT 100
