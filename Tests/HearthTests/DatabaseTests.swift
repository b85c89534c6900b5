import Testing

@testable import Hearth

@Suite struct DatabaseTests {
    @Test(arguments: [
        ("SELECT * FROM orders WHERE id = ?", "SELECT orders"), ("select a, (select b from c) from d", "SELECT c"),
        ("INSERT OR REPLACE INTO \"order items\" VALUES (1)", "INSERT order items"), ("update shop.orders set a = 1", "UPDATE shop.orders"),
        ("/* hint from x */ DELETE FROM `orders`", "DELETE orders"), ("-- from y\nSELECT 'from z' FROM [t]", "SELECT t"),
        ("CREATE TABLE IF NOT EXISTS orders (id)", "CREATE orders"), ("SELECT 1", "SELECT"), ("BEGIN IMMEDIATE TRANSACTION", "BEGIN"),
        ("WITH a AS (SELECT 1 FROM b) SELECT * FROM a JOIN c", "SELECT a"), ("WITH a AS (SELECT 1) UPDATE t SET x = 1", "UPDATE t"),
        ("", "SQL"),
        ("'unclosed", "SQL"), ("\"unclosed", "UNCLOSED"), ("/* unclosed", "SQL"), ("VACUUM", "VACUUM"), ("(((", "SQL"),
    ])
    func statementsAreNamedByOperationAndTable(_ sql: String, _ name: String) {
        #expect(SQLSummary(sql).text == name)
    }

    @Test func longStatementsAreCutInMessagesOnly() {
        let sql = "SELECT " + String(repeating: "x", count: 5000)
        let call = DatabaseCall("mysql", sql: sql, nil, nil, nil, nil)
        #expect(call.message.count == 256)
        #expect(call.attributes["db.query.text"] == .string(sql))
    }
}
