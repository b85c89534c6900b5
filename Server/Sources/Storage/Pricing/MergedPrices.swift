import GenAI
import TelemetryModel

/// Prices calls whose tokens, provider or model came together from several records: the price of the one that stands for the call would
/// leave out what the others know, such as a cache.
///
/// A pure function of the decision and the prices, so it does not matter in which order the records came.
struct MergedPrices {
    let pricing: any CallPricing
    let plan: GroupPlan
    let group: [IngestBatch]
    let key: IdentityKey
    let registry: FileRegistry
    let tables: OpenTables
    private var reader = PriceFactReader()
    /// Where the steps of this commit are; filled when the first is asked for.
    private var places: [StepIdentity: Place]?
    /// Reading a step's facts may add to its batch's text, so the batch is copied once and not for every step.
    private var copies: [Int: RecordBatch] = [:]

    private struct Place {
        var batch: Int
        var step: Int
    }

    init(pricing: any CallPricing, plan: GroupPlan, group: [IngestBatch], key: IdentityKey, registry: FileRegistry, tables: OpenTables) {
        self.pricing = pricing
        self.plan = plan
        self.group = group
        self.key = key
        self.registry = registry
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
        if let place = place(of: identity, project), let records = group[place.batch].records {
            let step = group[place.batch].steps[place.step]
            let facts = reader.read(step.row, &copies[place.batch, default: records])
            return CallFacts(step, facts, in: copies[place.batch, default: records])
        }
        let condition =
            "c.project_id = \(project) AND c.kind = 0 AND c.trace_id = '\(identity.traceID)' AND c.span_id = '\(identity.spanID)'"
        let lease = try registry.lease(project: project, wanted: .traces([key.trace(project, identity.traceID)]))
        return try StoredCall.read(condition, project: project, lease, tables.connection).first?.facts
    }

    private mutating func place(of identity: StepIdentity, _ project: Int32) -> Place? {
        if places == nil {
            var all: [StepIdentity: Place] = [:]
            for planned in plan.batches {
                guard let records = group[planned.index].records else { continue }
                for index in planned.steps {
                    let row = records.rows[group[planned.index].steps[index].row]
                    all[StepIdentity(traceID: row.traceID, spanID: row.spanID)] = Place(batch: planned.index, step: index)
                }
            }
            places = all
        }
        guard let place = places?[identity], group[place.batch].project.value == project else { return nil }
        return place
    }
}
