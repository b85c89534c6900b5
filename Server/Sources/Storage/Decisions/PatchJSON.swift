import GenAI

/// Renders the values that a winner takes from its duplicates and from the spans around it: a JSON object with the names of the columns of `step`.
enum PatchJSON {
    /// nil when there are none.
    static func render(_ values: CallValues, _ surroundings: CallSurroundings) -> String? {
        if values.isEmpty, surroundings.isEmpty { return nil }
        var members: [String] = []
        func add(_ name: String, _ value: (some CustomStringConvertible)?) {
            if let value { members.append("\"\(name)\":\(value)") }
        }
        func addText(_ name: String, _ text: String?) {
            if let text { members.append("\"\(name)\":\(quoted(text))") }
        }
        add("input_tokens", values.inputTokens)
        add("output_tokens", values.outputTokens)
        add("cache_read_tokens", values.cacheReadTokens)
        add("cache_write_tokens", values.cacheWriteTokens)
        add("reasoning_tokens", values.reasoningTokens)
        if let cost = finite(values.cost) {
            add("cost", cost)
            add("input_cost", finite(values.inputCost))
            add("output_cost", finite(values.outputCost))
            add("cost_source", values.costSource.rawValue)
            addText("cost_note", values.costNote)
            addText("price_version", values.priceVersion)
        }
        add("time_to_first_token", finite(values.timeToFirstToken))
        add("duration", finite(values.duration))
        addText("provider", values.provider)
        addText("response_model", values.responseModel)
        add("finish_reasons", values.finishReasonsJSON)
        add("tool_call_count", values.toolCallCount)
        add("is_truncated", values.isTruncated)
        add("has_tool_calls", values.hasToolCalls)
        add("refusal", values.refusal)
        add("json_parse_success", values.jsonParseSuccess)
        add("is_streaming", values.isStreaming)
        add("retry_count", surroundings.retryCount)
        addText("retry_cause", surroundings.retryCause)
        add("prompt_build_time", finite(surroundings.promptBuildTime))
        return "{" + members.joined(separator: ",") + "}"
    }

    /// JSON has no infinities.
    private static func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
