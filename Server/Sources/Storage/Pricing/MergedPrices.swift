import GenAI
import TelemetryModel

/// Prices calls whose tokens, provider or model came together from several records: the price of the one that stands for the call would
/// leave out what the others know, such as a cache.
///
/// A pure function of the decision and the prices, so it does not matter in which order the records came.
struct MergedPrices {
    let pricing: any CallPricing
    let plan: GroupPlan
    let group: [PendingWrite]
    let tables: OpenTables
    private var reader = PriceFactReader()

    init(pricing: any CallPricing, plan: GroupPlan, group: [PendingWrite], tables: OpenTables) {
        self.pricing = pricing
        self.plan = plan
        self.group = group
        self.tables = tables
    }

    /// Puts the price of the merged values into the patch of a winner. A cost that was sent stays.
    mutating func price(_ decision: inout CallDecision, of identity: StepIdentity, _ project: Int32) throws {
        let patch = decision.patch
        guard decision.winner == identity, decision.mergedRecords > 1, patch.cost == nil || patch.costSource != .sent,
            StoredCall.Patch(values: patch).isPriced, var facts = try facts(of: identity, project), facts.sentCost == nil
        else { return }
        facts.take(patch)
        let merged = pricing.cost(of: facts, project: project)
        guard merged.cost != nil else { return }
        decision.patch.cost = merged.cost
        decision.patch.inputCost = merged.inputCost
        decision.patch.outputCost = merged.outputCost
        decision.patch.costSource = merged.source
        decision.patch.costNote = merged.note
        decision.patch.priceVersion = merged.priceVersion
    }

    /// What a record says itself: it is part of this commit, or stored.
    private mutating func facts(of identity: StepIdentity, _ project: Int32) throws -> CallFacts? {
        for planned in plan.batches where group[planned.index].batch.project.value == project {
            guard var records = group[planned.index].batch.records else { continue }
            for index in planned.steps {
                let step = group[planned.index].batch.steps[index]
                let row = records.rows[step.row]
                guard row.spanID == identity.spanID, row.traceID == identity.traceID else { continue }
                let facts = reader.read(step.row, &records)
                return CallFacts(step, facts, in: records)
            }
        }
        let condition =
            "c.project_id = \(project) AND c.kind = 0 AND c.trace_id = '\(identity.traceID)' AND c.span_id = '\(identity.spanID)'"
        return try StoredCall.read(condition, project: project, tables.connection).first?.facts
    }
}
