// Questions to the server in SQL: rows as values of types of one's own, all at once or as they come.
import Hearth
import HearthQuery

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

struct Slowest: Decodable, Sendable {
    var spanName: String
    var calls: Int
    var seconds: Double?
    var firstSeen: QueryTimestamp
}

struct Number: Decodable, Sendable {
    var n: Int
    var text: String
}

let client = try QueryClient()

// A reader that takes its time: the server waits with it, and nothing piles up here.
if CommandLine.arguments.dropFirst().first == "slow" {
    for try await row in client.stream("SELECT n, text FROM endless", as: Number.self) where row.n == 10 {
        try await Task.sleep(for: .seconds(1))
        break
    }
    print("slow reader has enough")
    exit(0)
}

let slowest = try await client.rows(
    """
    SELECT span_name, count(*) AS calls, max(duration) AS seconds, min(start_timestamp) AS first_seen
    FROM records WHERE service_name = 'order-service' GROUP BY span_name ORDER BY span_name
    """,
    as: Slowest.self
)
for row in slowest { print("slowest", row.spanName, row.calls, row.seconds.map { $0 >= 0 } ?? "none", row.firstSeen > .earliest) }

for try await record in client.records(where: "service_name = 'order-service' AND level >= 'warn'") {
    print("record", record.kind, record.message, record.tags ?? [], record.parentSpanID != nil)
}

// Ten thousand rows are never in memory at once.
var sum = 0
for try await row in client.stream("SELECT i AS n, repeat('x', 200) AS text FROM range(10000) t(i)", as: Number.self) {
    sum += row.n
    if row.n == 9_999 { print("streamed", row.text.count) }
}
print("sum", sum)

// A reader that has enough stops the query.
for try await row in client.stream("SELECT i AS n, 'x' AS text FROM range(10000) t(i)", as: Number.self) where row.n == 3 {
    print("enough")
    break
}

for (sql, options) in [
    ("SELECT nothing FROM nowhere", QueryOptions()), ("SELECT 1 AS n, 'x' AS text", QueryOptions(limit: 20_000)),
    ("SELECT 'one' AS n, 'x' AS text", QueryOptions()), ("SELECT 1 AS n", QueryOptions()),
] {
    do throws(QueryError) {
        print("rows", try await client.rows(sql, as: Number.self, options).count)
    } catch {
        print("error", error.status ?? 0, String(error.message.prefix { !$0.isNewline }))
    }
}
