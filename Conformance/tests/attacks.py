"""What somebody with a read token could try: to read what is not theirs, to change something, to take the machine's time and memory.

Each list is by the way it must end. The texts run on a server with two projects, of which the attacker may read one.
"""

# Other tenants, files, settings, catalogs, changes: refused before anything runs.
REFUSED = [
    # other tenants' rows, by name and by functions that run text or take names
    'SELECT * FROM other_tenant', 'SELECT * FROM main.records', 'SELECT * FROM hot.main.span', 'SELECT * FROM span', 'SELECT * FROM metric_point', 'SELECT * FROM genai_step', 'SELECT * FROM "span"',
    'SELECT project_id FROM records', 'SELECT records.project_id FROM records', 'SELECT _bodies FROM records', 'SELECT rowid FROM records', 'SELECT commit_sequence FROM records',
    "SELECT * FROM query('SELECT * FROM span')", "SELECT * FROM query_table('span')", "SELECT * FROM query_table(['span'])", "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT json_serialize_sql('SELECT 1')", "SELECT json_deserialize_sql('{}')", "SELECT json_serialize_plan('SELECT 1')", "SELECT * FROM records WHERE 1 IN (SELECT count(*) FROM span)",
    'WITH records AS (SELECT * FROM span) SELECT * FROM records', 'WITH x AS (SELECT * FROM y), y AS (SELECT 1) SELECT * FROM x', 'SELECT (SELECT max(project_id) FROM span)', 'SELECT * FROM records JOIN span USING (trace_id)',
    'SELECT * FROM records AT (VERSION => 1)', 'SELECT * FROM records, LATERAL (SELECT * FROM span) s', 'FROM span', 'TABLE span', 'SUMMARIZE span', 'DESCRIBE span', 'SHOW span', 'PIVOT span ON name', 'SELECT * FROM seq_scan(\'span\')',
    'SELECT COLUMNS(*) FROM span', "SELECT * FROM records UNION ALL BY NAME SELECT * FROM span", 'SELECT * FROM records POSITIONAL JOIN span',
    # files and the network
    "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_blob('/etc/shadow')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM 'x.csv'", 'SELECT * FROM "x.parquet"', "SELECT * FROM glob('/*')",
    "SELECT * FROM read_json('/etc/hosts')", "SELECT * FROM read_parquet('x')", "SELECT * FROM parquet_metadata('x')", "SELECT * FROM sniff_csv('/etc/passwd')", "SELECT * FROM 'https://example.com/x.csv'", "SELECT * FROM read_duckdb('hot-1.db')",
    "COPY (SELECT 1) TO '/tmp/x'", "COPY records TO '/tmp/x.parquet'", "COPY span FROM '/etc/passwd'", "EXPORT DATABASE '/tmp/x'", "IMPORT DATABASE '/tmp/x'", "ATTACH 'hot-1.db' AS other", "ATTACH ':memory:' AS m", 'DETACH hot', "INSTALL httpfs", "LOAD 'x'",
    "SELECT * FROM (VALUES ((SELECT content FROM read_text('/etc/passwd'))))", "SELECT getenv('HOME')", "SELECT * FROM duckdb_extensions()",
    # settings, catalogs, the engine's own state
    'SELECT * FROM duckdb_settings()', 'SELECT * FROM duckdb_tables()', 'SELECT * FROM duckdb_columns()', 'SELECT * FROM duckdb_views()', 'SELECT * FROM duckdb_functions()', 'SELECT * FROM duckdb_databases()', 'SELECT * FROM duckdb_secrets()',
    'SELECT * FROM duckdb_temporary_files()', 'SELECT * FROM duckdb_memory()', 'SELECT * FROM duckdb_logs()', 'SELECT * FROM information_schema.tables', 'SELECT * FROM pg_catalog.pg_tables', 'SELECT * FROM sqlite_master', 'SELECT * FROM pragma_database_list',
    "SELECT * FROM pragma_storage_info('span')", "SELECT * FROM pragma_table_info('span')", 'PRAGMA database_list', 'PRAGMA version', 'SHOW ALL TABLES', 'SHOW DATABASES', "SELECT current_setting('temp_directory')", "SELECT getvariable('x')",
    'SELECT current_database()', 'SELECT current_schema()', 'SELECT current_query()', 'SELECT txid_current()', "SELECT * FROM which_secret('x', 's3')", "SELECT * FROM sql_auto_complete('SEL')", "SELECT write_log('x')", 'SELECT version()',
    "SELECT * FROM test_all_types()", "SELECT in_search_path('x', 'y')", "SELECT col_description(1, 1)", 'SELECT current_user', "SELECT pg_sleep(10)", 'SELECT sleep_ms(10)', "SELECT nextval('s')", 'SELECT setseed(0.1)',
    # changes
    'SET memory_limit = \'100GB\'', 'SET threads = 64', 'RESET memory_limit', 'UPDATE span SET name = 1', 'DELETE FROM records', 'INSERT INTO records SELECT * FROM records', 'DROP TABLE span', 'CREATE TABLE x AS SELECT 1', 'CREATE TEMP TABLE x AS SELECT 1',
    'CREATE MACRO f() AS 1', 'CREATE VIEW v AS SELECT 1', 'ALTER TABLE span ADD COLUMN x INT', 'TRUNCATE span', 'CHECKPOINT', 'FORCE CHECKPOINT', 'VACUUM', 'ANALYZE', 'BEGIN', 'COMMIT', 'USE other', 'CALL pragma_version()', 'PREPARE p AS SELECT 1', 'EXECUTE p',
    'SELECT 1; DROP TABLE span', 'SELECT 1; SELECT 2', "EXPLAIN ANALYZE SELECT 1", 'SELECT ?', 'SELECT $1', 'SELECT $name', 'SELECT 1 INTO x', 'WITH x AS (DELETE FROM span RETURNING *) SELECT * FROM x', 'MERGE INTO span USING records ON true WHEN MATCHED THEN DELETE',
    "SET VARIABLE x = 1", "COMMENT ON TABLE span IS 'x'", 'LOCK TABLE span',
    # texts that are too large or too deep to be looked at
    'SELECT ' + '(' * 5_000 + '1' + ')' * 5_000, 'SELECT 1 WHERE ' + ' OR '.join(f'1={i}' for i in range(20_000)), 'SELECT 1 WHERE 1 IN (' + ','.join(map(str, range(100_000))) + ')', 'SELECT ' + '-' * 20_000 + '1',
    'SELECT ' + 'NOT ' * 20_000 + 'true', 'SELECT ' + '[' * 3_000 + ']' * 3_000, 'SELECT ' + 'CASE WHEN true THEN ' * 3_000 + '1' + ' END' * 3_000, 'SELECT ' + ' + '.join(['1'] * 30_000), 'SELECT ' + ','.join(['*'] * 4_500) + ' FROM records',
    'SELECT ' + ' || '.join(["'x'"] * 12_000), 'SELECT 1 ' + 'UNION ALL SELECT 1 ' * 4_000, 'SELECT * FROM ' + 'records,' * 5_000 + 'records', 'WITH ' + ','.join(f'a{i} AS (SELECT 1)' for i in range(4_100)) + ' SELECT 1', 'SELECT ' + "'" + 'x' * 70_000 + "'",
    'SELECT ' + 'abs(' * 2_000 + '1' + ')' * 2_000, 'SELECT "' + 'x' * 66_000 + '"', 'SELECT $$' + 'x' * 66_000 + '$$', "SELECT '\x00'", 'SELECT /* ' + 'x' * 66_000 + ' */ 1',
    # values that grow out of small ones
    "SELECT repeat('x', 4000000000)", "SELECT length(repeat(repeat('x', 10000), 10000))", "SELECT lpad('x', 1000000000, 'y')", "SELECT rpad('x', 1000000000, 'y')", 'SELECT len(range(5000000000))', 'SELECT len(generate_series(1, 1000000000))',
    'SELECT unnest(generate_series(1, 100000000))', 'SELECT * FROM range(100000000000)', "SELECT * FROM generate_series(timestamp '2000-01-01', timestamp '3000-01-01', interval '1 second')", "SELECT format('{:>1000000000}', 'x')", "SELECT printf('%1000000000d', 1)",
    "SELECT printf('%*d', 1000000000, 1)", "SELECT format(message, 1) FROM records", "SELECT array_resize([1], 1000000000, 0)", "SELECT list_resize([1], 4000000000)", "SELECT equi_width_bins(0, 1000000000, 1000000000, false)",
    "SELECT array_repeat(1, 1000000000)", "SELECT replace(repeat('a', 16000), 'a', repeat('b', 16000))", "SELECT regexp_replace(repeat('a', 16000), 'a', repeat('b', 16000), 'g')", "SELECT array_to_string(range(10000), repeat('x', 16000))",
    'WITH a AS (SELECT repeat(\'x\', 1000) s), b AS (SELECT s||s||s||s||s||s||s||s||s||s s FROM a), c AS (SELECT s||s||s||s||s||s||s||s||s||s s FROM b), d AS (SELECT s||s||s||s||s||s||s||s||s||s s FROM c), '
    'e AS (SELECT s||s||s||s||s||s||s||s||s||s s FROM d) SELECT length(s) FROM e',
    "SELECT " + "hex(" * 13 + "repeat('x', 16000)" + ")" * 13, 'WITH RECURSIVE r AS (SELECT \'x\' s UNION ALL SELECT s || s FROM r) SELECT max(length(s)) FROM r',
    # lists and texts that functions go through as a whole, without an end in sight
    "SELECT sum(levenshtein(repeat('a', 4000) || a.range, repeat('b', 4000) || b.range)) FROM range(100000) a, range(1000) b",
    'SELECT approx_top_k(a.range * 1000 + b.range, 100000) FROM range(1000000) a, range(1000) b',
    "SELECT sum(len(list_transform(range(10000), x -> x + i))) FROM range(1000000) t(i)",
    "SELECT sum(len(list_sort(list_transform(range(10000), x -> hash(x + i))))) FROM range(1000000) t(i)",
    'SELECT list_transform(range(10000), x -> list_sum(list_transform(range(10000), y -> x * y))) FROM range(100)',
    'SELECT sum(list_sum(list_transform(range(1000), x -> list_sum(list_transform(range(1000), y -> x * y + i))))) FROM range(1000000) t(i)',
    "SELECT list_reduce(range(10000), (x, y) -> x + list_sum(range(y % 10000))) FROM range(1000)",
    "SELECT max(list_distinct(list_transform(range(10000), x -> md5((x * i)::text)))) FROM range(100000) t(i)",
    "SELECT sum(len(list_transform(l, x -> x + i))) FROM (SELECT list(i) AS l FROM range(1000000) t(i)), range(100000) u(i)", "SELECT list_aggregate([1, 2], 'histogram')", "SELECT list_histogram(tags) FROM records",
    "SELECT list_sort(list(a.range)) FROM range(100000) a", "SELECT len(list_distinct(l)) FROM (SELECT list(i) AS l FROM range(1000000) t(i)), range(1000)", "SELECT list_filter(l, x -> x > i) FROM (SELECT list(i) AS l FROM range(1000000) t(i)), range(1000) u(i)",
    "SELECT count(*) FROM (SELECT unnest(string_split(t, 'a')) FROM (SELECT string_agg(attributes::text, '') AS t FROM records), range(1000000))",
    "SELECT unnest(range(10000)) FROM range(10)",
    "SELECT sum(length(m || m || m || m || m || m || m || m || i)) FROM (SELECT string_agg(message, '') AS m FROM records), range(1000000) t(i), range(1000)",
    # out of range
    "SELECT timestamp '999999-01-01'", "SELECT make_date(999999999, 1, 1)", "SELECT interval '99999999999999 years'", "SELECT to_timestamp(1e300)", "SELECT date_trunc('nonsense', now())", 'SELECT 9223372036854775807 + 1::bigint', "SELECT 'x'::int",
    'SELECT factorial(100)', "SELECT 99999999999999999999999999999999999999999999::decimal(38,0)", "SELECT 1::decimal(99,0)", "SELECT time_bucket(interval '0 seconds', now())", "SELECT chr(999999999)", "SELECT ''::json", "SELECT make_timestamp(9223372036854775807)",
    "SELECT '[' || repeat('[', 16000)::json", 'SELECT regexp_matches(message, \'(\') FROM records', "SELECT strptime('x', '%Q')",
]  # fmt: skip

# Work without end: ended at the deadline or by the memory limit.
ENDED = [
    'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3', 'SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c WHERE a.range + b.range + c.range > random()',
    'WITH RECURSIVE r AS (SELECT 1 x UNION ALL SELECT x + 1 FROM r) SELECT count(*) FROM r', 'WITH RECURSIVE r AS (SELECT 1 x UNION SELECT x + 1 FROM r) SELECT max(x) FROM r',
    'WITH RECURSIVE r AS (SELECT 1 x UNION ALL SELECT x + 1 FROM r, range(100) WHERE x < 1000000) SELECT count(*) FROM r', 'SELECT a.range FROM range(1000000) a, range(1000000) b ORDER BY random() LIMIT 1',
    'SELECT md5(a.range::text || b.range::text) AS m FROM range(1000000) a, range(1000) b ORDER BY m LIMIT 1 OFFSET 500000000', "SELECT length(string_agg(md5(a.range::text || b.range::text), '')) FROM range(1000000) a, range(1000) b",
    'SELECT len(list(a.range + b.range)) FROM range(1000000) a, range(1000) b', 'SELECT len(array_agg(DISTINCT a.range * 1000000 + b.range)) FROM range(1000000) a, range(1000) b', 'SELECT count(DISTINCT a.range * 1000000 + b.range) FROM range(1000000) a, range(1000) b',
    'SELECT len(map_keys(histogram(a.range * 1000000 + b.range))) FROM range(1000000) a, range(1000) b', 'SELECT median(a.range * random()) FROM range(1000000) a, range(1000) b', 'SELECT mode(a.range * 1000 + b.range) FROM range(1000000) a, range(1000) b',
    'SELECT count(*) FROM (SELECT a.range * 1000 + b.range AS k FROM range(1000000) a, range(1000) b GROUP BY k)', 'SELECT sum(n) FROM (SELECT row_number() OVER (ORDER BY random()) AS n FROM range(1000000), range(1000))',
    'SELECT max(s) FROM (SELECT sum(i) OVER (ORDER BY i ROWS BETWEEN 500000 PRECEDING AND 500000 FOLLOWING) AS s FROM range(1000000) t(i), range(100))', 'SELECT max(s) FROM (SELECT list(i) OVER (ORDER BY i) AS s FROM range(1000000) t(i))',
    "SELECT max(s) FROM (SELECT string_agg(i::text, ',') OVER (ORDER BY i) AS s FROM range(1000000) t(i))", 'SELECT max(q) FROM (SELECT quantile_cont(i, 0.5) OVER (ORDER BY i ROWS BETWEEN 400000 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS q FROM range(1000000) t(i), range(100))',
    "SELECT count(*) FROM records a, records b, records c, records d WHERE a.message || b.message LIKE '%' || c.message || d.message || '%zz'", "SELECT count(*) FROM records, range(1000000) a, range(1000) WHERE attributes::text ILIKE '%' || a.range || '%zz%'",
    
    "SELECT sum(jaccard(a.range::text, b.range::text)) FROM range(1000000) a, range(1000000) b", "SELECT sum(len(json_keys(json_object('a', a.range, 'b', b.range)))) FROM range(1000000) a, range(1000000) b",
    "SELECT count(*) FROM (SELECT unnest(range(1000)) FROM (SELECT unnest(range(1000)) FROM range(1000000)))", 
    'SELECT count(*) FROM range(1000000) a LEFT JOIN range(1000000) b ON a.range < b.range', "SELECT max(md5(md5(md5(a.range::text || b.range)))) FROM range(1000000) a, range(1000000) b",
    "SELECT DISTINCT md5(a.range::text || b.range::text) FROM range(1000000) a, range(1000) b LIMIT 1 OFFSET 900000000",     'SELECT len(json_group_array(a.range + b.range)::text) FROM range(1000000) a, range(1000) b', "SELECT arg_max(a.range, md5(a.range::text || b.range)) FROM range(1000000) a, range(1000000) b",
    'SELECT count(*) FROM range(1000000) t(i), LATERAL (SELECT sum(j) FROM range(1000000) u(j) WHERE j < i)', 'SELECT sum((SELECT count(*) FROM range(100000) u(j) WHERE j % (i + 1) = 1)) FROM range(1000000) t(i)',
    'SELECT count(*) FROM records GROUP BY CUBE (trace_id, span_id, parent_span_id, span_name, message, kind, level, service_name, start_timestamp, end_timestamp, duration, is_exception, tags, otel_scope_name)',
    
    
    "SELECT sum(len(list_transform(range(1000), x -> x + i))) FROM range(1000000) t(i), range(1000)", "SELECT sum(len(list_sort(list_transform(range(1000), x -> hash(x + i))))) FROM range(1000000) t(i), range(1000)",
    "SELECT max(len(list_distinct(list_transform(range(1000), x -> md5((x * i)::text))))) FROM range(1000000) t(i), range(1000)", "SELECT sum(list_reduce(range(1000), (x, y) -> x + list_sum(range(y % 1000)))) FROM range(1000000)",
    'SELECT sum(list_sum(list_transform(range(100), x -> list_sum(list_transform(range(100), y -> x * y + i))))) FROM range(1000000) t(i)', "SELECT sum(levenshtein(repeat('a', 200) || a.range, repeat('b', 200) || b.range)) FROM range(1000000) a, range(1000) b",
    "SELECT max(upper(t || i)) FROM (SELECT string_agg(attributes::text, '') AS t FROM records), range(1000000) t(i)",
]  # fmt: skip

# Looks dangerous and is not: quick, small, and nothing of others.
HARMLESS = [
    "SELECT regexp_matches(repeat('a', 10000), '(a+)+$b')", "SELECT regexp_matches(repeat('a', 10000) || 'b', '((a{1,30}){1,30})$')", "SELECT length(repeat('x', 16000))", "SELECT repeat('ab', 3)", 'SELECT count(*) FROM range(1000000)', 'SELECT len(range(1000))', "SELECT printf('%10d', 1)",
    "SELECT '{\"a\":1}'::json->>'a'", "SELECT json_valid(repeat('[', 16000))", 'SELECT count(*) FROM records', 'SHOW TABLES', 'DESCRIBE records', 'WITH span AS (SELECT 1 AS x) SELECT * FROM span', 'SELECT 1 AS "project_id"', "SELECT 'x'' OR 1=1 --'", 'SELECT 1 -- ; DROP TABLE span',
    "SELECT * FROM (VALUES ('span')) AS t(name)", 'SELECT max(i) FROM (SELECT unnest(generate_series(1, 10000)) AS i)', "SELECT 'infinity'::timestamp", "SELECT 'nan'::double", 'SELECT 1/0', "SELECT now() + interval '1000 years'", 'SELECT 1 WHERE 1 IN (' + ','.join(map(str, range(3_000))) + ')',
    'WITH RECURSIVE r AS (SELECT 1 x UNION ALL SELECT x + 1 FROM r WHERE x < 10000) SELECT count(*) FROM r', "SELECT url_decode('%00%2e%2e%2f')", "SELECT chr(0)", "SELECT count(*) FROM records WHERE message = 'x'' UNION SELECT * FROM span --'",
]  # fmt: skip
