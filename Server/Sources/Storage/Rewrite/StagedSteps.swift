import DuckDBKit

/// Temporary tables in which new steps and decisions wait to be moved to the files of their records.
final class StagedSteps {
    let step: InsertFeed
    let stepDecision: InsertFeed

    /// Creates the tables on a connection. They live as long as it.
    init(_ connection: borrowing Connection, likeHot alias: String) throws(DuckDBError) {
        for table in [PhysicalTable.step, .stepDecision] {
            try connection.execute("CREATE TEMP TABLE staged_\(table.rawValue) AS SELECT * FROM \(alias).\(table.rawValue) LIMIT 0")
        }
        step = try InsertFeed(table: "staged_step", connection: connection)
        stepDecision = try InsertFeed(table: "staged_step_decision", connection: connection)
    }

    func clear(_ connection: borrowing Connection) throws(DuckDBError) {
        try connection.execute("DELETE FROM staged_step; DELETE FROM staged_step_decision")
    }

    /// The statement that copies what belongs to records of a file into it.
    ///
    /// - Parameter condition: what the records meet.
    func move(_ table: PhysicalTable, to file: FileArms.Arm, _ condition: String) -> String {
        let hot = file.sealedHot.map { ", \($0) AS hot" } ?? ""
        return """
            INSERT INTO \(file.alias).\(table.rawValue) SELECT t.*\(hot) FROM staged_\(table.rawValue) t
            SEMI JOIN (SELECT trace_id, span_id FROM \(file.alias).span WHERE \(condition) AND kind <> 2) s
                ON s.trace_id = t.trace_id AND s.span_id = t.span_id
            """
    }
}
