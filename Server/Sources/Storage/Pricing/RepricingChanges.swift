import GenAI

/// What pricing again changes in the rows of one page, as statements.
struct RepricingChanges {
    let project: Int32
    private var rows: [(call: StoredCall, cost: CallCost)] = []
    private var patches: [(call: StoredCall, cost: CallCost)] = []

    init(project: Int32) { self.project = project }

    var isEmpty: Bool { rows.isEmpty && patches.isEmpty }

    /// Prices a call again: the record itself, and with what it takes from its duplicates.
    ///
    /// - Returns: the cost that users see from now on.
    mutating func reprice(_ call: StoredCall, by pricing: any CallPricing) -> CallCost {
        let own = pricing.cost(of: call.facts, project: project)
        if own != call.cost { rows.append((call, own)) }
        guard let patch = call.patch else { return own }
        // A cost that a duplicate brought as sent stays, and so does one of the record's own.
        if patch.cost?.source == .sent { return patch.cost ?? own }
        guard patch.isPriced, own.source != .sent else { return own }
        var facts = call.facts
        facts.take(patch.values)
        let merged = pricing.cost(of: facts, project: project)
        guard merged.cost != nil else {
            // What the parts say together has no price: the record's own holds, unless the patch has an old one.
            if patch.cost != nil { patches.append((call, own)) }
            return own
        }
        if merged != patch.cost { patches.append((call, merged)) }
        return merged
    }

    /// Makes the statement for one file, once the files and the sequence of the commit are known.
    typealias Statement = @Sendable (_ file: FileArms.Arm, _ files: FileLease, _ sequence: Int64) -> String

    /// One statement for each table that changes.
    var statements: [Statement] {
        var statements: [Statement] = []
        if !rows.isEmpty {
            let text = updateText
            statements.append { file, _, _ in "UPDATE \(file.alias).step SET" + text }
        }
        if !patches.isEmpty {
            let (project, values) = (project, patches.map { Self.patchRow($0.call, $0.cost) }.joined(separator: ",\n"))
            statements.append { Self.decisionText(project, values, $0, $1, sequence: $2) }
        }
        return statements
    }

    /// What follows `UPDATE step SET`. The updated table is named as such in every file.
    private var updateText: String {
        let starts = rows.map(\.call.start)
        let values = rows.map { call, cost in
            """
            ('\(call.traceID)', '\(call.spanID)', \(Self.number(cost.cost)), \(Self.number(cost.inputCost)), \
            \(Self.number(cost.outputCost)), \(cost.source.rawValue)::UTINYINT, \(Self.text(cost.note)), \(Self.text(cost.priceVersion)))
            """
        }
        return """

                cost = v.cost, input_cost = v.input_cost, output_cost = v.output_cost, cost_source = v.cost_source,
                cost_note = v.cost_note, price_version = v.price_version
            FROM (VALUES
            \(values.joined(separator: ",\n"))
            ) v(trace_id, span_id, cost, input_cost, output_cost, cost_source, cost_note, price_version)
            WHERE step.project_id = \(project) AND step.kind = 0
            AND step.start_timestamp BETWEEN make_timestamptz(\(starts.min() ?? 0)) AND make_timestamptz(\(starts.max() ?? 0))
            AND step.trace_id = v.trace_id AND step.span_id = v.span_id
            """
    }

    private static func patchRow(_ call: StoredCall, _ cost: CallCost) -> String {
        var values = CallValues()
        values.cost = cost.cost
        values.inputCost = cost.inputCost
        values.outputCost = cost.outputCost
        values.costSource = cost.source
        values.costNote = cost.note
        values.priceVersion = cost.priceVersion
        let rendered = cost.cost == nil ? nil : PatchJSON.render(values, CallSurroundings())
        return "('\(call.traceID)', '\(call.spanID)', \(call.decision), \(text(rendered)))"
    }

    /// Repeats the newest decision with another cost in the file that has it, unless a newer one has come in between: that was made with
    /// the prices of now.
    private static func decisionText(
        _ project: Int32, _ values: String, _ file: FileArms.Arm, _ files: FileLease, sequence: Int64
    ) -> String {
        let empty = """
            {"cost":null,"input_cost":null,"output_cost":null,"cost_source":null,"cost_note":null,"price_version":null}
            """
        let later = files.resolve(
            """
            SELECT 1 FROM step_decision later WHERE later.project_id = \(project) AND later.trace_id = v.trace_id
                AND later.span_id = v.span_id AND later.commit_sequence > v.decision
            """)
        return """
            INSERT INTO \(file.alias).step_decision
            SELECT n.project_id, \(sequence), n.trace_id, n.span_id, n.winner_trace_id, n.winner_span_id, n.merged_records, n.run_span_id,
                n.is_nested_twin,
                json_merge_patch(json_merge_patch(n.patch, '\(empty)'::JSON), coalesce(v.cost, '{}')::JSON), n.step_key\(file.isSegment ? ", n.hot" : "")
            FROM (VALUES
            \(values)
            ) v(trace_id, span_id, decision, cost)
            JOIN \(file.alias).step_decision n ON n.project_id = \(project) AND n.trace_id = v.trace_id AND n.span_id = v.span_id
                AND n.commit_sequence = v.decision
            WHERE NOT EXISTS (\(later))
            """
    }

    private static func number(_ value: Double?) -> String { value.map { "\($0)::DOUBLE" } ?? "NULL::DOUBLE" }

    private static func text(_ value: String?) -> String {
        guard let value else { return "NULL::VARCHAR" }
        return "'\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }
}

extension RepricingProgress {
    /// Counts a call that was looked at.
    mutating func add(_ call: StoredCall, _ after: CallCost) {
        guard call.stands else { return }
        let before = call.shownCost
        calls += 1
        var facts = call.facts
        if let patch = call.patch { facts.take(patch.values) }
        var model = models[ModelKey(provider: facts.provider, model: facts.requestModel)] ?? ModelChange()
        model.calls += 1
        if before.source == .sent { keptSent += 1 }
        if before != after {
            changed += 1
            model.changed += 1
        }
        if before.cost == nil, after.cost != nil { newlyPriced += 1 }
        if before.cost != nil, after.cost == nil { newlyUnpriced += 1 }
        costBefore += before.cost ?? 0
        costAfter += after.cost ?? 0
        model.costBefore += before.cost ?? 0
        model.costAfter += after.cost ?? 0
        models[ModelKey(provider: facts.provider, model: facts.requestModel)] = model
    }
}
