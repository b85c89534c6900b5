import Foundation
import Ingest
import Logging
import OTLPIngest
import Prices
import SQLQuery
import Storage
import TelemetryModel
import Testing

/// The whole write path and SQL: whatever order requests arrive in, and however often, the figures are those of the scenario.
///
/// Every order has a project of its own in one store, so that hundreds of them need no restart.
@Suite("Requests in every order", .serialized)
struct OrderTests {
    /// 200, or the share of them that `HEARTH_TESTS` names (`1/3`, see Conformance/README.md).
    private static let orders: Int = {
        let share = ProcessInfo.processInfo.environment["HEARTH_TESTS"]?.split(separator: "/").last.flatMap { Int($0) } ?? 1
        return 200 / max(1, min(share, 20))
    }()

    @Test(arguments: Fixtures.shuffled)
    func figuresDoNotDependOnTheOrder(_ scenario: String) async throws {
        let expected = try #require(Fixtures.expectations[scenario])
        let requests = try Fixtures.requests(scenario)
        let store = try FixtureStore()
        var random = SplitMix64(state: 0x5eed)
        var sequences: [[Fixtures.Request]] = []
        for _ in 1...Self.orders {
            // About every third request arrives twice, perhaps long after the others.
            let repeated = requests.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            sequences.append((requests + repeated).shuffled(using: &random))
        }
        // Several projects at a time, so that they share commits, as the senders of a busy server do.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (order, sequence) in sequences.enumerated() {
                if order >= 16 { try await group.next() }
                group.addTask { try await store.ingest(sequence, project: ProjectID(Int32(order + 1))) }
            }
            try await group.waitForAll()
        }
        for order in 1...Self.orders {
            let figures = try await store.figures(ProjectID(Int32(order)))
            #expect(figures == Figures(expected), "order \(order)")
            if figures != Figures(expected) { break }
        }
        await store.close()
    }
}

/// What is compared, as SQL gives it.
struct Figures: Codable, Equatable {
    var records: Int
    var metricPoints: Int
    var llm: [String: Expectation.Calls]
    var agents: [String: Expectation.Agent]
    var toolRuns: [String: Int]

    init(_ expected: Expectation) {
        records = expected.records
        metricPoints = expected.metricPoints
        llm = expected.llm
        agents = expected.agents
        toolRuns = expected.toolRuns
    }

    init(records: Int, metricPoints: Int, llm: [String: Expectation.Calls], agents: [String: Expectation.Agent], toolRuns: [String: Int]) {
        self.records = records
        self.metricPoints = metricPoints
        self.llm = llm
        self.agents = agents
        self.toolRuns = toolRuns
    }
}

/// A store with its ingest pipeline and query engine in a folder that goes away with the value.
private final class FixtureStore: Sendable {
    private let folder: URL
    private let store: TelemetryStore
    private let queries: QueryEngine
    private let pipeline: IngestPipeline

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hearth-order-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var configuration = StorageConfiguration(directory: folder.path)
        configuration.logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let prices = try PriceBook()
        configuration.pricing = prices
        store = try TelemetryStore(configuration: configuration)
        queries = QueryEngine(store: store, configuration: QueryConfiguration())
        pipeline = IngestPipeline(writer: store, policies: ProjectPolicies(), prices: prices, limits: DecodeLimits())
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func close() async {
        queries.shutdown()
        await store.shutdown()
    }

    func ingest(_ requests: [Fixtures.Request], project: ProjectID) async throws {
        for request in requests {
            _ = try await pipeline.ingest(request.bytes, signal: request.signal, encoding: request.encoding, project: project)
        }
    }

    func figures(_ project: ProjectID) async throws -> Figures {
        struct Row: Decodable {
            var part: String
            var name: String?
            var n: Int
            var errors: Int?
            var inputTokens: Int?
            var outputTokens: Int?
            var cacheReadTokens: Int?
            var cacheWriteTokens: Int?
            var reasoningTokens: Int?
            var truncated: Int?
            var toolCalls: Int?
        }
        struct Answer: Decodable { var data: [Row] }
        let output = try await queries.run(QueryRequest(sql: Self.sql, project: project, limit: 1_000), format: .rows)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let rows = try decoder.decode(Answer.self, from: Data(output.body)).data
        func part<Value>(_ part: String, _ value: (Row) -> Value) -> [String: Value] {
            Dictionary(uniqueKeysWithValues: rows.filter { $0.part == part }.map { ($0.name ?? "(unknown)", value($0)) })
        }
        return Figures(
            records: part("records") { $0.n }["all"] ?? -1, metricPoints: part("metrics") { $0.n }["all"] ?? -1,
            llm: part("llm") { row in
                Expectation.Calls(
                    calls: row.n, errors: row.errors ?? 0, inputTokens: row.inputTokens ?? 0, outputTokens: row.outputTokens ?? 0,
                    cacheReadTokens: row.cacheReadTokens ?? 0, cacheWriteTokens: row.cacheWriteTokens ?? 0,
                    reasoningTokens: row.reasoningTokens ?? 0, truncated: row.truncated ?? 0, toolCalls: row.toolCalls ?? 0)
            },
            agents: part("agent") { Expectation.Agent(runs: $0.n, errors: $0.errors ?? 0) }, toolRuns: part("tool") { $0.n })
    }

    private static let sql = """
        SELECT 'llm' AS part, coalesce(provider, '(unknown)') || ' / ' || coalesce(model, '(unknown)') AS name, count(*) AS n,
            count(*) FILTER (WHERE is_error) AS errors, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
            sum(cache_read_tokens) AS cache_read_tokens, sum(cache_write_tokens) AS cache_write_tokens,
            sum(reasoning_tokens) AS reasoning_tokens, count(*) FILTER (WHERE is_truncated) AS truncated,
            count(*) FILTER (WHERE has_tool_calls) AS tool_calls
        FROM llm_calls GROUP BY 1, 2
        UNION ALL
        SELECT 'agent', agent_name, count(*), count(*) FILTER (WHERE is_error), NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM agent_runs GROUP BY agent_name
        UNION ALL
        SELECT 'tool', tool_name, count(*), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM tool_calls GROUP BY tool_name
        UNION ALL
        SELECT 'records', 'all', count(*), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM records WHERE kind <> 'span_event'
        UNION ALL
        SELECT 'metrics', 'all', count(*), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM metrics
        """
}

/// Deterministic random numbers.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
