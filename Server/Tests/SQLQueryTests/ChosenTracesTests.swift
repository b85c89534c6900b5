import Testing

@testable import SQLQuery

extension SQLSuites {
    /// Which queries ask first which traces their rows are of, and by which query.
    @Suite struct ChosenTracesTests {
        @Test(arguments: [
            (
                "SELECT * FROM llm_calls ORDER BY cost DESC NULLS LAST LIMIT 20 OFFSET 5",
                "SELECT trace_id FROM t AS llm_calls ORDER BY \"cost\" DESC NULLS LAST LIMIT 25"
            ),
            ("SELECT * FROM tool_calls", "SELECT trace_id FROM t AS tool_calls LIMIT 100"),
            (
                "SELECT span_id, attributes FROM records r WHERE level > 9 ORDER BY r.duration + 1 LIMIT 3",
                "SELECT trace_id FROM t AS r WHERE (\"level\" > 9) ORDER BY (r.duration + 1) LIMIT 3"
            ),
            (
                "SELECT attributes FROM records WHERE attributes->>'a' = 'b' ORDER BY span_name",
                "SELECT trace_id FROM t AS records WHERE ((_attributes ->> 'a') = 'b') ORDER BY span_name LIMIT 100"
            ),
            (
                "SELECT duration AS duration, attributes FROM agent_runs ORDER BY duration",
                "SELECT trace_id FROM t AS agent_runs ORDER BY duration LIMIT 100"
            ),
        ])
        func asksForTracesFirst(_ sql: String, _ expected: String) throws {
            let compiled = try CompilerFixture().compiler.compile(sql, limit: 100)
            let choosing = try #require(compiled.choosing.first)
            let name = try #require(choosing.placeholders.keys.first)
            #expect(choosing.sql.replacing(name, with: "t") == expected)
            #expect(choosing.choosing.isEmpty)
        }

        @Test(arguments: [
            // Their limit ends the reading.
            "SELECT * FROM records LIMIT 5",
            // Nothing costly is read.
            "SELECT trace_id, cost FROM llm_calls ORDER BY cost",
            // The order is by something of the select list.
            "SELECT attributes->>'a' AS a, attributes FROM records ORDER BY a", "SELECT span_name, attributes FROM records ORDER BY 1",
            "SELECT -duration AS duration, attributes FROM records ORDER BY duration", "SELECT * FROM records ORDER BY ALL",
            // All rows take part.
            "SELECT count(attributes) FROM records ORDER BY 1", "SELECT DISTINCT attributes FROM llm_calls",
            "SELECT attributes, row_number() OVER () FROM llm_calls", "SELECT * FROM llm_calls LIMIT 5 PERCENT",
            // The choice needs the costly column, or is another the next time.
            "SELECT * FROM llm_calls WHERE attributes IS NOT NULL", "SELECT * FROM records ORDER BY random()",
            // Few rows already.
            "SELECT * FROM llm_calls WHERE trace_id = '0af7651916cd43dd8448eb211c80319c'", "SELECT * FROM metrics ORDER BY scalar_value",
            "SELECT a.* FROM llm_calls a JOIN records b ON a.span_id = b.span_id",
        ])
        func leavesOthersAsTheyAre(_ sql: String) throws {
            #expect(try CompilerFixture().compiler.compile(sql, limit: 100).choosing.isEmpty)
        }
    }
}
