import GenAI
import TelemetryModel

/// A row of `step_decision`.
struct DecisionRow {
    var project: Int32
    var identity: StepIdentity
    var winner: StepIdentity
    var mergedRecords: Int32
    var run: SpanID
    var isNestedTwin: Bool
    /// nil when nothing is taken from duplicates or surroundings.
    var patch: String?
}

/// What the new rows of a group decide: about themselves, and about earlier steps.
struct GroupDecisions {
    /// For every batch of the plan, one outcome per kept step.
    private(set) var outcomes: [[StepOutcome]] = []
    /// What does not fit into the step rows.
    private(set) var rows: [DecisionRow] = []
    /// Traces to be forgotten when the transaction fails.
    private(set) var touched: [(project: Int32, traces: [TraceID])] = []

    /// Applies the new rows of `plan` to the remembered steps of their projects.
    ///
    /// - Parameters:
    ///   - pricing: prices calls whose tokens come from several records.
    ///   - hidden: traces whose stored steps are about to be replaced by those of the group.
    /// - Throws: what reading back throws; call ``forget(_:)`` then too.
    static func make(
        _ plan: GroupPlan, _ group: [IngestBatch], _ state: inout HotState, _ registry: FileRegistry, _ tables: OpenTables,
        _ pricing: (any CallPricing)?, hiding hidden: Set<TraceID> = []
    ) throws -> GroupDecisions {
        var decisions = GroupDecisions()
        var prices = pricing.map {
            MergedPrices(pricing: $0, plan: plan, group: group, key: state.key, registry: registry, tables: tables)
        }
        var calls: [Key: CallDecision] = [:]
        var tools: [Key: ToolDecision] = [:]
        for (project, input) in inputs(plan, group) where !input.isEmpty {
            let stored = HotSteps(
                project: project, key: state.key, keys: state.keys, registry: registry, tables: tables, hidden: hidden)
            let changes = try state.steps[project, default: ProjectSteps()].apply(input, stored: stored)
            decisions.touched.append((project, changes.traces))
            for change in changes.calls {
                if change.isNew { calls[Key(project: project, identity: change.identity)] = change.decision }
                var change = change
                try prices?.price(&change.decision, of: change.identity, project)
                decisions.add(change, project)
            }
            for change in changes.tools {
                if change.isNew { tools[Key(project: project, identity: change.identity)] = change.decision }
                decisions.add(change, project)
            }
        }
        decisions.outcomes = plan.batches.map { planned in
            let batch = group[planned.index]
            return planned.steps.map { outcome(of: batch.steps[$0], in: batch, calls, tools) }
        }
        return decisions
    }

    /// Takes back what ``make(_:_:_:_:_:_:hiding:)`` remembered.
    func forget(_ state: inout HotState) {
        for (project, traces) in touched { state.steps[project]?.forget(traces) }
    }

    private struct Key: Hashable {
        var project: Int32
        var identity: StepIdentity
    }

    private static func inputs(_ plan: GroupPlan, _ group: [IngestBatch]) -> [Int32: StepInput] {
        var inputs: [Int32: StepInput] = [:]
        for planned in plan.batches {
            let batch = group[planned.index]
            guard let records = batch.records, !planned.rows.isEmpty else { continue }
            var isKept = [Bool](repeating: false, count: records.rows.count)
            for row in planned.rows { isKept[Int(row)] = true }
            inputs[batch.project.value, default: StepInput()].append(records, steps: batch.steps) { !isKept[$0] }
        }
        return inputs
    }

    private static func outcome(
        of step: GenAIStep, in batch: IngestBatch, _ calls: [Key: CallDecision], _ tools: [Key: ToolDecision]
    ) -> StepOutcome {
        var outcome = StepOutcome()
        guard let row = batch.records?.rows[step.row] else { return outcome }
        let identity = StepIdentity(traceID: row.traceID, spanID: row.spanID)
        let key = Key(project: batch.project.value, identity: identity)
        switch step.kind {
        case .modelCall:
            guard let decision = calls[key] else { return outcome }
            outcome.run = decision.runSpanID
            outcome.mergedRecords = decision.mergedRecords
            outcome.surroundings = decision.surroundings
            if decision.winner != identity { outcome.winner = decision.winner.spanID }
        case .toolCall:
            guard let decision = tools[key] else { return outcome }
            outcome.run = decision.runSpanID
            outcome.isNestedTwin = decision.isNestedTwin
        case .agentRun, .callEvent: break
        }
        return outcome
    }

    private mutating func add(_ change: DecisionChange<CallDecision>, _ project: Int32) {
        let decision = change.decision
        // A step row says by itself who wins in its own trace; anything else takes a row here.
        if change.isNew, decision.patch.isEmpty, decision.winner.traceID == change.identity.traceID { return }
        rows.append(
            DecisionRow(
                project: project,
                identity: change.identity,
                winner: decision.winner,
                mergedRecords: decision.mergedRecords,
                run: decision.runSpanID,
                isNestedTwin: false,
                patch: PatchJSON.render(decision.patch, decision.surroundings)
            )
        )
    }

    private mutating func add(_ change: DecisionChange<ToolDecision>, _ project: Int32) {
        if change.isNew { return }
        rows.append(
            DecisionRow(
                project: project,
                identity: change.identity,
                winner: change.identity,
                mergedRecords: 1,
                run: change.decision.runSpanID,
                isNestedTwin: change.decision.isNestedTwin,
                patch: nil
            )
        )
    }
}
