import DuckDBKit
import Testing

@testable import SQLQuery

extension SQLSuites {
    @Suite struct TextRepairTests {
        @Test func repairsAsRecorded() throws {
            try GoldenFile("repair.sql").check { input in
                do throws(QueryError) {
                    return String(decoding: try TextRepair(Array(input.utf8)).output, as: UTF8.self)
                } catch {
                    return "ERROR \(error.code.name) at \(error.position ?? -1): \(error.message)"
                }
            }
        }

        /// Conditions that hold for the one row of the table, all of them mis-read or refused by the engine's own precedence.
        static let conditions = [
            "a->>'k' = 'v' and b->>'k' = 'w'", "c = 1 and a->>'k' = 'v'", "not a->>'k' = 'x'", "'v' = a->>'k'",
            "c = 1 and a->>'k' is not null",
            "d > 5 and a->>'k' is not null and e < 3", "a->>'k' = 'v' or b->>'k'='w'", "a->'n'->>'k' = 'v' and c=1", "s || a->>'k' = 'vv'",
            "case when c=1 and a->>'k'='v' then true end", "c=1 and (a->>'k')='v'", "c=1 and (a->>'i')::int = 5",
            "c=1 and cast(a->>'i' as int) between 1 and 9", "c=1 and r.a->>'k' in ('v')", "coalesce(a->>'zz', b->>'k') = 'w' and c=1",
            "c=1 and a->'n'->'l'->1->>'z' = 'q'", "c=1 and a->'n'->'l'->-1->>'z' = 'q'",
            "c = 1 and \"a\" ->> 'k' like 'v%' and 'it''s -> x' <> a->>'k'", "(select x->>'k' from (select a x from r)) = 'v' and c=1",
            "c=1 and json_extract(a,'n')->>'k' = 'v'", "list_transform([1,2], lambda x: x+1)=[2,3] and a->>'k'='v'",
            // Beyond the prototype.
            "c=1 and a->>'i'::int = 5", "c=1 and a::json->>'k' = 'v'", "c=1 and (a)::json->'n'->>'k' = 'v'", "c=1 and l[1]->>'z' = 'q'",
            "c=1 and (l)[1]->>'z' = 'q' and c=1", "c=1 and a -> /* -> */ 'n' -- ->> 'x'\n ->> 'k' = 'v'", "c=1 and a->>$$k$$ = 'v'",
            "c=1 and a->>$x$k$x$ = 'v'",
            "c=1 and a->>e'\\x6b' = 'v'", "c=1 and e'\\'' || a->>'k' = e'\\'v'", "list_transform(l, x -> x->>'z') = ['q'] and a->>'k'='v'",
            "list_transform(l, (x, i) -> x->>'z' || i) = ['q1'] and c = 1", "c=1 and list_filter(l, x -> x->>'z' = 'q' and c = 1) = l",
            "c=1 and a ? 'k'", "not a ? 'nokey' and c=1", "a->'n' ? 'l' and a->>'k' = 'v'", "c=1 and a ? 'n' and a->'n' ? 'k'",
            "c=1 and a->((('n')))->>(lower('K')) = 'v'", "c=1 and json '{\"k\": \"v\"}'->>'k' = 'v'",
            "c=1 and case when true then a end->>'k' = 'v'",
            "c=1 and {'x': a}['x']->>'k' = 'v'", "c=1 and max(a->>'k') over () = 'v'", "c=1 and first(a) over (partition by c)->>'k' = 'v'",
            "c=1 and max(a->>'k') filter (where c = 1 and a->>'k' = 'v') over () = 'v'", "c=1 and a->>'k' || b->>'k' = 'vw'",
            "c=1 and -(a->>'i')::int = -5 and a->>'i' <> '6'",
            "c = 1 and a->>'k' = any(select x->>'k' from (select a x) where true and x->>'k' = 'v')",
            "c = 1 and (a->>'i')::decimal(10,2) = 5 and ('[1]'::json->0)::int = 1", "c=1 and a->>\"key\" = 'v'",
            "c=1 and a->>r.\"key\" = 'v'",
            "a->>'k' in ('v') and b->>'k' between 'a' and 'z'", "c=1 and a\u{a0}->>\u{3000}'k' = 'v'",
            "c=1 and exists (select 1 where c=1 and a->>'k'='v')",
            "timestamp with time zone '2020-01-01' < now() and a->>'k' = 'v'", "c=1 and '5'::double precision = 5 and a->>'k' = 'v'",
        ]

        @Test(arguments: conditions)
        func bindsArrowsTightly(_ condition: String) throws {
            let database = try Database(path: nil)
            let connection = try database.connect()
            try connection.execute(
                """
                create table r as select '{"k":"v","n":{"k":"v","l":[1,{"z":"q"}]},"i":"5"}'::json a, '{"k":"w"}'::json b, 1 c, 6 d, 2 e, 'v' s,
                ['{"z":"q"}'::json] l, 'k' "key"
                """
            )
            let repaired = String(decoding: try TextRepair(Array(condition.utf8)).output, as: UTF8.self)
            let sql = "select (\(repaired)\n) is true from r"
            do {
                var result = try connection.query(sql)
                let chunk = try #require(try result.next())
                #expect(chunk.column(0).bool(0), "\(repaired)")
            } catch {
                Issue.record("\(repaired): \(error)")
            }
        }

        @Test func mapsPositionsBack() throws {
            let sql = "select é from r where c = 1 and a -> 'n' ->> 'k' = foo"
            let repair = try TextRepair(Array(sql.utf8))
            let output = String(decoding: repair.output, as: UTF8.self)
            #expect(output == "select é from r where c = 1 and ((a -> 'n') ->> 'k') = foo")
            for word in ["select", "é", "where", "'n'", "'k'", "foo"] {
                let there = try #require(output.utf8.firstRange(of: word.utf8)).lowerBound.utf16Offset(in: output)
                let offset = output.utf8.distance(from: output.startIndex, to: String.Index(utf16Offset: there, in: output))
                let here = try #require(sql.utf8.firstRange(of: word.utf8)).lowerBound
                #expect(repair.positions.input(at: offset) == sql.utf8.distance(from: sql.startIndex, to: here), "\(word)")
            }
        }

        @Test(arguments: [
            "select 'a", "select \"a", "select /* a", "select $$a", "select (1", "select 1)", "select [1)", "select 1; select 2",
            "select \u{1}",
        ])
        func refuses(_ sql: String) {
            #expect(throws: QueryError.self) { try TextRepair(Array(sql.utf8)) }
        }

        @Test func refusesDeepNesting() {
            let sql = "select " + String(repeating: "(", count: 5_000) + "1" + String(repeating: ")", count: 5_000)
            #expect { try TextRepair(Array(sql.utf8)) } throws: { ($0 as? QueryError)?.code == .tooComplex }
        }
    }
}
