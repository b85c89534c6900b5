import TelemetryModel

/// What only some calls have (``StepDetail``): identity, request, tenancy and retries as the sender wrote them.
enum DetailsAspect {
    /// Values inside JSON, after all attributes.
    static let nested: [(detail: StepDetail, source: Source)] = [
        (.temperature, .json(.llmInvocationParameters, ["temperature"])), (.temperature, .json(.requestData, ["temperature"])),
        (.topP, .json(.llmInvocationParameters, ["top_p"])), (.topP, .json(.requestData, ["top_p"])),
        (.maxTokens, .json(.llmInvocationParameters, ["max_tokens"])), (.maxTokens, .json(.requestData, ["max_tokens"])),
        (.maxTokens, .json(.llmInvocationParameters, ["max_completion_tokens"])),
        (.maxTokens, .json(.requestData, ["max_completion_tokens"])), (.maxTokens, .json(.requestData, ["max_output_tokens"])),
        (.seed, .json(.llmInvocationParameters, ["seed"])), (.seed, .json(.requestData, ["seed"])),
        (.serviceTier, .json(.responseData, ["service_tier"])), (.serviceTier, .json(.outputValue, ["service_tier"])),
    ]

    /// The detail that an attribute holds, and its place among the attributes that hold it: the smallest wins.
    static func detail(of key: AttributeKey) -> (detail: StepDetail, place: Int)? {
        switch key {
        case .mappedCacheHit: (.cacheHit, 0)
        case .handCacheHit: (.cacheHit, 1)
        case .llmHandCacheHit: (.cacheHit, 2)
        case .mappedRegion: (.region, 0)
        case .handRegion: (.region, 1)
        case .llmHandRegion: (.region, 2)
        case .handDeploymentRegion: (.region, 3)
        case .cloudRegion: (.region, 4)
        case .mappedDeployment: (.deployment, 0)
        case .handDeployment: (.deployment, 1)
        case .llmHandDeployment: (.deployment, 2)
        case .mappedModelVersion: (.modelVersion, 0)
        case .handModelVersion: (.modelVersion, 1)
        case .llmHandModelVersion: (.modelVersion, 2)
        case .mappedServiceTier: (.serviceTier, 0)
        case .openAIResponseServiceTier: (.serviceTier, 1)
        case .genAIOpenAIResponseServiceTier: (.serviceTier, 2)
        case .openAIRequestServiceTier: (.serviceTier, 3)
        case .genAIOpenAIRequestServiceTier: (.serviceTier, 4)
        case .handServiceTier: (.serviceTier, 5)
        case .mappedExperimentBucket: (.experimentBucket, 0)
        case .handExperimentBucket: (.experimentBucket, 1)
        case .mappedEvalBucket: (.evalBucket, 0)
        case .handEvalBucket: (.evalBucket, 1)
        case .mappedTaskType: (.taskType, 0)
        case .handTaskType: (.taskType, 1)
        case .mappedTenantID: (.tenantID, 0)
        case .handTenantID: (.tenantID, 1)
        case .mappedUserSegment: (.userSegment, 0)
        case .handUserSegment: (.userSegment, 1)
        case .mappedSystemMessageTokens: (.systemMessageTokens, 0)
        case .handSystemMessageTokens: (.systemMessageTokens, 1)
        case .handSystemMessageLength: (.systemMessageTokens, 2)
        case .mappedRetrievedContextTokens: (.retrievedContextTokens, 0)
        case .handRetrievedContextTokens: (.retrievedContextTokens, 1)
        case .mappedToolResultTokens: (.toolResultTokens, 0)
        case .handToolResultTokens: (.toolResultTokens, 1)
        case .mappedTemperature: (.temperature, 0)
        case .genAIRequestTemperature: (.temperature, 1)
        case .aiSettingsTemperature: (.temperature, 2)
        case .langsmithModelTemperature: (.temperature, 3)
        case .handTemperature: (.temperature, 4)
        case .llmHandTemperature: (.temperature, 5)
        case .mappedTopP: (.topP, 0)
        case .genAIRequestTopP: (.topP, 1)
        case .aiSettingsTopP: (.topP, 2)
        case .handTopP: (.topP, 3)
        case .llmHandTopP: (.topP, 4)
        case .mappedMaxTokens: (.maxTokens, 0)
        case .genAIRequestMaxTokens: (.maxTokens, 1)
        case .aiSettingsMaxOutputTokens: (.maxTokens, 2)
        case .aiSettingsMaxTokens: (.maxTokens, 3)
        case .langsmithMaxTokens: (.maxTokens, 4)
        case .handMaxTokens: (.maxTokens, 5)
        case .llmHandMaxTokens: (.maxTokens, 6)
        case .mappedSeed: (.seed, 0)
        case .genAIRequestSeed: (.seed, 1)
        case .genAIOpenAIRequestSeed: (.seed, 2)
        case .handSeed: (.seed, 3)
        case .mappedRetryCount: (.retryCount, 0)
        case .handRetryCount: (.retryCount, 1)
        case .llmHandRetryCount: (.retryCount, 2)
        case .pydanticAIToolRetryAttempt: (.retryCount, 3)
        case .pydanticAIOutputRetryAttempt: (.retryCount, 4)
        case .mappedRetryCause: (.retryCause, 0)
        case .handRetryCause: (.retryCause, 1)
        case .llmHandRetryCause: (.retryCause, 2)
        case .pydanticAIToolRetryCause: (.retryCause, 3)
        case .pydanticAIOutputRetryCause: (.retryCause, 4)
        case .mappedPromptBuildTime: (.promptBuildTime, 0)
        case .handPromptBuildMs: (.promptBuildTime, 1)
        default: nil
        }
    }

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) {
        var json: [UInt8] = []
        var known: UInt32 = 0
        row.forEachDetail(batch) { detail, attribute in
            if write(detail, attribute, batch, to: &json) { known |= 1 << detail.bit }
        }
        for (detail, source) in nested where known & 1 << detail.bit == 0 {
            if write(detail, source, row, batch, to: &json) { known |= 1 << detail.bit }
        }
        if json.isEmpty { return }
        json.append(UInt8(ascii: "}"))
        step.details = batch.text.append(bytes: json)
    }

    private static func begin(_ detail: StepDetail, _ json: inout [UInt8]) {
        json.append(json.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
        json.append(UInt8(ascii: "\""))
        json.append(contentsOf: detail.rawValue.utf8)
        json.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
    }

    /// - Returns: false when the attribute holds nothing of the detail's kind.
    private static func write(_ detail: StepDetail, _ attribute: Attribute, _ batch: RecordBatch, to json: inout [UInt8]) -> Bool {
        switch detail.kind {
        case .text:
            switch attribute.kind {
            case .string, .json:
                if attribute.text.isEmpty { return false }
                begin(detail, &json)
                batch.text.withBytes(attribute.text) { JSONText.appendQuoted($0, to: &json) }
            case .int:
                begin(detail, &json)
                json.append(contentsOf: "\"\(attribute.intValue)\"".utf8)
            case .double where attribute.doubleValue.isFinite:
                begin(detail, &json)
                json.append(contentsOf: "\"\(attribute.doubleValue)\"".utf8)
            default: return false
            }
        case .integer:
            guard let value = StepRow.lenient(attribute, batch).flatMap({ Int64(exactly: $0) }) else { return false }
            begin(detail, &json)
            json.append(contentsOf: String(value).utf8)
        case .number:
            let value = attribute.key == .handPromptBuildMs ? StepRow.seconds(attribute, batch) : StepRow.lenient(attribute, batch)
            guard let value, value.isFinite else { return false }
            begin(detail, &json)
            json.append(contentsOf: String(value).utf8)
        case .boolean:
            guard let flag = StepRow.flag(attribute, batch) else { return false }
            begin(detail, &json)
            json.append(contentsOf: (flag ? "true" : "false").utf8)
        }
        return true
    }

    private static func write(
        _ detail: StepDetail, _ source: Source, _ row: StepRow, _ batch: RecordBatch, to json: inout [UInt8]
    ) -> Bool {
        guard case .json(let key, let path) = source, row.has(key) else { return false }
        let text: [UInt8]? = row.withJSON(key, batch) { cursor, root in
            guard let value = cursor.find(path, in: root) else { return nil }
            switch detail.kind {
            case .text where value.kind == .string && value.range.count > 2: return Array(cursor.bytes[value.range])
            case .integer: return cursor.integer(value).map { Array(String($0).utf8) }
            case .number: return cursor.double(value).map { Array(String($0).utf8) }
            default: return nil
            }
        }
        guard let text else { return false }
        begin(detail, &json)
        json.append(contentsOf: text)
        return true
    }
}

extension StepDetail {
    /// The detail's number among all.
    fileprivate var bit: UInt32 { UInt32(truncatingIfNeeded: Self.allCases.firstIndex(of: self) ?? 0) }
}

extension StepRow {
    /// Calls `body` with every detail of the record and the attribute that holds it.
    fileprivate func forEachDetail(_ batch: RecordBatch, _ body: (StepDetail, Attribute) -> Void) {
        withKnown { entries in
            for entry in entries {
                guard let own = DetailsAspect.detail(of: entry.key) else { continue }
                let isFirst = entries.allSatisfy { other in
                    guard let found = DetailsAspect.detail(of: other.key), found.detail == own.detail else { return true }
                    return (own.place, entry.index) <= (found.place, other.index)
                }
                if isFirst { body(own.detail, batch.attributes[entry.index]) }
            }
        }
    }
}
