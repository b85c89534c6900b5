import DuckDBKit
import GenAI
import TelemetryModel

/// A stored model-call record with everything its price depends on.
struct StoredCall: Sendable {
    var traceID: String
    var spanID: String
    /// Microseconds since the Unix epoch.
    var start: Int64
    var end: Int64
    /// What the record itself says; the facts of its attributes are added later.
    var facts = CallFacts()
    var cost: CallCost
    /// Whether it stands for a call.
    var stands: Bool
    /// The newest decision, 0 when there is none, and what it gives the record.
    var decision: Int64
    var patch: Patch?

    /// What a winner takes from its duplicates, as far as prices go.
    struct Patch: Sendable {
        var values = CallValues()
        /// The cost in the patch, nil when the record's own holds.
        var cost: CallCost?

        /// Whether it changes what a price depends on.
        var isPriced: Bool {
            values.inputTokens != nil || values.outputTokens != nil || values.cacheReadTokens != nil || values.cacheWriteTokens != nil
                || values.reasoningTokens != nil || values.provider != nil || values.responseModel != nil
        }
    }

    /// The cost that users see.
    var shownCost: CallCost { patch?.cost ?? cost }
}

extension StoredCall {
    /// The first columns of a page; see ``init(_:_:)``.
    static let columns = """
        c.trace_id, c.span_id, epoch_us(c.start_timestamp), epoch_us(c.end_timestamp), c.start_nanosecond, c.provider, c.model,
        c.response_model, c.input_tokens, c.output_tokens, c.cache_read_tokens, c.cache_write_tokens, c.reasoning_tokens, c.cost,
        c.input_cost, c.output_cost, coalesce(c.cost_source, CASE WHEN c.cost IS NULL THEN 0 ELSE 2 END)::UTINYINT, c.cost_note,
        c.price_version, CASE WHEN d.decision IS NULL THEN c.winner_span_id IS NULL ELSE d.decision.stands END,
        coalesce(d.commit_sequence, 0), (d.decision.patch->>'input_tokens')::BIGINT, (d.decision.patch->>'output_tokens')::BIGINT,
        (d.decision.patch->>'cache_read_tokens')::BIGINT, (d.decision.patch->>'cache_write_tokens')::BIGINT,
        (d.decision.patch->>'reasoning_tokens')::BIGINT, d.decision.patch->>'provider', d.decision.patch->>'response_model',
        (d.decision.patch->>'cost')::DOUBLE, (d.decision.patch->>'input_cost')::DOUBLE, (d.decision.patch->>'output_cost')::DOUBLE,
        coalesce((d.decision.patch->>'cost_source')::UTINYINT, 2)::UTINYINT, d.decision.patch->>'cost_note',
        d.decision.patch->>'price_version'
        """

    init(_ columns: [ColumnReader], _ row: Int) {
        func int(_ index: Int) -> Int64? { columns[index].isNull(row) ? nil : columns[index].int64(row) }
        func double(_ index: Int) -> Double? { columns[index].isNull(row) ? nil : columns[index].double(row) }
        func text(_ index: Int) -> String? { columns[index].isNull(row) ? nil : columns[index].string(row) }
        func cost(_ first: Int) -> CallCost {
            CallCost(
                cost: double(first), inputCost: double(first + 1), outputCost: double(first + 2),
                source: CostSource(rawValue: UInt8(truncatingIfNeeded: int(first + 3) ?? 0)) ?? .unpriced, note: text(first + 4),
                priceVersion: text(first + 5))
        }

        traceID = text(0) ?? ""
        spanID = text(1) ?? ""
        start = int(2) ?? 0
        end = int(3) ?? start
        facts.startNanoseconds = start * 1000 + (int(4) ?? 0)
        facts.provider = text(5)
        facts.requestModel = text(6)
        facts.responseModel = text(7)
        facts.inputTokens = int(8)
        facts.outputTokens = int(9)
        facts.cacheReadTokens = int(10)
        facts.cacheWriteTokens = int(11)
        facts.reasoningTokens = int(12)
        self.cost = cost(13)
        facts.sentCost = SentCost(self.cost)
        stands = columns[19].isNull(row) || columns[19].bool(row)
        decision = int(20) ?? 0
        guard decision > 0, stands else { return }
        var patch = Patch()
        patch.values.inputTokens = int(21)
        patch.values.outputTokens = int(22)
        patch.values.cacheReadTokens = int(23)
        patch.values.cacheWriteTokens = int(24)
        patch.values.reasoningTokens = int(25)
        patch.values.provider = text(26)
        patch.values.responseModel = text(27)
        if double(28) != nil { patch.cost = cost(28) }
        self.patch = patch
    }
}

extension CallFacts {
    /// Takes over the facts in columns that start at `first`, in the order of ``PriceFact``.
    mutating func take(_ columns: [ColumnReader], _ row: Int, from first: Int) {
        for (offset, fact) in PriceFact.allCases.enumerated() {
            let column = columns[first + offset]
            if column.isNull(row) { continue }
            switch fact {
            case .serverAddress: serverAddress = column.string(row)
            case .serviceTier: serviceTier = column.string(row)
            case .speed: speed = column.string(row)
            case .cacheWrite5mTokens: cacheWrite5mTokens = Self.count(column, row)
            case .cacheWrite1hTokens: cacheWrite1hTokens = Self.count(column, row)
            case .inputAudioTokens: inputAudioTokens = Self.count(column, row)
            case .outputAudioTokens: outputAudioTokens = Self.count(column, row)
            case .cacheAudioReadTokens: cacheAudioReadTokens = Self.count(column, row)
            case .webSearches: webSearches = Self.count(column, row)
            }
        }
    }

    private static func count(_ column: ColumnReader, _ row: Int) -> Int64? {
        let count = column.int64(row)
        return count < 0 ? nil : count
    }
}
