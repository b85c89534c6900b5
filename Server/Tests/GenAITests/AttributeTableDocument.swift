import Foundation
import TelemetryModel
import Testing

@testable import GenAI

/// The list of attributes in `Docs/genai.md` is made from the tables of the aspects, so that it cannot say anything else than they do.
///
/// Run with `HEARTH_UPDATE_GOLDENS=1` to write it anew.
@Suite struct AttributeTableDocument {
    private static let begin = "<!-- attributes: written by AttributeTableDocument -->\n"
    private static let end = "<!-- attributes: end -->"

    @Test func documentIsWhatTheCodeReads() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Docs/genai.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try #require(text.range(of: Self.begin))
        let stop = try #require(text.range(of: Self.end))
        if ProcessInfo.processInfo.environment["HEARTH_UPDATE_GOLDENS"] != nil {
            try text.replacingCharacters(in: start.upperBound..<stop.lowerBound, with: Self.table).write(
                to: page, atomically: true, encoding: .utf8)
            return
        }
        #expect(text[start.upperBound..<stop.lowerBound] == Self.table, "Docs/genai.md is out of date; run with HEARTH_UPDATE_GOLDENS=1")
    }

    // MARK: The table

    private static var table: String {
        var text = "| column | attributes, the first that has a value |\n|---|---|\n"
        for (column, sources) in columns {
            text += "| `\(column)` | \(sources.filter { !$0.contains("hearth.mapped.") }.joined(separator: ", ")) |\n"
        }
        return text
    }

    private static var columns: [(String, [String])] {
        [
            ("operation", OperationAspect.dialects.map { name($0.key) } + ["else the scope and the span's name"]),
            ("provider", (ProviderAspect.keys + ProviderAspect.fallbacks).map(name)),
            ("model", ModelsAspect.keys.map(name) + texts(ModelsAspect.requests) + texts(ModelsAspect.handwritten)),
            ("response_model", texts(ModelsAspect.responses)),
            ("input_tokens", texts(UsageAspect.input)),
            ("output_tokens", texts(UsageAspect.output)),
            ("cache_read_tokens", texts(UsageAspect.cacheRead)),
            ("cache_write_tokens", texts(UsageAspect.cacheWrite)),
            ("reasoning_tokens", texts(UsageAspect.reasoning)),
            ("cost", texts(CostAspect.sources)),
            ("input_cost", texts(CostAspect.input)),
            ("output_cost", texts(CostAspect.output)),
            ("time_to_first_token", texts(TimingAspect.timeToFirstToken)),
            (
                "duration",
                ["the span's"] + texts(TimingAspect.total).map { "\($0) when longer" } + [
                    "of a stream's log \(texts(TimingAspect.streamDuration)[0])"
                ]
            ),
            ("finish_reasons", FinishAspect.sources.map(text)),
            ("tool_call_count", texts(ToolsAspect.counts) + ToolsAspect.responses.map(text)),
            ("refusal", ResponseAspect.refusals.map(name) + ["the answer's messages", "the finish reason"]),
            ("json_parse_success", ResponseAspect.parses.map(name) + ["the answer, where a schema or JSON was asked for"]),
            ("is_streaming", ResponseAspect.streaming.map(name) + ["`stream` of the request", "known time to first token"]),
            ("agent_name", texts(AgentAspect.sources) + texts(AgentAspect.fallbacks)),
            ("conversation_id", texts(ConversationAspect.conversation)),
            ("user_id", texts(ConversationAspect.user)),
            ("prompt_name", texts(ConversationAspect.promptName)),
            ("prompt_version", texts(ConversationAspect.promptVersion)),
            ("error_type", texts(ErrorAspect.types)),
        ] + details + [("tool_name", texts(ToolsAspect.names)), ("tool_call_id", texts(ToolsAspect.callIDs))]
    }

    private static var details: [(String, [String])] {
        let keys = AttributeKey.allCases.compactMap { key in
            DetailsAspect.detail(of: key).map { (key: key, detail: $0.detail, place: $0.place) }
        }
        return StepDetail.allCases.map { detail in
            let own = keys.filter { $0.detail == detail }.sorted { $0.place < $1.place }.map { name($0.key) }
            return (detail.rawValue, own + DetailsAspect.nested.filter { $0.detail == detail }.map { text($0.source) })
        }
    }

    // MARK: Words

    private static func name(_ key: AttributeKey) -> String { "`\(key.rawValue)`" }

    private static func path(_ key: AttributeKey, _ path: [StaticString]) -> String {
        path.isEmpty ? name(key) : "`\(key.rawValue)` → `\(path.map { "\($0)" }.joined(separator: "."))`"
    }

    private static func texts(_ sources: [Source]) -> [String] { sources.map(text) }

    private static func text(_ source: Source) -> String {
        switch source {
        case .attribute(let key), .lenient(let key): name(key)
        case .json(let key, let members): path(key, members)
        case .jsonSum(let key, let members, let more):
            path(key, members) + more.map { " + `\($0.map { "\($0)" }.joined(separator: "."))`" }.joined()
        case .milliseconds(let key): "\(name(key)) (ms)"
        case .duration(let key): "\(name(key)) (ms, or as written)"
        case .firstEvent(let event): "event `\(event)`"
        }
    }

    private static func text(_ source: FinishAspect.ReasonSource) -> String {
        switch source {
        case .list(let key): name(key)
        case .messages(let key): "\(name(key)) → `finish_reason` of the messages"
        case .numbered(let prefix, let suffix): "`\(prefix)N\(suffix)`"
        case .json(let key, let members): path(key, members)
        case .response(let key): "\(name(key)) → `incomplete_details.reason` or `status`"
        }
    }

    private static func text(_ source: ToolsAspect.ResponseSource) -> String {
        switch source {
        case .parts(let key): "\(name(key)) → parts of type `tool_call`"
        case .calls(let key, let members): path(key, members)
        case .lastMessage(let key): "\(name(key)) → `tool_calls` of the last message"
        case .lastMessages(let key): "\(name(key)) → `tool_calls` of the last messages"
        case .items(let key): "\(name(key)) → `tool_calls` of its messages, items of type `function_call`"
        case .numbered(let prefix, let middle): "`\(prefix)N\(middle)M`"
        }
    }
}
