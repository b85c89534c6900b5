import GRDB

/// How often a rule found something on one day.
public struct RedactionCount: Sendable, Equatable {
    /// UTC, `YYYY-MM-DD`.
    public var day: String
    /// The rule's name, see `redaction.md`.
    public var rule: String
    public var count: Int
    /// RFC 3339, UTC.
    public var lastAt: String
}

extension ControlStore {
    /// Adds to the counts of today.
    ///
    /// - Parameter counts: by project and rule.
    public func addRedactionCounts(_ counts: [Int32: [String: Int]]) async throws(ControlStoreError) {
        try await write { database in
            for (project, rules) in counts {
                for (rule, count) in rules {
                    try database.execute(
                        sql: """
                            INSERT INTO redaction_count (project_id, day, rule, count, last_at)
                            VALUES (?, date('now'), ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
                            ON CONFLICT (project_id, day, rule) DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at
                            """,
                        arguments: [project, rule, count])
                }
            }
        }
    }

    /// Everything that was counted for a project, newest day first.
    public func redactionCounts(project: Int32) async throws(ControlStoreError) -> [RedactionCount] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT day, rule, count, last_at FROM redaction_count WHERE project_id = ? ORDER BY day DESC, rule",
                arguments: [project]
            ).map { RedactionCount(day: $0[0], rule: $0[1], count: $0[2], lastAt: $0[3]) }
        }
    }

    /// When a setting of a project was stored last, RFC 3339 UTC; nil when it never was.
    public func settingTime(_ name: String, project: Int32) async throws(ControlStoreError) -> String? {
        try await read { database in
            try String.fetchOne(
                database, sql: "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', updated_at) FROM setting WHERE project_id = ? AND name = ?",
                arguments: [project, name])
        }
    }
}
