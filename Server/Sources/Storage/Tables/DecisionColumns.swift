/// What was decided last about a step, as columns of a table with alias `d`: `d.stands`, `d.patch_cost` and so on, all NULL with
/// `d.step_key` for a step without decisions.
///
/// Only few steps have any, so members of their patches are read and cast before the join: behind it that would be done for every step.
enum DecisionColumns {
    /// Members of `patch` and their types.
    private static let members: [(name: String, type: String)] = [
        ("duration", "DOUBLE"), ("provider", "VARCHAR"), ("response_model", "VARCHAR"), ("input_tokens", "BIGINT"),
        ("output_tokens", "BIGINT"), ("cache_read_tokens", "BIGINT"), ("cache_write_tokens", "BIGINT"), ("reasoning_tokens", "BIGINT"),
        ("cost", "DOUBLE"), ("input_cost", "DOUBLE"), ("output_cost", "DOUBLE"), ("cost_source", "UTINYINT"), ("cost_note", "VARCHAR"),
        ("price_version", "VARCHAR"), ("time_to_first_token", "DOUBLE"), ("is_truncated", "BOOLEAN"), ("has_tool_calls", "BOOLEAN"),
        ("tool_call_count", "INTEGER"), ("refusal", "BOOLEAN"), ("json_parse_success", "BOOLEAN"), ("is_streaming", "BOOLEAN"),
        ("retry_count", "INTEGER"), ("retry_cause", "VARCHAR"), ("prompt_build_time", "DOUBLE"), ("finish_reasons", "JSON"),
    ]

    /// Columns of decisions themselves.
    private static let own: [(name: String, expression: String)] = [
        ("stands", "winner_trace_id = trace_id AND winner_span_id = span_id"), ("merged_records", "merged_records"),
        ("run_span_id", "run_span_id"), ("is_nested_twin", "is_nested_twin"),
    ]

    /// The newest decision of every step that has any, with the columns that a text reads, as a table with alias `d`.
    static func table(project: Int32, for text: String) -> String {
        // Some names are the beginning of others; one too many does no harm.
        let members = members.filter { text.contains("d.patch_\($0.name)") }
        var aggregates = own.filter { text.contains("d.\($0.name)") }.map {
            "arg_max_null(\($0.expression), commit_sequence) AS \($0.name)"
        }
        if text.contains("d.commit_sequence") { aggregates.append("max(commit_sequence) AS commit_sequence") }
        if !members.isEmpty { aggregates.append("arg_max_null(patch, commit_sequence) AS patch") }
        let newest = """
            SELECT
                    \((["step_key"] + aggregates).joined(separator: ",\n        "))
                FROM step_decision
                WHERE project_id = \(project)
                GROUP BY step_key
            """
        if members.isEmpty { return "(\n    \(newest)\n) d" }
        let casts = members.map { name, type in
            type == "JSON" ? "patch->'\(name)' AS patch_\(name)" : "(patch->>'\(name)')::\(type) AS patch_\(name)"
        }
        return "(\n    SELECT * EXCLUDE (patch), \(casts.joined(separator: ", "))\n    FROM (\n    \(newest)\n    )\n) d"
    }

    /// Joins the steps with alias `c` to them.
    static func join(project: Int32, for text: String) -> String {
        "\nLEFT JOIN \(table(project: project, for: text)) ON d.step_key = c.step_key"
    }
}
