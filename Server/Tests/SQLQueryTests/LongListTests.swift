import Testing

@testable import SQLQuery

extension SQLSuites {
    /// Lists in IN give the same rows however long they are.
    @Suite struct LongListTests {
        @Test(arguments: [3, 60, 100, 101, 102, 400])
        func keepsTheRowsOfTheList(_ length: Int) async throws {
            let fixture = try StoreFixture()
            try await fixture.write((1...9).map { .init(span: UInt64($0), attributes: #"{"k":"v\#($0)"}"#) } + [.init(span: 10)])
            // Every third row is named; the rest of the list is nobody's.
            let names = (0..<length).map { $0 < 3 ? "\($0 * 3 + 1)" : "no \($0)" }
            let ids = names.map { "'\(String(repeating: "0", count: max(16 - $0.utf8.count, 0)))\($0)'" }.joined(separator: ", ")
            let keys = names.map { "'v\($0)'" }.joined(separator: ", ")
            for (condition, expected) in [
                ("span_id IN (\(ids))", "1,4,7"), ("span_id NOT IN (\(ids))", "2,3,5,6,8,9,10"), ("attributes->>'k' IN (\(keys))", "1,4,7"),
                // The row without the attribute is in neither.
                ("attributes->>'k' NOT IN (\(keys))", "2,3,5,6,8,9"),
                ("NOT (span_id IN (\(ids)) OR level IN (1, 2, 3, 5))", "2,3,5,6,8,9,10"),
            ] {
                let rows = try await fixture.rows(
                    "SELECT string_agg(ltrim(span_id, '0'), ',' ORDER BY start_timestamp, length(ltrim(span_id, '0')), span_id) AS ids FROM records WHERE \(condition)"
                )
                // A ten is written as its hexadecimal digit.
                #expect(rows == #"[{"ids":"\#(expected.replacing("10", with: "a"))"}]"#, "\(length) \(condition.prefix(40))")
            }
            await fixture.close()
        }

        @Test func looksLongListsUp() throws {
            let fixture = try CompilerFixture()
            let list = (0...QueryShape.traceLimit + 1).map { "'\($0)'" }.joined(separator: ", ")
            let compiled = try fixture.compiler.compile(
                "SELECT span_id IN (\(list)) FROM records WHERE parent_span_id NOT IN (\(list), NULL)", limit: 1)
            #expect(compiled.sql.contains("hearth_within(span_id, '1:01:1"))
            // NULL in a list makes every answer but yes unknown: such a list stays one.
            #expect(compiled.sql.contains("parent_span_id NOT IN"))
            #expect(throws: QueryError.self) { try fixture.compiler.compile("SELECT hearth_within('a', '1:a')", limit: 1) }
        }
    }
}
