import Foundation
import OTLPIngest
import TelemetryModel

/// The captured requests of the scenarios in `Conformance/fixtures/otlp` and the figures they must give.
enum Fixtures {
    /// `HEARTH_OTLP_FIXTURES` names another folder of the same form.
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["HEARTH_OTLP_FIXTURES"] { return URL(filePath: path) }
        return URL(filePath: #filePath).appending(path: "../../../../Conformance/fixtures/otlp").standardizedFileURL
    }()

    static let expectations: [String: Expectation] = {
        guard let data = try? Data(contentsOf: folder.appending(path: "expected.json")) else { return [:] }
        return (try? JSONDecoder().decode([String: Expectation].self, from: data)) ?? [:]
    }()

    /// Scenarios whose requests can arrive in more than one order.
    static let shuffled: [String] = expectations.filter { $0.value.files.count > 1 }.keys.sorted()

    /// One request, unpacked.
    struct Request: Sendable {
        var signal: OTLPSignal
        var encoding: OTLPEncoding
        var bytes: [UInt8]
    }

    static func requests(_ scenario: String) throws -> [Request] {
        try (expectations[scenario]?.files ?? []).map { file in
            var bytes = [UInt8](try Data(contentsOf: folder.appending(path: file.file)))
            if file.file.hasSuffix(".gz") { bytes = try Inflate.gunzip(bytes, limit: 64 << 20) }
            let signal: OTLPSignal = file.signal == "traces" ? .traces : file.signal == "logs" ? .logs : .metrics
            return Request(signal: signal, encoding: file.file.contains(".json") ? .json : .protobuf, bytes: bytes)
        }
    }
}

/// The part of `expected.json` that depends on how records belong together.
struct Expectation: Decodable {
    struct File: Decodable {
        var file: String
        var signal: String
    }

    struct Calls: Codable, Equatable {
        var calls: Int
        var errors: Int
        var inputTokens: Int
        var outputTokens: Int
        var cacheReadTokens: Int
        var cacheWriteTokens: Int
        var reasoningTokens: Int
        var truncated: Int
        var toolCalls: Int
    }

    struct Agent: Codable, Equatable {
        var runs: Int
        var errors: Int
    }

    var files: [File]
    var records: Int
    var metricPoints: Int
    var llm: [String: Calls]
    var agents: [String: Agent]
    var toolRuns: [String: Int]

    enum CodingKeys: String, CodingKey {
        case files, records, llm, agents
        case metricPoints = "metric_points"
        case toolRuns = "tool_runs"
    }
}

extension Expectation.Calls {
    enum CodingKeys: String, CodingKey {
        case calls, errors, truncated
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case cacheReadTokens = "cache_read_tokens"
        case cacheWriteTokens = "cache_write_tokens"
        case reasoningTokens = "reasoning_tokens"
        case toolCalls = "tool_calls"
    }
}
