import DuckDBKit
import Testing

@testable import SQLQuery

extension SQLSuites {
    @Suite struct RewriteTests {
        @Test(arguments: ["rewrite.sql", "seeds.sql"])
        func rewritesAsRecorded(_ file: String) throws {
            let fixture = try CompilerFixture()
            try GoldenFile(file).check { input in
                do throws(QueryError) {
                    let compiled = try fixture.compiler.compile(input, limit: 100)
                    return compiled.sql.replacing(compiled.nonce, with: "h_")
                } catch {
                    return "ERROR \(error.code.name) at \(error.position ?? -1): \(error.message)"
                }
            }
        }

        @Test func everyRecordedQueryRuns() throws {
            let fixture = try CompilerFixture()
            for file in ["rewrite.sql", "seeds.sql"] {
                for item in try GoldenFile(file).cases where (try? fixture.compiler.compile(item.input, limit: 100)) != nil {
                    do { try fixture.run(item.input) } catch { Issue.record("\(item.name): \(error)\n\(item.output)") }
                }
            }
        }

        /// Forms of the DataFusion and PostgreSQL families, with the answer on the fixture's first row.
        @Test(arguments: [
            ("approx_percentile_cont(duration, 0.95)", "1.5"), ("approx_percentile_cont(0.95) WITHIN GROUP (ORDER BY duration)", "1.5"),
            ("percentile_cont(0.95) within group (order by duration)", "1.5"), ("approx_median(duration)", "1.5"),
            ("approx_distinct(trace_id)", "2"),
            ("first_value(message order by start_timestamp)", "m0"), ("last_value(message order by start_timestamp)", "m1"),
            ("array_agg(distinct span_name)", "[agent run]"), ("count() FILTER (WHERE attributes->>'s' = '5' AND level >= 'error')", "1"),
            ("string_agg(message, ',' order by message)", "m0,m1"), ("sum((attributes->'gen_ai.usage.output_tokens')::numeric)", "10.000"),
            ("bool_and(is_exception)", "false"), ("max(attributes->>'s')", "5"), ("stddev(duration)", "0.0"), ("var(duration)", "0.0"),
        ])
        func aggregates(_ expression: String, _ expected: String) throws {
            try check("SELECT (\(expression))::VARCHAR FROM records", expected)
        }

        @Test(arguments: [
            ("date_bin('1 hour', start_timestamp)", "2026-01-01 10:00:00+00"),
            ("date_bin(interval '15 minutes', start_timestamp, timestamptz '2001-01-01')", "2026-01-01 10:00:00+00"),
            ("date_bin('7 days', start_timestamp)", "2026-01-01 00:00:00+00"),
            ("time_bucket('1 day', start_timestamp)", "2026-01-01 00:00:00+00"),
            ("time_bucket(interval '5 minutes', start_timestamp)", "2026-01-01 10:00:00+00"),
            ("date_trunc('hour', start_timestamp)", "2026-01-01 10:00:00+00"),
            ("extract(epoch from start_timestamp)", "1767261600.0"), ("arrow_cast(duration, 'Utf8')", "1.5"),
            ("arrow_typeof(duration)", "Float64"),
            ("attributes ? 'n'", "true"), ("attributes ? 'zz'", "false"), ("attributes->'nested'->'a'->2->>'b'", "3"),
            ("json_get_str(attributes, 'gen_ai.request.model')", "gpt-4o"),
            ("json_get_int(attributes, 'gen_ai.usage.output_tokens') + 1", "6"),
            ("json_get_float(attributes, 's')", "5.0"), ("json_get_bool(attributes, 'b')", "true"),
            ("json_get_json(attributes, 'nested', 'a', 2)", #"{"b":3}"#),
            ("json_get(attributes, 'gen_ai.request.model')::text", "gpt-4o"), ("json_get(attributes, 'nested', 'a', 0)::int", "1"),
            ("json_get_array(attributes, 'nested', 'a')[1]", "1"), ("json_contains(attributes, 'n')", "true"),
            ("json_contains(attributes, 'nested', 'a')", "true"),
            ("json_length(attributes->'nested'->'a')", "3"), ("json_length(attributes)", "8"), ("json_as_text(attributes, 'b')", "true"),
            ("array_has(tags, 'a')", "true"), ("array_has_any(tags, make_array('a','z'))", "true"), ("cardinality(tags)", "2"),
            ("array_length(tags, 1)", "2"),
            ("array_to_string(tags, ',')", "a,b"), ("array_union(tags, ['c'])", "[a, b, c]"), ("array_except(tags, ['a'])", "[b]"),
            ("array_remove_all(tags, 'a')", "[b]"), ("array_max(tags)", "b"), ("array_element(tags, 1)", "a"), ("empty(tags)", "false"),
            ("regexp_like(message, '[0-3]')", "true"), ("message ~ '[0-3]'", "true"), ("message ~* 'M[0-3]'", "true"),
            ("message !~ '[0-3]'", "false"),
            ("message !~* 'M'", "false"), ("message similar to 'm'", "false"), ("regexp_match(message, 'm([0-9])')", "[0]"),
            ("regexp_match(message, 'x')", "NULL"),
            ("regexp_match(message, 'm.')", "[m0]"), ("regexp_count(message, 'm')", "1"), ("regexp_replace(message, 'm', 'n')", "n0"),
            ("initcap('ab cD')", "Ab Cd"),
            ("btrim(' a ')", "a"), ("btrim('xax', 'x')", "a"), ("strpos(message, '0')", "2"), ("split_part('a-b', '-', 2)", "b"),
            ("nvl(null, 1)", "1"),
            ("nvl2(null, 1, 2)", "2"), ("to_timestamp(1700000000)", "2023-11-14 22:13:20+00"),
            ("to_timestamp('2024-01-01T00:00:00Z')", "2024-01-01 00:00:00+00"),
            ("to_timestamp_millis(1700000000000)", "2023-11-14 22:13:20+00"),
            ("to_timestamp_nanos(1700000000000000000)", "2023-11-14 22:13:20+00"),
            ("to_char(start_timestamp, '%Y')", "2026"), ("from_unixtime(1700000000)", "2023-11-14 22:13:20+00"),
            ("to_unixtime(start_timestamp)", "1767261600"),
            ("signum(-2)", "-1"), ("trunc(1.55, 1)", "1.5"), ("power(2, 3)", "8.0"), ("log(2, 8)", "3.0"),
            ("named_struct('a', 1)", "{'a': 1}"),
            ("digest('a', 'md5')", "0cc175b9c0f1b6a831c399e269772661"),
            ("encode('a', 'hex')", "61"), ("encode('a', 'base64')", "YQ=="), ("5/2", "2.5"), ("5//2", "2"), ("nullif(1, 1)", "NULL"),
            ("level_num('warning')", "13"), ("level_name(level)", "info"), ("level_name(14)", "warn"), ("level = 'info'", "true"),
            ("'info' <= level", "true"),
            ("level IN ('debug', 'info')", "true"), ("level NOT BETWEEN 'warn' AND 'fatal'", "true"), ("level <> 'error'", "true"),
            ("level = '9'", "true"),
            ("CASE level WHEN 'info' THEN 'i' ELSE 'x' END", "i"), ("isnan(nanvl('nan'::double, 1))", "false"), ("iszero(0)", "true"),
            ("list_transform(tags, t -> t || '!')", "[a!, b!]"), ("[t || '!' for t in tags if t = 'a']", "[a!]"),
            ("repeat('ab', 3)", "ababab"),
            ("repeat(message, level)", "m0m0m0m0m0m0m0m0m0"), ("lpad(message, 5, ' ')", "   m0"), ("replace(message, 'm', 'nn')", "nn0"),
            ("generate_series(1, 3)", "[1, 2, 3]"), ("generate_series(1, level, 4)", "[1, 5, 9]"),
            ("len(generate_series(level, 1, -4))", "3"),
            ("range(array_length(tags, 1))", "[0, 1]"),
            ("len(generate_series(start_timestamp, end_timestamp, interval '100 ms'))", "11"), ("format('{:>5}', message)", "   m0"),
        ])
        func scalars(_ expression: String, _ expected: String) throws {
            try check("SELECT (\(expression))::VARCHAR FROM records ORDER BY start_timestamp LIMIT 1", expected)
        }

        @Test(arguments: [
            ("time_bucket('1 day', start_timestamp)", "2025-12-31 23:00:00+00"),
            ("date_trunc('day', start_timestamp)", "2025-12-31 23:00:00+00"),
            ("date_part('hour', start_timestamp)", "11"), ("hour(start_timestamp)", "11"),
            ("extract(epoch from start_timestamp)", "1767261600.0"),
            ("strftime(start_timestamp, '%H:%M')", "11:00"), ("date_trunc('month', start_timestamp)", "2025-12-31 23:00:00+00"),
        ])
        func timezone(_ expression: String, _ expected: String) throws {
            try check("SELECT (\(expression))::VARCHAR FROM records ORDER BY start_timestamp LIMIT 1", expected, timezone: "Europe/Paris")
        }

        private func check(_ sql: String, _ expected: String, timezone: String? = nil) throws {
            let fixture = try CompilerFixture()
            let text = try fixture.executable(sql, timezone: timezone).sql
            do {
                var result = try fixture.connection.query(text)
                let chunk = try #require(try result.next())
                let value = chunk.column(0).isNull(0) ? "NULL" : chunk.column(0).string(0)
                #expect(value == expected, "\(text)")
            } catch {
                Issue.record("\(error)\n\(text)")
            }
        }

        @Test func limitsRows() throws {
            let fixture = try CompilerFixture()
            #expect(try fixture.rewritten("SELECT 1", limit: 7).hasSuffix("LIMIT 7"))
            #expect(try fixture.rewritten("SELECT 1 LIMIT 3", limit: 7).hasSuffix("LIMIT 3"))
            #expect(try fixture.rewritten("SELECT 1 LIMIT 30 OFFSET 2", limit: 7).hasSuffix("LIMIT 7 OFFSET 2"))
            #expect(try fixture.rewritten("SELECT 1 OFFSET 2", limit: 7).contains("LIMIT 7"))
            #expect(try fixture.run("SELECT * FROM range(1000) LIMIT (SELECT 500)") == 100)
            #expect(try fixture.run("SELECT * FROM range(1000) LIMIT 90%") <= 1000)
            #expect(try fixture.run("SELECT * FROM range(60) UNION ALL SELECT * FROM range(60)") == 100)
        }

        @Test func engineErrorsPointIntoTheUsersText() throws {
            let fixture = try CompilerFixture()
            let cases = [
                ("SELECT é, nothing FROM records WHERE attributes->>'a' = 'b'", 7),
                ("SELECT span_name, nothing FROM records r WHERE r.level = 'error'", 18),
                ("SELECT span_name, (\n  SELECT max(x.nothing) FROM records x WHERE true) FROM records", 33),
            ]
            for (sql, expected) in cases {
                let query = try fixture.executable(sql)
                do {
                    _ = try fixture.connection.query(query.sql)
                    Issue.record("\(sql) should fail")
                } catch {
                    let offset = try #require(EngineMessage.position(of: error, in: Array(query.sql.utf8)), "\(error)")
                    #expect(query.position(at: offset) == expected, "\(sql): \(error) \(query.sql)")
                }
            }
        }
    }
}
