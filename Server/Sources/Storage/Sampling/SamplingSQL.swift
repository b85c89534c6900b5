import Sampling

/// The statements of the sampler.
struct SamplingSQL {
    let project: Int32
    let settledUpTo: Int64
    let since: Int64
    let rules: [SamplingRule]

    /// The traces without a decision, oldest first: id, first and last commit, whether a root has ended, open spans, records, and for
    /// each rule whether its condition is met.
    func open(limit: Int) -> String {
        let flags = rules.indices.map { ",\n        coalesce(bool_or(\(rowCondition(rules[$0]))), false) AS f\($0)" }.joined()
        let outer = rules.indices.map { ",\n    \(traceCondition(rules[$0], $0)) AS f\($0)" }.joined()
        let needsService = rules.contains { $0.condition == .service }
        let resource =
            needsService ? "\n    LEFT JOIN resource r ON r.project_id = s.project_id AND r.resource_id = s.resource_id" : ""
        return """
            SELECT
                trace_id,
                min(first_seen) AS first_seen,
                max(last_seen) AS last_seen,
                bool_or(is_root) AS has_root,
                count(*) FILTER (NOT is_done) AS open_spans,
                sum(records)::BIGINT AS records\(outer)
            FROM (
                SELECT
                    s.trace_id,
                    s.span_id,
                    min(s.commit_sequence) AS first_seen,
                    max(s.commit_sequence) AS last_seen,
                    bool_or(s.kind <> 2) AS is_done,
                    bool_or(s.kind <> 2 AND s.parent_span_id IS NULL) AS is_root,
                    min(s.start_timestamp) AS start_timestamp,
                    max(s.end_timestamp) AS end_timestamp,
                    count(*) AS records\(flags)
                FROM span s\(resource)
                WHERE s.project_id = \(project) AND s.commit_sequence > \(settledUpTo)
                    AND NOT EXISTS (SELECT 1 FROM trace_sample t WHERE t.project_id = \(project) AND t.trace_id = s.trace_id)
                    AND NOT EXISTS (\(begunBefore))
                GROUP BY s.trace_id, s.span_id
            )
            GROUP BY trace_id
            ORDER BY first_seen
            LIMIT \(limit)
            """
    }

    /// Traces that had records before sampling was turned on are kept as a whole; those of an hour before can still go on.
    private var begunBefore: String {
        """
        SELECT 1 FROM span b WHERE b.project_id = \(project) AND b.commit_sequence BETWEEN \(since - 3_600_000_000) AND \(since) \
        AND b.trace_id = s.trace_id
        """
    }

    /// Removed traces that have records, with the first commit of these.
    var late: String {
        """
        SELECT s.trace_id, min(s.commit_sequence) FROM span s
        JOIN trace_sample t ON t.project_id = s.project_id AND t.trace_id = s.trace_id
        WHERE s.project_id = \(project) AND s.commit_sequence > \(settledUpTo) AND NOT t.is_kept
        GROUP BY s.trace_id
        """
    }

    // MARK: Conditions

    /// What one record has to be for the rule.
    private func rowCondition(_ rule: SamplingRule) -> String {
        switch rule.condition {
        case .error: "s.status_code = 2 OR s.is_exception"
        case .duration: "true"
        case .level: "s.level >= \(rule.levelNumber ?? 0)"
        case .service: Self.like("r.service_name", rule.value ?? "")
        case .spanName: Self.like("s.span_name", rule.value ?? "")
        case .attribute: attribute(rule)
        case .feedback: Self.feedback
        case .evaluation: evaluation(rule)
        }
    }

    private func attribute(_ rule: SamplingRule) -> String {
        let text = "json_extract_string(s.attributes, \(Self.path(rule.key ?? "")))"
        return rule.value.map { Self.like(text, $0) } ?? "\(text) IS NOT NULL"
    }

    /// Feedback is a record with the name of what is judged and an attribute of that name (`logfire-contract.md` §1.7).
    private static let feedback = """
        \(feedbackName) IS NOT NULL AND (try_cast(\(feedbackValue) AS DOUBLE) <= 0 \
        OR lower(\(feedbackValue)) IN ('false', 'no', 'negative', 'bad', 'down', 'thumbs_down', 'dislike'))
        """

    // Functions and no arrows: the engine binds those weaker than comparisons.
    private static let feedbackName = "json_extract_string(s.attributes, '$.\"logfire.feedback.name\"')"
    private static let feedbackValue = "json_extract_string(s.attributes, '$.\"' || replace(\(feedbackName), '\"', '') || '\"')"

    /// A score of an evaluation: feedback with a number, or an event `gen_ai.evaluation.result` of a span or as a log.
    private func evaluation(_ rule: SamplingRule) -> String {
        let below = rule.below ?? 0
        let named = rule.evaluation.map(Self.quoted)
        func isNamed(_ expression: String) -> String { named.map { " AND \(expression) = \($0)" } ?? "" }
        func member(_ object: String, _ key: String) -> String { "json_extract_string(\(object), '\(key)')" }
        let (score, name) = ("\"gen_ai.evaluation.score.value\"", "\"gen_ai.evaluation.name\"")
        return """
            (\(Self.feedbackName) IS NOT NULL AND try_cast(\(Self.feedbackValue) AS DOUBLE) < \(below)\(isNamed(Self.feedbackName))) \
            OR (try_cast(\(member("s.attributes", "$." + score)) AS DOUBLE) < \(below)\(isNamed(member("s.attributes", "$." + name)))) \
            OR (contains(s.events::VARCHAR, 'gen_ai.evaluation.result') AND len(list_filter(from_json(s.events, '["JSON"]'), \
            lambda e: try_cast(\(member("e", "$.attributes." + score)) AS DOUBLE) < \(below)\
            \(isNamed(member("e", "$.attributes." + name))))) > 0)
            """
    }

    private func traceCondition(_ rule: SamplingRule, _ index: Int) -> String {
        guard rule.condition == .duration else { return "bool_or(f\(index))" }
        return "epoch_us(max(end_timestamp)) - epoch_us(min(start_timestamp)) >= \(Int64((rule.atLeast ?? 0) * 1e6))"
    }

    // MARK: Texts

    /// `column` equals `pattern`, in which `*` stands for any text.
    private static func like(_ column: String, _ pattern: String) -> String {
        guard pattern.contains("*") else { return "\(column) = \(quoted(pattern))" }
        let escaped = pattern.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_").replacing(
            "*", with: "%")
        return "\(column) LIKE \(quoted(escaped)) ESCAPE '\\'"
    }

    private static func path(_ key: String) -> String { quoted("$.\"" + key.replacing("\"", with: "") + "\"") }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''").filter { $0 != "\0" } + "'" }
}
