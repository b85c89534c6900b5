/// A step as a segment gets it: with the newest decision of its hot file, where its own row can hold that. Most can, because they only say in which
/// run it is and how often it was tried; a row of `step_decision` for each would take room in the file and time with every answer about steps.
///
/// What is left to `step_decision` are winners in other traces and values taken from duplicates: the row keeps what its record says.
enum SealedStep {
    /// Members of a patch that have columns of their own, apart from those with what the record says.
    private static let surroundings = [("retry_count", "INTEGER"), ("retry_cause", "VARCHAR"), ("prompt_build_time", "DOUBLE")]

    /// Whether a step's row can hold the decision with alias `d`.
    static let holds = """
        d.winner_trace_id = d.trace_id AND (d.patch IS NULL \
        OR list_has_all([\(surroundings.map { "'\($0.0)'" }.joined(separator: ", "))], json_keys(d.patch)))
        """

    /// The decisions that go into the steps of a segment, with alias `d`.
    ///
    /// - Parameter alias: the hot file.
    static func join(_ alias: String, _ key: SegmentKey) -> String {
        """
        LEFT JOIN (
            SELECT unnest(arg_max(d, d.commit_sequence))
            FROM \(alias).step_decision d JOIN decision_day p ON p.row = d.rowid
            WHERE p.is_in_step AND p.project_id = \(key.project) AND p.day = \(key.day)
            GROUP BY d.step_key
        ) d ON d.step_key = s.step_key
        """
    }

    /// The value of a column of `step` for the row with alias `s`.
    static func expression(_ column: String) -> String {
        switch column {
        // Who follows the newest calls is told of a decision by its commit.
        case "commit_sequence": "greatest(s.commit_sequence, d.commit_sequence)"
        case "end_timestamp": EndFunction.stored
        case "winner_span_id": decided("nullif(d.winner_span_id, s.span_id)", column)
        case "run_span_id", "merged_records", "is_nested_twin": decided("d.\(column)", column)
        default:
            if let type = surroundings.first(where: { $0.0 == column })?.1 {
                decided("(d.patch->>'\(column)')::\(type)", column)
            } else {
                "s.\(column)"
            }
        }
    }

    private static func decided(_ value: String, _ column: String) -> String {
        "CASE WHEN d.step_key IS NULL THEN s.\(column) ELSE \(value) END"
    }
}
