import Foundation
import GenAI
import OTLPIngest
import TelemetryModel

/// The captured requests of one scenario and what must be counted in them (`Conformance/fixtures/otlp`).
struct Scenario {
    /// `HEARTH_OTLP_FIXTURES` names another folder of the same form.
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["HEARTH_OTLP_FIXTURES"] { return URL(filePath: path) }
        return URL(filePath: #filePath).appending(path: "../../../../Conformance/fixtures/otlp").standardizedFileURL
    }()

    static let expectations: [String: Expectation] = {
        guard let data = try? Data(contentsOf: folder.appending(path: "expected.json")) else { return [:] }
        return (try? JSONDecoder().decode([String: Expectation].self, from: data)) ?? [:]
    }()

    /// Scenarios with at least one request of traces or logs.
    static let names: [String] = expectations.filter { !$0.value.requests.isEmpty }.keys.sorted()

    /// One decoded request and the steps in it.
    struct Request {
        var batch: RecordBatch
        var steps: [GenAIStep]
        var input: StepInput
    }

    var expected: Expectation
    var requests: [Request] = []

    init(_ name: String) throws {
        guard let expected = Self.expectations[name] else { throw CocoaError(.fileNoSuchFile) }
        self.expected = expected
        for file in expected.requests {
            var body = [UInt8](try Data(contentsOf: Self.folder.appending(path: file)))
            if file.hasSuffix(".gz") { body = try Inflate.gunzip(body, limit: 64 << 20) }
            let encoding: OTLPEncoding = file.contains(".json") ? .json : .protobuf
            var batch =
                try file.contains(".logs.") ? LogDecoder.decode(body, encoding: encoding) : TraceDecoder.decode(body, encoding: encoding)
            let steps = StepExtractor.extract(&batch)
            var input = StepInput()
            input.append(batch, steps: steps)
            requests.append(Request(batch: batch, steps: steps, input: input))
        }
    }
}

/// The part of `expected.json` that model calls, runs and tools are compared with.
struct Expectation: Decodable {
    struct File: Decodable {
        var file: String
        var signal: String
    }

    struct Agent: Decodable, Equatable {
        var runs: Int
        var errors: Int
    }

    var files: [File]
    var llm: [String: Figures]
    var llmPerRecord: [String: Figures]
    var agents: [String: Agent]
    var toolRuns: [String: Int]
    var conversations: [String]
    var streamOpeners: Int
    var duplicates: Int

    var requests: [String] { files.filter { $0.signal != "metrics" }.map(\.file) }

    enum CodingKeys: String, CodingKey {
        case files, llm, agents, conversations
        case llmPerRecord = "llm_per_record"
        case toolRuns = "tool_runs"
        case streamOpeners = "genai_stream_opening_spans"
        case duplicates = "duplicate_call_records"
    }
}

/// What is counted of one provider and model. Unknown counts as nothing here, as in the file.
struct Figures: Decodable, Equatable {
    var calls = 0
    var errors = 0
    var inputTokens: Int64 = 0
    var outputTokens: Int64 = 0
    var cacheReadTokens: Int64 = 0
    var cacheWriteTokens: Int64 = 0
    var reasoningTokens: Int64 = 0
    var truncated = 0
    var toolCalls = 0
    var withCost = 0
    var cost: Double?

    enum CodingKeys: String, CodingKey {
        case calls, errors, truncated, cost
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case cacheReadTokens = "cache_read_tokens"
        case cacheWriteTokens = "cache_write_tokens"
        case reasoningTokens = "reasoning_tokens"
        case toolCalls = "tool_calls"
        case withCost = "with_cost"
    }

    mutating func add(isError: Bool, _ values: CallValues, cost sent: Double?) {
        calls += 1
        errors += isError ? 1 : 0
        inputTokens += values.inputTokens ?? 0
        outputTokens += values.outputTokens ?? 0
        cacheReadTokens += values.cacheReadTokens ?? 0
        cacheWriteTokens += values.cacheWriteTokens ?? 0
        reasoningTokens += values.reasoningTokens ?? 0
        truncated += values.isTruncated == true ? 1 : 0
        toolCalls += values.hasToolCalls == true ? 1 : 0
        guard let sent else { return }
        withCost += 1
        // In billionths, so that the order of the sum cannot matter.
        cost = (((cost ?? 0) + sent) * 1e12).rounded() / 1e12
    }

    var withoutToolCalls: Figures {
        var copy = self
        copy.toolCalls = 0
        return copy
    }

    static func == (a: Figures, b: Figures) -> Bool {
        a.calls == b.calls && a.errors == b.errors && a.inputTokens == b.inputTokens && a.outputTokens == b.outputTokens
            && a.cacheReadTokens == b.cacheReadTokens && a.cacheWriteTokens == b.cacheWriteTokens && a.reasoningTokens == b.reasoningTokens
            && a.truncated == b.truncated && a.toolCalls == b.toolCalls && a.withCost == b.withCost
            && abs((a.cost ?? 0) - (b.cost ?? 0)) < 1e-9
    }
}
