import DuckDBKit
import GenAI
import TelemetryModel

/// Reads back the steps of traces that ``ProjectSteps`` no longer remembers. Asked on the writer's thread, before its transaction.
struct HotSteps: StoredSteps {
    let project: Int32
    let key: IdentityKey
    /// Most questions end here.
    let keys: StoredKeys
    let registry: FileRegistry
    let tables: OpenTables
    /// Traces whose steps are about to be replaced, and so are not there.
    var hidden: Set<TraceID> = []

    func steps(of traces: [TraceID]) throws -> [TraceSteps] {
        let stored = traces.filter { !hidden.contains($0) && keys.mayHave(key.trace(project, $0)) }
        if stored.isEmpty { return [] }
        var found: [TraceID: TraceSteps] = [:]
        for trace in stored { found[trace] = TraceSteps(traceID: trace) }
        let lease = try registry.lease(project: project, wanted: .traces(stored.map { key.trace(project, $0) }))
        try readLinks(stored, lease, &found)
        try readSteps(stored, lease, &found)
        return Array(found.values)
    }

    func traces(naming responses: [ResponseKey]) throws -> [TraceID] {
        let stored = Set(responses.filter { keys.mayHave(key.response(project, $0)) })
        if stored.isEmpty { return [] }
        // Only texts are stored, so the hashes are made anew; this happens after a restart or when a response comes back late.
        let lease = try registry.lease(project: project, wanted: .others(stored.map { key.response(project, $0) }))
        var result = try tables.connection.query(
            lease.resolve(
                "SELECT trace_id, provider, response_id FROM step WHERE project_id = \(project) AND kind = 0 AND response_id IS NOT NULL")
        )
        var found: Set<TraceID> = []
        while let chunk = try result.next() {
            let (traces, providers, ids) = (chunk.column(0), chunk.column(1), chunk.column(2))
            for row in 0..<chunk.rowCount {
                let response = ResponseKey(provider: StoredID.hash(providers, row), responseID: StoredID.hash(ids, row))
                if stored.contains(response), let trace = StoredID.trace(traces, row), !hidden.contains(trace) { found.insert(trace) }
            }
        }
        return Array(found)
    }

    func streams(of streams: [UInt64]) throws -> [StreamMember] {
        let stored = streams.filter { keys.mayHave(key.stream(project, $0)) }
        if stored.isEmpty { return [] }
        let lease = try registry.lease(project: project, wanted: .others(stored.map { key.stream(project, $0) }))
        let sql = """
            SELECT trace_id, span_id, stream_role, epoch_us(start_timestamp) * 1000 + start_nanosecond, stream_key FROM step
            WHERE project_id = \(project) AND stream_key IN (\(stored.map(String.init).joined(separator: ", ")))
            """
        var result = try tables.connection.query(lease.resolve(sql))
        var found: [StreamMember] = []
        while let chunk = try result.next() {
            let columns = (0..<chunk.columnCount).map { chunk.column($0) }
            for row in 0..<chunk.rowCount {
                guard let trace = StoredID.trace(columns[0], row), !hidden.contains(trace), let span = StoredID.span(columns[1], row),
                    let role = StreamRole(rawValue: UInt8(truncatingIfNeeded: columns[2].int64(row)))
                else { continue }
                let identity = StepIdentity(traceID: trace, spanID: span)
                found.append(StreamMember(key: columns[4].uint64(row), role: role, start: columns[3].int64(row), identity: identity))
            }
        }
        return found
    }

    private func condition(_ traces: [TraceID]) -> String {
        "project_id = \(project) AND \(TextSetFunction.condition("trace_id", traces.map(\.description)))"
    }

    private func readLinks(_ traces: [TraceID], _ lease: FileLease, _ found: inout [TraceID: TraceSteps]) throws {
        let sql = """
            SELECT trace_id, span_id, parent_span_id, epoch_us(start_timestamp), start_nanosecond, epoch_us(end_timestamp),
                kind, span_kind, http_method, http_status_code, status_code = 2 OR is_exception, exception_type,
                CASE WHEN strlen(span_name) < 16 THEN span_name END
            FROM span WHERE \(condition(traces)) AND kind <> 1
            """
        var result = try tables.connection.query(lease.resolve(sql))
        while let chunk = try result.next() {
            let columns = (0..<chunk.columnCount).map { chunk.column($0) }
            for row in 0..<chunk.rowCount {
                guard let trace = StoredID.trace(columns[0], row), let span = StoredID.span(columns[1], row),
                    let parent = StoredID.span(columns[2], row)
                else { continue }
                found[trace]?.addLink(span, parent: parent)
                if columns[6].int64(row) == 0 { Self.addSurrounding(columns, row, span, parent, &found[trace]) }
            }
        }
    }

    /// Adds the row where it is an HTTP request or builds a prompt.
    private static func addSurrounding(
        _ columns: [ColumnReader], _ row: Int, _ span: SpanID, _ parent: SpanID, _ steps: inout TraceSteps?
    ) {
        let start = columns[3].int64(row) * 1000
        if !columns[8].isNull(row) {
            let attempt = SurroundingSpans.attempt(
                span, parent: parent, start: start + columns[4].int64(row), spanKind: UInt8(truncatingIfNeeded: columns[7].int64(row)),
                method: StoredID.hash(columns[8], row),
                httpStatus: columns[9].isNull(row) ? nil : Int16(truncatingIfNeeded: columns[9].int64(row)),
                isError: !columns[10].isNull(row) && columns[10].bool(row),
                exceptionType: columns[11].isNull(row) ? nil : columns[11].string(row))
            if let attempt { steps?.add(attempt) }
        } else if !columns[12].isNull(row), columns[12].withBytes(row, SurroundingSpans.buildsPrompt) {
            steps?.add(PromptBuildCandidate(spanID: span, parent: parent, start: start, end: columns[5].int64(row) * 1000))
        }
    }

    private func readSteps(_ traces: [TraceID], _ lease: FileLease, _ found: inout [TraceID: TraceSteps]) throws {
        let sql = """
            SELECT kind, trace_id, span_id, parent_span_id, tool_name, epoch_us(start_timestamp) * 1000 + start_nanosecond, scope_id,
                stream_role, provider, model, response_model, response_id, input_tokens, output_tokens, cache_read_tokens,
                cache_write_tokens, reasoning_tokens, cost, time_to_first_token, duration, finish_reasons, is_truncated, has_tool_calls,
                tool_call_count, input_cost, output_cost, coalesce(cost_source, CASE WHEN cost IS NULL THEN 0 ELSE 2 END), cost_note,
                price_version, refusal, json_parse_success, is_streaming, coalesce(stream_key, 0), coalesce(operation = 'embeddings', false)
            FROM step WHERE \(condition(traces))
            """
        var result = try tables.connection.query(lease.resolve(sql))
        while let chunk = try result.next() {
            let columns = (0..<chunk.columnCount).map { chunk.column($0) }
            for row in 0..<chunk.rowCount {
                guard let trace = StoredID.trace(columns[1], row), let span = StoredID.span(columns[2], row),
                    let parent = StoredID.span(columns[3], row),
                    let kind = GenAIStepKind(rawValue: UInt8(truncatingIfNeeded: columns[0].int64(row)))
                else { continue }
                switch kind {
                case .modelCall: found[trace]?.add(Self.call(columns, row, span, parent))
                case .agentRun: found[trace]?.add(RunCandidate(spanID: span, parent: parent))
                case .callEvent:
                    var values = Self.call(columns, row, span, parent).values
                    (values.duration, values.timeToFirstToken) = (nil, nil)
                    found[trace]?.add(CallEventCandidate(spanID: span, call: parent, values: values))
                case .toolCall:
                    found[trace]?.add(ToolCandidate(spanID: span, parent: parent, name: StoredID.hash(columns[4], row)))
                }
            }
        }
    }

    private static func call(_ columns: [ColumnReader], _ row: Int, _ span: SpanID, _ parent: SpanID) -> CallCandidate {
        func int(_ index: Int) -> Int64? { columns[index].isNull(row) ? nil : columns[index].int64(row) }
        func double(_ index: Int) -> Double? { columns[index].isNull(row) ? nil : columns[index].double(row) }
        func bool(_ index: Int) -> Bool? { columns[index].isNull(row) ? nil : columns[index].bool(row) }
        func text(_ index: Int) -> String? { columns[index].isNull(row) ? nil : columns[index].string(row) }

        var values = CallValues()
        values.provider = text(8)
        values.responseModel = text(10)
        values.inputTokens = int(12)
        values.outputTokens = int(13)
        values.cacheReadTokens = int(14)
        values.cacheWriteTokens = int(15)
        values.reasoningTokens = int(16)
        values.cost = double(17)
        values.timeToFirstToken = double(18)
        values.duration = double(19)
        values.finishReasonsJSON = text(20)
        values.isTruncated = bool(21)
        values.hasToolCalls = bool(22)
        values.toolCallCount = int(23).map { Int32(truncatingIfNeeded: $0) }
        values.inputCost = double(24)
        values.outputCost = double(25)
        values.costSource = CostSource(rawValue: UInt8(truncatingIfNeeded: columns[26].int64(row))) ?? .unpriced
        values.costNote = values.cost == nil ? nil : text(27)
        values.priceVersion = text(28)
        values.refusal = bool(29)
        values.jsonParseSuccess = bool(30)
        values.isStreaming = bool(31)
        return CallCandidate(
            spanID: span,
            parent: parent,
            start: columns[5].int64(row),
            model: StoredID.hash(columns[9], row),
            provider: StoredID.hash(columns[8], row),
            scope: columns[6].uint64(row),
            responseID: StoredID.hash(columns[11], row),
            streamRole: StreamRole(rawValue: UInt8(truncatingIfNeeded: columns[7].int64(row))) ?? .none,
            streamKey: columns[32].uint64(row),
            isEmbedding: columns[33].bool(row),
            values: values
        )
    }
}

extension StoredID {
    /// The hash that candidates use for a text; 0 for NULL.
    static func hash(_ column: ColumnReader, _ row: Int) -> UInt64 {
        column.isNull(row) ? 0 : StepHash.text(column.string(row))
    }
}
