import Testing

@testable import SQLQuery

extension SQLSuites {
    @Suite struct AllowListTests {
        private func error(of sql: String) throws -> QueryError? {
            let fixture = try CompilerFixture()
            do throws(QueryError) {
                _ = try fixture.compiler.compile(sql, limit: 100)
                return nil
            } catch {
                return error
            }
        }

        /// Statements and functions that no query may use (`storage.md` §5.3).
        @Test(arguments: [
            "select * from read_csv('work/secret.csv')", "select * from read_text('/etc/passwd')", "select * from glob('/tmp/*')",
            "copy (select 1) to 'work/x.csv'", "copy p1.records from 'work/secret.csv'", "attach 'work/x2.db'", "attach ':memory:' as mm",
            "install httpfs",
            "load 'work/ext/x.duckdb_extension'", "select getenv('HOME')", "set memory_limit='10GB'", "reset memory_limit",
            "pragma database_list",
            "select name,value from duckdb_settings() where name in ('temp_directory','secret_directory')",
            "select * from duckdb_secrets()",
            "select * from p2.records", "select * from atk.p2.records", "select table_schema,table_name from information_schema.tables",
            "select schema_name,table_name,sql from duckdb_tables()", "select sql from duckdb_views() where schema_name='p1v'",
            "show all tables",
            "select * from query('select * from p2.records')", "select * from query_table('p2.records')",
            "select count(*) from duckdb_logs()",
            "drop view p1v.records2", "update p1.records set id=1 where id=1", "create temp table z as select 1", "call pragma_version()",
            "export database 'work/exp'", "use p2", "select count(*) from pragma_storage_info('p1.records')",
            "select * from sql_auto_complete('sel')",
            "select current_setting('temp_directory')",
            "select * from json_execute_serialized_sql(json_serialize_sql('select * from p2.records'))",
            "select nextval('x')", "checkpoint", "select * from parquet_metadata('work/d1.parquet')",
            "select * from which_secret('/tmp','s3')",
            "select write_log('x')", "prepare a as select * from p2.records",
            // More ways around.
            "select getvariable('x')", "select json_serialize_sql('select 1')", "select json_deserialize_sql('{}')", "explain select 1",
            "explain analyze select 1",
            "describe", "show databases", "select current_database()", "select current_schema()", "select current_catalog",
            "select current_query()",
            "select pg_sleep(10)", "select sleep_ms(10)", "select txid_current()", "select currval('s')", "select setseed(0.5)",
            "select * from test_all_types()",
            "select * from seq_scan('x')", "select * from repeat('x', 10)", "select * from repeat_row(1, num_rows=3)",
            "select * from summary(records)",
            "select * from histogram('records')", "select system.main.getenv('x')", "select pg_catalog.pg_sleep(1)",
            "select main.query('x')",
            "select ?", "select $1", "select $name", "select * from records at (version => 1)",
            "select 1 where 'x' in (select * from read_text('/etc/passwd'))", "select (select count(*) from duckdb_settings())",
            "select list_transform([1], lambda x: getenv('HOME'))", "select count(*) filter (where getenv('HOME') = 'x') from records",
            "select sum(1) over (partition by getenv('HOME')) from records", "select 1 from records order by getenv('HOME')",
            "select 1 from records limit (select count(*) from duckdb_tables())", "select 1 from records qualify getenv('x') = 'a'",
            "with t as (select getenv('HOME') h) select * from t", "values (getenv('HOME'))",
            "select * from (values (getenv('HOME'))) t(x)",
            "select * replace (getenv('HOME') as message) from records", "select columns(lambda c: getenv(c) = 'x') from records",
            "select distinct on (getenv('x')) 1 from records", "select 1 from records group by getenv('x')",
            "select 1 from records having getenv('x') = ''",
            "select * from records r join records q on getenv('x') = 'y'", "select * from unnest([getenv('x')])",
            "select case when getenv('x') = 'a' then 1 end",
            "select cast(getenv('x') as int)", "select 1 between getenv('x') and 2", "select getenv('x') collate nocase",
            "summarize select getenv('x')",
            "insert into records values (1)", "delete from records", "truncate records",
            "merge into records using records r on true when matched then delete",
            "create macro f(x) as x", "begin", "commit", "vacuum", "analyze", "select * from icu_calendar_names()",
            "from pragma_table_info('records')",
            "pivot records on span_name using count(*)", "with x as (insert into t values (1) returning *) select * from x",
            "select json_serialize_plan('select 1')",
            "select add_parquet_key('a', 'b')", "select bitstring('1', 1000000000)", "select create_sort_key(1, 'asc')",
            "select format('{:>1000000000}', 'x')",
            "select format('{:{}}', 'x', 1000000000)", "select printf('%1000000000d', 1)", "select printf('%*d', 1000000000, 1)",
            "select format(message, 1) from records",
            "select len(range(5000000000))", "select len(list(i)) from range(1000000000) t(i)", "select count(*) from range(100000000000)",
            "select count(*) from range(10000000) a, range(10000000) b",
            "select max(x) from (select unnest(generate_series(1,100000000)) x)",
            "select * from range(3000000) a limit 3000000", "select len(string_agg(md5(i::varchar),'')) from range(200000000) t(i)",
            "select * from (select i,md5(i::varchar) m from range(50000000) t(i)) order by m limit 1 offset 40000000",
            "select range(-9223372036854775807, 9223372036854775807)", "select * from generate_series(1, 10000000, 2)",
            "select 1; select 2",
        ])
        func notAllowed(_ sql: String) throws {
            let error = try #require(try error(of: sql), "\(sql) was accepted")
            // What the engine has no grammar for ends at the parser.
            #expect([.notAllowed, .unknownTable, .syntax].contains(error.code), "\(sql): \(error)")
            #expect(error.status == 400)
        }

        @Test(arguments: [
            "select * from other_tenant", "select * from 'work/secret.csv'", "select * from \"work/secret.csv\"",
            "select * from sqlite_master",
            "select * from pg_tables", "select * from duckdb_tables", "from fixture_records", "table other_tenant", "describe other_tenant",
            "summarize other_tenant",
            // A table of WITH is not visible to itself, nor to those before it, nor outside.
            "with other_tenant as (select * from other_tenant) select * from other_tenant",
            "with recursive other_tenant as (select * from other_tenant) select * from other_tenant",
            "with recursive other_tenant as (select * from other_tenant union all select * from other_tenant) select * from other_tenant",
            "with a as (select * from other_tenant), other_tenant as (select 1) select * from a",
            "select * from (with other_tenant as (select 1) select * from other_tenant) x, other_tenant",
            "select (with other_tenant as (select 1) select 1), (select s from other_tenant)",
            "select * from records where exists (select 1 from other_tenant)",
            "select * from records, lateral (select * from other_tenant)", "select * from records union select * from other_tenant",
        ])
        func unknownTables(_ sql: String) throws {
            let error = try #require(try error(of: sql), "\(sql) was accepted")
            #expect(error.code == .unknownTable, "\(sql): \(error)")
            #expect(error.position != nil || sql.hasPrefix("table"))
        }

        @Test func tooComplex() throws {
            let many = "select 1 where " + (2..<20_000).map { "1=\($0)" }.joined(separator: " or ")
            #expect(try error(of: many)?.code == .tooComplex)
            let terms = "select 1 where " + (2..<3_000).map { "1=\($0)" }.joined(separator: " or ")
            #expect(try error(of: terms)?.code == .tooComplex)
            let deep = "select " + String(repeating: "(", count: 5_000) + "1" + String(repeating: ")", count: 5_000)
            #expect(try error(of: deep)?.code == .tooComplex)
            let sums = try #require(try error(of: "select 1" + String(repeating: "+1", count: 3_000)))
            #expect([.tooComplex, .syntax].contains(sums.code), "\(sums)")
            let negations = try #require(try error(of: "select " + String(repeating: "not ", count: 5_000) + "true"))
            #expect([.tooComplex, .syntax].contains(negations.code), "\(negations)")
            #expect(
                try error(
                    of: "select " + String(repeating: "to_json(", count: 20) + "message" + String(repeating: ")", count: 20)
                        + " from records")?
                    .code == .tooComplex)
            let doubling =
                "with t0 as (select repeat('x', 16000) s)" + (1...30).map { ", t\($0) as (select s || s s from t\($0 - 1))" }.joined()
                + " select len(s) from t30"
            #expect(try error(of: doubling)?.code == .tooComplex)
        }

        /// Sizes that only show while the query runs are stopped there.
        @Test(arguments: [
            "select len(repeat('x', 4000000000))", "select sum(len(repeat('x', 100000000))) from range(100)",
            "select repeat(message, 1000000000) from records",
            "select lpad(message, 1000000000, 'x') from records", "select rpad('x', 1000000000, 'x')",
            "select len(generate_series(1, 1000000000 + level)) from records",
            "select generate_series(1::bigint, 1000000000::bigint)", "select len(range(level * 1000000000)) from records",
            "select list_resize([1], 1000000000)",
            "select generate_series(start_timestamp, now(), interval '1 microsecond') from records",
            "select * from generate_series(timestamptz '2000-01-01', now(), interval '1 ms')",
            "select replace(repeat('a', 10000), 'a', repeat('b', 10000))",
            "select regexp_replace(repeat('a', 10000), 'a', repeat('b', 10000), 'g')",
            "select array_to_string(range(10000), repeat('x', 10000))",
            "select generate_series(timestamptz '2000-01-01', now(), interval '0 s')",
            "with recursive t as (select 'x' s union all select s || s from t) select max(len(s)) from t",
            "with recursive t(s) as (select [1] union all select list_concat(s, s) from t) select max(len(s)) from t",
            "with recursive t(s) as (select 'x' union all select replace(s, 'x', 'xx') from t) select max(len(s)) from t",
        ])
        func boundedWhileRunning(_ sql: String) throws {
            let fixture = try CompilerFixture()
            let start = ContinuousClock.now
            #expect(throws: (any Error).self, "\(sql)") { try fixture.run(sql) }
            #expect(ContinuousClock.now - start < .seconds(10), "\(sql)")
        }

        @Test(arguments: [
            "select * from records", "FROM Records_ALL select count(*)", "select records.span_name, r.level from records, records_full r",
            "show tables", "describe records",
            "summarize select level from records", "select * from (describe records)", "values (1, 'x')",
            "with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select * from t",
            "with records as (select * from records where level = 'info') select * from records",
            "with a as (select 1 x), b as (select * from a) select * from b, a",
            "select * from range(5) t(i), unnest([1, 2]) u(x)", "select key, value from records, json_each(attributes)",
            "select unnest(tags) t, count(*) from records group by t",
            "select unnest(tags), unnest(tags) || '!', count(*) from records where level > 'info' group by all order by unnest(tags)",
            "select upper(unnest(r.tags)) as t from records r group by unnest(r.tags), 1", "select unnest(tags) from records",
            "select records from records", "select * exclude (attributes) replace (1 as level) from records",
            "select columns('span.*') from records", "select #1 from records group by 1",
            "select * from records a join records b using (trace_id) where a.level = 'error'", "select count(*) from metrics",
            "select user",
            "select 1 where true -- comment",
            "select message, level from records qualify row_number() over (partition by level order by message) = 1",
            "select span_name, level, count(*) from records group by rollup (span_name, level)",
            "(select 1) union all (select 2) order by 1", "select * from records using sample 50%", "select m.s from (select 1 as s) m",
            "select 'warn' as level where 'x' = 'x'",
            "select * from (select level_name(level) as level from records) where level = 'error'", "select 1 as other_tenant",
            "select (select max(duration) from records r where r.trace_id = q.trace_id) from records q",
            "select generate_series from generate_series(now() - interval '1 day', now(), interval '1 hour')",
            "select struct_pack(a := 1).a, {'a': 1}['a'], map {'k': 2}['k']",
            "with recursive path as (select span_id, message as p from records union all select r.span_id, path.p || '/' || r.message from path join records r on r.parent_span_id = path.span_id) select * from path",
        ])
        func allowed(_ sql: String) throws {
            let fixture = try CompilerFixture()
            do { try fixture.run(sql) } catch { Issue.record("\(sql): \(error)") }
        }

        @Test func filters() throws {
            let fixture = try CompilerFixture()
            for filter in [
                "level >= 'error'", "attributes->>'a' = 'b' AND service_name = 'x' -- c",
                "trace_id in (select trace_id from records where level = 'error')", "records_all.level = 9", "(SELECT true)",
            ] {
                do throws(QueryError) { _ = try fixture.compiler.compileFilter(filter) } catch { Issue.record("\(filter): \(error)") }
            }
            let broken = [
                ("", 0), ("level >=", 8), ("1=1) GROUP BY (level", 3), ("true) OR (true", 4), ("a = 1; select 2", 5),
                ("level = 'error' ORDER BY 1", 16), ("é = getenv('x')", 4), ("true, false", nil),
                ("exists (select 1 from other_tenant)", 22),
                ("level = 'loud'", 8),
            ]
            for (filter, position) in broken {
                do throws(QueryError) {
                    _ = try fixture.compiler.compileFilter(filter)
                    Issue.record("\(filter) was accepted")
                } catch {
                    if let position { #expect(error.position == position, "\(filter): \(error)") }
                }
            }
        }
    }
}
