#if GRDB
    import GRDB
    import Hearth
    import HearthGRDB
    import Testing

    /// In a process of its own: there is one configuration per process.
    @Suite struct GRDBTests {
        @Test func statementsAreChildrenOfTheSpanAroundThem() async {
            await #expect(processExitsWith: .success) {
                let exporter = InMemoryExporter()
                try Hearth.configure { configuration in
                    configuration.send = .never
                    configuration.destinations = [.memory(exporter)]
                    configuration.detectsResource = false
                }
                var configuration = Configuration()
                configuration.recordSpans(recordsParameters: true, recordsTransactions: true)
                let database = try DatabaseQueue(configuration: configuration)
                try Hearth.span("synchronous") { _ in
                    try database.write { try $0.execute(sql: "CREATE TABLE a (b)") }
                }
                await Hearth.span("asynchronous") { _ in
                    _ = try? await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM a WHERE b = ?", arguments: ["secret"]) }
                    _ = try? await database.read { try Int.fetchOne($0, sql: "SELECT c FROM nowhere") }
                }
                try await Hearth.suppress { try await database.write { try $0.execute(sql: "INSERT INTO a VALUES (1)") } }
                await Hearth.flush(within: .seconds(10))
                let records = exporter.records
                func record(_ name: String) -> SpanRecord? { records.first { $0.name == name } }
                precondition(record("CREATE a")?.parentSpanID == record("synchronous")?.spanID && record("synchronous") != nil)
                precondition(record("SELECT a")?.parentSpanID == record("asynchronous")?.spanID && record("asynchronous") != nil)
                precondition(record("SELECT a")?["db.query.text"] == "SELECT count(*) FROM a WHERE b = 'secret'")
                precondition(record("BEGIN") != nil && record("COMMIT") != nil)
                precondition(record("INSERT a") == nil)
            }
        }
    }
#endif
