#if GRDB
    public import GRDB
    import Hearth

    extension Configuration {
        /// Records every statement as a span of the trace around it.
        ///
        /// ```swift
        /// var configuration = Configuration()
        /// configuration.recordSpans(namespace: "shop")
        /// let database = try DatabaseQueue(path: "shop.sqlite", configuration: configuration)
        /// ```
        /// A span begins and ends with the statement, as SQLite measures it. The values of a statement's parameters are never recorded unless asked for;
        /// what is written into the SQL itself is.
        /// - Parameters:
        ///   - namespace: `db.namespace`, the name of the database.
        ///   - recordsParameters: whether the SQL is recorded with the values of its parameters filled in.
        ///   - recordsTransactions: whether `BEGIN`, `COMMIT`, `SAVEPOINT`, `PRAGMA`, looks at the schema and their like are recorded as well.
        public mutating func recordSpans(namespace: String? = nil, recordsParameters: Bool = false, recordsTransactions: Bool = false) {
            prepareDatabase { database in
                database.trace(options: .profile) { event in
                    guard Hearth.isConfigured, case .profile(let statement, let seconds) = event else { return }
                    let call = DatabaseCall(
                        "sqlite", sql: recordsParameters ? statement.expandedSQL : statement.sql, namespace, nil, nil, nil)
                    guard recordsTransactions || !isHousekeeping(call) else { return }
                    OpenSpan.record(call.name, kind: .client, scope: scope, seconds: seconds, message: call.message) { call.attributes }
                }
            }
        }
    }

    private let scope = InstrumentationScope(name: "hearth.grdb")

    /// Whether a statement is one of those that surround the work.
    private func isHousekeeping(_ call: DatabaseCall) -> Bool {
        // GRDB looks at the schema by itself.
        if call.name == "SELECT sqlite_master" { return true }
        let operation = String(call.name.prefix { $0 != " " })
        return ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SQL"].contains(operation)
    }
#endif
