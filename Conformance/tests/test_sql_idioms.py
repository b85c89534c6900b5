"""SQL as it is written for DataFusion, PostgreSQL and Logfire: each form runs and gives the right value (`Docs/sql.md`)."""

import json
from typing import Any

import pytest

from harness.otlp import exception_event, send, span, traces
from harness.query import EARLIEST, post_query
from harness.server import Server

START = 1_767_261_600 * 10**9  # 2026-01-01 10:00:00 UTC

# Over one row: two spans `a` and `b` with these attributes, an hour apart.
SCALARS: dict[str, Any] = {
    # numbers
    'abs(-1)': 1, 'cbrt(27)': 3.0, 'ceil(1.2)': 2.0, 'floor(-1.2)': -2.0, 'exp(0)': 1.0, 'factorial(5)': 120, 'gcd(12, 18)': 6, 'lcm(4, 6)': 12,
    'ln(1)': 0.0, 'log(100)': 2.0, 'log(2, 8)': 3.0, 'log10(1000)': 3.0, 'log2(8)': 3.0, 'isnan(1.0)': False, 'iszero(0)': True, 'nanvl(1.5, 2)': 1.5,
    'pi() > 3.14': True, 'pow(2, 3)': 8.0, 'power(2, 3)': 8.0, 'degrees(pi())': 180.0, 'radians(180) = pi()': True, 'random() < 1': True, 'round(1.55, 1)': 1.6,
    'round(-1.5)': -2.0, 'signum(-2)': -1, 'sqrt(9)': 3.0, 'trunc(1.55, 1)': 1.5, 'trunc(-1.5)': -1.0, '5 / 2': 2.5, '7 % 4': 3, 'cot(1) > 0': True, 'greatest(1, 3, 2)': 3,
    'least(3, 1, 2)': 1, 'coalesce(NULL, 1)': 1, 'nullif(1, 1)': None, 'nvl(NULL, 1)': 1, 'nvl2(NULL, 1, 2)': 2, 'ifnull(NULL, 2)': 2, 'atan2(0, 1)': 0.0, '5 & 3': 1, '5 | 3': 7,
    '1 << 3': 8, "'1'::bigint unsigned": 1, "CAST('7' AS int unsigned)": 7, "'2'::numeric": 2, "'1.5'::float": 1.5, "'3'::int8": 3, "CAST(5 AS STRING)": '5', "1.0::text": '1.0',
    "try_cast('x' AS int)": None, "arrow_cast('5', 'Int32')": 5, "arrow_cast(duration, 'Utf8')": '1.5', "arrow_typeof(duration)": 'Float64', "arrow_typeof(message)": 'Utf8',
    "arrow_typeof(start_timestamp)": 'Timestamp(Microsecond, Some("UTC"))', 'arrow_typeof(1::bigint)': 'Int64',
    # texts
    "ascii('a')": 97, "bit_length('ab')": 16, "btrim('xax', 'x')": 'a', "btrim(' a ')": 'a', "char_length('é')": 1, "character_length('é')": 1, "chr(97)": 'a', "concat('a', NULL, 'b')": 'ab',
    "concat_ws('-', 'a', 'b')": 'a-b', "contains('abc', 'b')": True, "ends_with('abc', 'c')": True, "find_in_set('b', 'a,b,c')": 2, "find_in_set('z', 'a,b')": 0, "initcap('ab cD')": 'Ab Cd',
    "instr('abc', 'c')": 3, "left('abc', 2)": 'ab', "left('abc', -1)": 'ab', "length('abc')": 3, "levenshtein('ab', 'ac')": 1, "lower('A')": 'a', "lpad('a', 3)": '  a',
    "lpad('a', 3, 'xy')": 'xya', "ltrim(' a')": 'a', "ltrim('xa', 'x')": 'a', "octet_length('é')": 2, "overlay('abcdef' placing 'XX' from 2 for 3)": 'aXXef',
    "overlay('abcdef' placing 'XX' from 2)": 'aXXdef', "position('b' in 'abc')": 2, "repeat('ab', 2)": 'abab', "replace('abc', 'b', 'x')": 'axc', "reverse('abc')": 'cba', "right('abc', 2)": 'bc',
    "rpad('a', 3)": 'a  ', "rpad('a', 3, 'x')": 'axx', "rtrim('ax', 'x')": 'a', "split_part('a-b', '-', 2)": 'b', "starts_with('abc', 'a')": True, "strpos('abc', 'b')": 2,
    "substr('abc', 2)": 'bc', "substr('abc', 2, 1)": 'b', "substring('abc' from 2 for 1)": 'b', "substr_index('a.b.c', '.', 2)": 'a.b', "substring_index('a.b.c', '.', -1)": 'c',
    "substr_index('abc', '.', 1)": 'abc', "to_hex(255)": 'ff', "translate('abc', 'ab', 'xy')": 'xyc', "trim(' a ')": 'a', "trim(both 'x' from 'xax')": 'a', "upper('a')": 'A', "length(uuid()::text)": 36,
    "'a' || 1": 'a1', "'abc' LIKE 'a%'": True, "'ABC' ILIKE 'a%'": True, "'a_c' LIKE 'a\\_c' ESCAPE '\\'": True, "'abc' SIMILAR TO 'a.*'": True, "'abc' ~ '^a'": True, "'abc' ~* '^A'": True, "'abc' !~ 'z'": True,
    "'abc' !~* 'Z'": True, "regexp_like('abc', 'B', 'i')": True, "regexp_like('abc', 'b')": True, "regexp_match('abc', '(b)(c)')": ['b', 'c'], "regexp_match('abc', 'z')": None,
    "regexp_match('ABC', 'b', 'i')": ['B'], "regexp_replace('abab', 'a', 'x', 'g')": 'xbxb', "regexp_replace('abab', 'a', 'x')": 'xbab', "regexp_count('abab', 'a')": 2, "regexp_count('abAb', 'a', 2, 'i')": 1,
    "regexp_instr('abcb', 'b')": 2, "regexp_instr('abc', 'z')": 0, "encode('a', 'hex')": '61', "encode('a', 'base64')": 'YQ==', "decode('61', 'hex')::text": 'a', "decode('YQ==', 'base64')::text": 'a',
    "md5('a')": '0cc175b9c0f1b6a831c399e269772661', "encode(sha256('a'), 'hex')": 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
    "digest('a', 'md5')": '0cc175b9c0f1b6a831c399e269772661', "encode(digest('a', 'sha256'), 'hex')": 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
    # times
    "date_bin(interval '15 minutes', start_timestamp)": '2026-01-01T10:00:00.000000Z', "date_bin('1 hour', start_timestamp, timestamptz '2001-01-01 00:30:00Z')": '2026-01-01T09:30:00.000000Z',
    "date_part('hour', start_timestamp)": 10, "datepart('hour', start_timestamp)": 10, "date_trunc('day', start_timestamp)": '2026-01-01T00:00:00.000000Z',
    "datetrunc('month', start_timestamp)": '2026-01-01T00:00:00.000000Z', "time_bucket('1 hour', start_timestamp)": '2026-01-01T10:00:00.000000Z',
    "time_bucket(interval '5 minutes', start_timestamp)": '2026-01-01T10:00:00.000000Z', "extract(epoch from start_timestamp)": 1767261600.0, "extract(dow from start_timestamp)": 4,
    "to_char(start_timestamp, '%Y-%m')": '2026-01', "date_format(start_timestamp, '%H:%M')": '10:00', "to_date('2026-02-01')": '2026-02-01', "make_date(2026, 2, 1)": '2026-02-01',
    "to_timestamp('2024-01-01T00:00:00Z')": '2024-01-01T00:00:00.000000Z', "to_timestamp('01/02/2024', '%d/%m/%Y')": '2024-02-01T00:00:00.000000Z', "to_timestamp(1700000000)": '2023-11-14T22:13:20.000000Z',
    "to_timestamp_seconds(1700000000)": '2023-11-14T22:13:20.000000Z', "to_timestamp_millis(1700000000000)": '2023-11-14T22:13:20.000000Z', "to_timestamp_micros(1700000000000000)": '2023-11-14T22:13:20.000000Z',
    "to_timestamp_nanos(1700000000000000000)": '2023-11-14T22:13:20.000000Z', "from_unixtime(1700000000)": '2023-11-14T22:13:20.000000Z', "to_unixtime(start_timestamp)": 1767261600,
    "to_unixtime('2026-01-01T10:00:00Z')": 1767261600, "now() > start_timestamp": True, "current_timestamp > start_timestamp": True, "current_date > date '2020-01-01'": True, "today() > date '2020-01-01'": True,
    "current_time IS NOT NULL": True, "start_timestamp + interval '1 day'": '2026-01-02T10:00:00.000000Z', "start_timestamp - interval '1' hour": '2026-01-01T09:00:00.000000Z',
    "start_timestamp > now() - interval '100 years'": True, "start_timestamp = '2026-01-01T10:00:00Z'": True, "start_timestamp BETWEEN '2026-01-01' AND '2026-01-02'": True,
    "start_timestamp AT TIME ZONE 'Europe/Paris'": '2026-01-01T11:00:00.000000', "end_timestamp - start_timestamp": 'PT1.500000S', "date_part('epoch', interval '2 minutes')": 120.0,
    "start_timestamp::date": '2026-01-01', "date '2026-03-01' - date '2026-02-01'": 28,
    # documents
    "attributes->>'text'": 'x', "attributes->'nested'->>'a'": '[1,2]', "attributes->'nested'->'a'->>1": '2', "(attributes->>'n')::int": 3, "attributes ? 'n'": True, "attributes ? 'zz'": False,
    "attributes->>'zz'": None, "(attributes::text)->>'n'": '3', "json_get(attributes, 'n')::int": 3, "json_get_int(attributes, 'n')": 3, "json_get_float(attributes, 'f')": 1.5, "json_get_str(attributes, 'text')": 'x',
    "json_get_bool(attributes, 'flag')": True, "json_get_json(attributes, 'nested', 'b')": {'c': 1}, "json_get_array(attributes, 'nested', 'a')": [1, 2], "json_as_text(attributes, 'n')": '3',
    "json_contains(attributes, 'nested', 'b')": True, "json_length(attributes->'nested'->'a')": 2, "json_object_keys(attributes->'nested')": ['a', 'b'], "json_get(attributes, 'text')::text": 'x',
    "attributes->>'n' = '3' AND attributes->>'text' = 'x'": True, "NOT attributes->>'n' = '4'": True, "CASE WHEN attributes->>'n' = '3' THEN 'y' END": 'y', "'v' || attributes->>'n'": 'v3',
    # levels
    "level = 'info'": True, "level >= 'warn'": False, "level IN ('info', 'error')": True, "level_name(level)": 'info', "level_num('error')": 17, "level > 'debug' AND level < 'fatal'": True,
    # arrays
    "array_any_value([NULL, 2])": 2, "array_append([1], 2)": [1, 2], "array_cat([1], [2])": [1, 2], "array_concat([1], [2], [3])": [1, 2, 3], "array_contains([1, 2], 2)": True,
    "array_distance([1.0, 2.0], [1.0, 4.0])": 2.0, "array_length(array_distinct([1, 1]), 1)": 1, "array_element([1, 2], 2)": 2, "array_empty([])": True, "array_except([1, 2], [2])": [1], "array_extract([1, 2], 1)": 1,
    "array_has(['a'], 'a')": True, "array_has_all([1, 2], [1])": True, "array_has_any([1], [2, 1])": True, "array_indexof([1, 2], 2)": 2, "array_intersect([1, 2], [2])": [2], "array_join(['a', 'b'], '-')": 'a-b',
    "array_length([1, 2])": 2, "array_max([1, 3, 2])": 3, "array_min([3, 1])": 1, "array_ndims([[1]])": 2, "array_ndims([1])": 1, "array_pop_back([1, 2])": [1], "array_pop_front([1, 2])": [2],
    "array_position([5, 6], 6)": 2, "array_positions([1, 2, 1], 1)": [1, 3], "array_prepend(1, [2])": [1, 2], "array_push_back([1], 2)": [1, 2], "array_push_front([2], 1)": [1, 2], "array_remove([1, 2, 1], 1)": [2, 1],
    "array_remove_all([1, 2, 1], 1)": [2], "array_repeat(7, 3)": [7, 7, 7], "array_replace([1, 2, 1], 1, 9)": [9, 2, 1], "array_replace_all([1, 2, 1], 1, 9)": [9, 2, 9],
    "array_resize([1], 2, 0)": [1, 0], "array_reverse([1, 2])": [2, 1], "array_slice([1, 2, 3], 2, 3)": [2, 3], "array_sort([2, 1])": [1, 2],
    "array_sort([1, 2], 'DESC')": [2, 1], "array_to_string([1, 2], ',')": '1,2', "array_to_string([1, NULL], ',', 'x')": '1,x', "array_sort(array_union([1], [2]))": [1, 2], "arrays_overlap([1], [1, 2])": True,
    "cardinality([1, 2])": 2, "cardinality(map(['a'], [1]))": 1, "empty([1])": False, "flatten([[1], [2]])": [1, 2], "generate_series(1, 3)": [1, 2, 3], "range(1, 3)": [1, 2], "make_array(1, 2)": [1, 2], "make_list(1, 2)": [1, 2],
    "string_to_array('a,b', ',')": ['a', 'b'], "string_to_list('a,b', ',')": ['a', 'b'], "list_has(['a'], 'a')": True, "list_length([1])": 1, "list_element([1, 2], 1)": 1, "list_to_string([1, 2], '-')": '1-2', "[1, 2, 3][2]": 2, "[1, 2, 3][2:3]": [2, 3],
    "ARRAY[1, 2]": [1, 2], "[1] @> [1]": True, "array_has(tags, 'x')": None, "list_transform([1, 2], x -> x + 1)": [2, 3],
    # structures and maps
    "named_struct('a', 1, 'b', 'x')": {'a': 1, 'b': 'x'}, "struct(1, 'x')": {'c0': 1, 'c1': 'x'}, "named_struct('a', 1)['a']": 1, "get_field(named_struct('a', 1), 'a')": 1, "map(['a', 'b'], [1, 2])": {'a': 1, 'b': 2},
    "map(['a'], [1])['a']": 1, "MAP {'a': 1}['a']": 1, "map_keys(map(['a'], [1]))": ['a'], "map_values(map(['a'], [1]))": [1], "element_at(map(['a'], [1]), 'a')": [1], "map_extract(map(['a'], [1]), 'a')": [1],
    "map_entries(map(['a'], [1]))": [{'key': 'a', 'value': 1}], "make_map('a', 1, 'b', 2)": {'a': 1, 'b': 2},
    # conditions
    "1 IS DISTINCT FROM NULL": True, "NULL IS NOT DISTINCT FROM NULL": True, "true IS TRUE": True, "NULL::boolean IS UNKNOWN": True, "1 <> 2": True, "1 != 2": True, "1 == 1": True, "1 BETWEEN 0 AND 2": True,
    "'a' IN ('a', 'b')": True, "EXISTS (SELECT 1)": True, "CASE 1 WHEN 1 THEN 'one' ELSE 'other' END": 'one', "x'61' IS NOT NULL": True,
}  # fmt: skip

# Over both rows; `f` is 1.5 and 2.5, `duration` 1.5 and 0.5.
AGGREGATES: dict[str, Any] = {
    'count()': 2, 'count(*)': 2, 'count(1)': 2, 'count(DISTINCT span_name)': 2, 'sum(duration)': 2.0, 'avg(duration)': 1.0, 'mean(duration)': 1.0, 'min(duration)': 0.5, 'max(duration)': 1.5, 'median(duration)': 1.0,
    "count(*) FILTER (WHERE span_name = 'a')": 1, "sum((attributes->'f')::numeric)": 4.0, "sum((attributes->>'f')::double)": 4.0, 'approx_distinct(span_name)': 2, 'approx_median(duration)': 1.0,
    'approx_percentile_cont(duration, 0.5)': 1.0, 'approx_percentile_cont(0.5) WITHIN GROUP (ORDER BY duration)': 1.0, 'approx_percentile_cont(duration, 0.5, 100)': 1.0,
    'percentile_cont(0.5) WITHIN GROUP (ORDER BY duration)': 1.0, 'percentile_cont(duration, 0.5)': 1.0, 'quantile_cont(duration, 0.5)': 1.0,
    'approx_percentile_cont(0.5) WITHIN GROUP (ORDER BY duration DESC)': 1.0, 'array_agg(span_name ORDER BY span_name)': ['a', 'b'], "string_agg(span_name, ',' ORDER BY span_name DESC)": 'b,a',
    'first_value(span_name ORDER BY start_timestamp)': 'a', 'last_value(span_name ORDER BY start_timestamp)': 'b', 'nth_value(span_name, 2 ORDER BY start_timestamp)': 'b', 'bool_and(duration > 1)': False, 'bool_or(duration > 1)': True,
    'bit_and(level)': 9, 'bit_or(level)': 9, 'bit_xor(level)': 0, 'stddev_pop(duration)': 0.5, 'var_pop(duration)': 0.25, 'round(stddev(duration), 3)': 0.707, 'round(stddev_samp(duration), 3)': 0.707, 'var(duration)': 0.5,
    'var_samp(duration)': 0.5, 'var_sample(duration)': 0.5, 'var_population(duration)': 0.25, 'corr(duration, duration)': 1.0, 'covar(duration, duration)': 0.5, 'covar_pop(duration, duration)': 0.25, 'regr_slope(duration, duration)': 1.0,
    'regr_count(duration, duration)': 2, 'array_length(array_agg(DISTINCT span_name), 1)': 2, 'sum(DISTINCT level)': 9, 'max(attributes->>\'text\')': 'x',
}  # fmt: skip

# Whole statements and their rows as lists of values.
STATEMENTS: dict[str, list[list[Any]]] = {
    'SELECT span_name, row_number() OVER (ORDER BY start_timestamp) AS n FROM records ORDER BY n': [['a', 1], ['b', 2]],
    'SELECT span_name, lag(span_name, 1, \'none\') OVER (ORDER BY start_timestamp) FROM records ORDER BY 1': [['a', 'none'], ['b', 'a']],
    'SELECT sum(duration) OVER (ORDER BY start_timestamp ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s FROM records ORDER BY s': [[1.5], [2.0]],
    "SELECT count(*) OVER (ORDER BY start_timestamp RANGE BETWEEN INTERVAL '2 hours' PRECEDING AND CURRENT ROW) AS n FROM records ORDER BY n": [[1], [2]],
    'SELECT first_value(span_name) OVER w, last_value(span_name) OVER w, nth_value(span_name, 1) OVER w FROM records WINDOW w AS (PARTITION BY kind ORDER BY start_timestamp) ORDER BY 2': [['a', 'a', 'a'], ['a', 'b', 'a']],
    'SELECT span_name, rank() OVER (ORDER BY level), dense_rank() OVER (ORDER BY level), ntile(2) OVER (ORDER BY span_name), percent_rank() OVER (ORDER BY span_name), cume_dist() OVER (ORDER BY span_name) FROM records ORDER BY 1': [
        ['a', 1, 1, 1, 0.0, 0.5], ['b', 1, 1, 2, 1.0, 1.0]],
    'SELECT span_name FROM records QUALIFY row_number() OVER (ORDER BY duration) = 1': [['b']],
    "SELECT span_name AS name, count(*) AS n FROM records GROUP BY name HAVING count(*) > 0 ORDER BY name": [['a', 1], ['b', 1]],
    'SELECT kind, span_name, count(*) FROM records GROUP BY ROLLUP (kind, span_name) ORDER BY 1 NULLS LAST, 2 NULLS LAST': [['span', 'a', 1], ['span', 'b', 1], ['span', None, 2], [None, None, 2]],
    'SELECT kind, span_name, count(*) FROM records GROUP BY GROUPING SETS ((kind), (span_name)) ORDER BY 1 NULLS FIRST, 2': [[None, 'a', 1], [None, 'b', 1], ['span', None, 2]],
    'SELECT kind, grouping(kind) FROM records GROUP BY CUBE (kind) ORDER BY 2': [['span', 0], [None, 1]],
    'SELECT * EXCEPT (b) FROM (SELECT 1 AS a, 2 AS b, 3 AS c)': [[1, 3]],
    'SELECT * EXCLUDE (b) FROM (SELECT 1 AS a, 2 AS b)': [[1]],
    'SELECT t.* EXCEPT (b) FROM (SELECT 1 AS a, 2 AS b) AS t': [[1]],
    'SELECT * REPLACE (a + 1 AS a) FROM (SELECT 1 AS a)': [[2]],
    'SELECT 1 AS x EXCEPT SELECT 2': [[1]],
    'SELECT i FROM range(3) t(i) EXCEPT (SELECT 1) ORDER BY 1': [[0], [2]],
    'SELECT 1 AS x INTERSECT SELECT 1': [[1]],
    'SELECT 1 AS x UNION SELECT 1 UNION ALL SELECT 2 ORDER BY 1': [[1], [2]],
    "SELECT a.span_name FROM records a LEFT SEMI JOIN (SELECT 'a' AS span_name) b ON a.span_name = b.span_name": [['a']],
    "SELECT a.span_name FROM records a LEFT ANTI JOIN (SELECT 'a' AS span_name) b ON a.span_name = b.span_name": [['b']],
    "SELECT a.span_name, b.n FROM records a LEFT JOIN (SELECT 'a' AS span_name, 1 AS n) b USING (span_name) ORDER BY 1": [['a', 1], ['b', None]],
    "SELECT count(*) FROM records a FULL OUTER JOIN records b ON a.span_id = b.span_id": [[2]],
    "SELECT count(*) FROM (SELECT span_id, kind FROM records) a NATURAL JOIN (SELECT span_id, span_name FROM records) b": [[2]],
    'SELECT t.x FROM unnest([1, 2]) AS t(x) ORDER BY 1': [[1], [2]],
    'SELECT unnest([1, 2]) AS x ORDER BY 1': [[1], [2]],
    'SELECT x FROM (SELECT unnest(generate_series(1, 3)) AS x) WHERE x > 1 ORDER BY x': [[2], [3]],
    'SELECT value FROM generate_series(1, 2) ORDER BY 1': [[1], [2]],
    'SELECT value FROM range(0, 2) ORDER BY 1': [[0], [1]],
    'SELECT r.span_name, k.key FROM records r, LATERAL (SELECT unnest(json_keys(r.attributes->\'nested\')) AS key) k ORDER BY 1, 2': [['a', 'a'], ['a', 'b'], ['b', 'a'], ['b', 'b']],
    'SELECT r.span_name, x FROM records r CROSS JOIN unnest([1, 2]) AS t(x) ORDER BY 1, 2': [['a', 1], ['a', 2], ['b', 1], ['b', 2]],
    "SELECT unnest(['p', 'q']) AS tag, count(*) AS n FROM records GROUP BY tag ORDER BY tag": [['p', 2], ['q', 2]],
    "SELECT unnest(['p', 'q']) AS tag, count(*) AS n FROM records GROUP BY 1 ORDER BY 1": [['p', 2], ['q', 2]],
    'SELECT unnest(named_struct(\'a\', 1, \'b\', 2))': [[1, 2]],
    'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t ORDER BY n': [[1], [2], [3]],
    'WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a) SELECT x FROM b': [[2]],
    'SELECT * FROM (VALUES (1, \'a\'), (2, \'b\')) AS t(n, s) ORDER BY n': [[1, 'a'], [2, 'b']],
    'VALUES (1), (2)': [[1], [2]],
    'SELECT span_name FROM records ORDER BY duration ASC NULLS LAST LIMIT 1 OFFSET 1;': [['a']],
    'SELECT span_name FROM records ORDER BY span_name FETCH FIRST 1 ROW ONLY': [['a']],
    'SELECT DISTINCT kind FROM records': [['span']],
    'SELECT DISTINCT ON (kind) kind, span_name FROM records ORDER BY kind, start_timestamp DESC': [['span', 'b']],
    'SELECT (SELECT count(*) FROM records) AS n': [[2]],
    'SELECT span_name FROM records WHERE span_name IN (SELECT max(span_name) FROM records)': [['b']],
    'SELECT span_name FROM records r WHERE EXISTS (SELECT 1 FROM records o WHERE o.parent_span_id IS NULL AND o.span_id = r.span_id) ORDER BY 1': [['a'], ['b']],
    "SELECT time_bucket('1 hour', start_timestamp) AS t, count(*) AS n FROM records GROUP BY t ORDER BY t": [['2026-01-01T10:00:00.000000Z', 1], ['2026-01-01T11:00:00.000000Z', 1]],
    "SELECT \"span_name\" AS \"A name\" FROM records ORDER BY \"A name\" LIMIT 1": [['a']],
    "SELECT count(*) AS records, max(start_timestamp) AS last_seen FROM records GROUP BY service_name": [[2, '2026-01-01T11:00:00.000000Z']],
    'SELECT -- a comment\n 1 /* and\n another */ AS x': [[1]],
    'SELECT kind, count(*) FROM records GROUP BY ALL': [['span', 2]],
    'SELECT 1 AS a, a + 1 AS b': [[1, 2]],
}  # fmt: skip

# What cannot be had, and the word that its error has.
REFUSED = {
    "sha224('a')": 'sha224', "sha512('a')": 'sha512', 'version()': 'version', 'array_dims([1])': 'array_dims', 'array_remove_n([1], 1, 1)': 'array_remove_n',
    'array_replace_n([1], 1, 2, 1)': 'array_replace_n', 'approx_percentile_cont_with_weight(duration, 1, 0.5)': 'approx_percentile_cont_with_weight',
    'approx_percentile_cont_with_weight(1, 0.5) WITHIN GROUP (ORDER BY duration)': 'approx_percentile_cont_with_weight', 'to_local_time(start_timestamp)': 'to_local_time',
    "regexp_match('a', message)": 'pattern', "named_struct(message, 1)": 'names', "encode('a', 'rot13')": 'encode', "arrow_cast(1, 'Nonsense')": 'arrow_cast', "level = 'loud'": 'loud',
    'metric_rate(duration)': 'metric_rate', "sum(attributes->'f')": 'sum', 'nothing': 'nothing', 'nowhere.x': 'nowhere', '$1': 'parameters',
}  # fmt: skip


@pytest.fixture(scope='module')
def server(shared_server: Server) -> Server:
    values = {'text': 'x', 'n': 3, 'flag': True, 'nested': json.dumps({'a': [1, 2], 'b': {'c': 1}}), 'logfire.json_schema': json.dumps({'type': 'object', 'properties': {'nested': {'type': 'object'}}})}
    first = span('a', start=START, seconds=1.5, values=values | {'f': 1.5})
    second = span('b', start=START + 3600 * 10**9, seconds=0.5, values=values | {'f': 2.5})
    send(shared_server, traces([first, second]))
    return shared_server


def answer(server: Server, sql: str) -> list[list[Any]]:
    response = server.http.post('/v2/query', json={'sql': sql, 'min_timestamp': EARLIEST, 'limit': 1000})
    assert response.status_code == 200, f'{sql}: {response.text}'
    return [list(row.values()) for row in response.json()['data']]


def same(found: Any, wanted: Any) -> bool:
    return found == pytest.approx(wanted, abs=1e-9) if isinstance(wanted, float) else found == wanted and type(found) is type(wanted) or (isinstance(wanted, int) and not isinstance(wanted, bool) and found == wanted)


@pytest.mark.parametrize('expression', SCALARS)
def test_scalar(server: Server, expression: str) -> None:
    found = answer(server, f'SELECT {expression} FROM records ORDER BY start_timestamp LIMIT 1')[0][0]
    assert same(found, SCALARS[expression]), f'{found!r}, not {SCALARS[expression]!r}'


@pytest.mark.parametrize('expression', AGGREGATES)
def test_aggregate(server: Server, expression: str) -> None:
    found = answer(server, f'SELECT {expression} FROM records')[0][0]
    assert same(found, AGGREGATES[expression]), f'{found!r}, not {AGGREGATES[expression]!r}'


@pytest.mark.parametrize('sql', STATEMENTS)
def test_statement(server: Server, sql: str) -> None:
    assert answer(server, sql) == STATEMENTS[sql]


def test_there_are_enough_of_them() -> None:
    assert len(SCALARS) + len(AGGREGATES) + len(STATEMENTS) > 300


@pytest.mark.parametrize('expression', REFUSED)
def test_what_is_not_there_says_so(server: Server, expression: str) -> None:
    response = post_query(server, f'SELECT {expression} FROM records')
    assert response.status_code == 400 and REFUSED[expression] in response.json()['detail'], response.text
