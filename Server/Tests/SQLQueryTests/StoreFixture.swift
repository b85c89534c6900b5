import Foundation
import GenAI
import Logging
import SQLQuery
import Storage
import TelemetryModel

/// A store in a folder that goes away with the value, and an engine on it.
final class StoreFixture: Sendable {
    let path: String
    let store: TelemetryStore
    let engine: QueryEngine
    static let project = ProjectID(1)

    init(_ change: (inout QueryConfiguration) -> Void = { _ in }) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "hearth-sql-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
        var configuration = StorageConfiguration(directory: path)
        configuration.logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        configuration.memoryLimitBytes = 256 << 20
        store = try TelemetryStore(configuration: configuration)
        var limits = QueryConfiguration()
        change(&limits)
        engine = QueryEngine(store: store, configuration: limits)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func close() async {
        engine.shutdown()
        await store.shutdown()
    }

    /// One span of a test.
    struct Span {
        var trace: UInt64 = 1
        var span: UInt64
        var parent: UInt64 = 0
        /// Seconds after 2026-01-01.
        var start: Double = 0
        var name = "work"
        var kind = RecordKind.span
        var level = Level.info
        var attributes = "{}"
        var bodies: String?
        var events: String?
        var eventCount: UInt16 = 0
        /// Model of a model call.
        var model: String?
        var tokens: Int64?
        /// What else is to be different.
        var change: (@Sendable (inout RecordRow, inout TextStore) -> Void)?
    }

    @discardableResult
    func write(
        _ spans: [Span], project: ProjectID = StoreFixture.project, environment: String? = "prod", scope: String = "pydantic-ai"
    ) async throws -> Int64 {
        var batch = RecordBatch()
        var steps: [GenAIStep] = []
        var resource = ResourceInfo(id: environment == nil ? 1 : 2, attributesJSON: #"{"service.name":"shop"}"#)
        resource.serviceName = "shop"
        resource.deploymentEnvironment = environment
        batch.resources = [resource]
        batch.scopes = [ScopeInfo(id: 5, name: scope, version: "1.0", attributesJSON: nil)]
        for span in spans {
            var row = RecordRow()
            row.kind = span.kind
            row.level = span.level
            row.traceID = TraceID(high: 0xabcd, low: span.trace)
            row.spanID = SpanID(span.span)
            row.parentSpanID = SpanID(span.parent)
            row.startNanoseconds = 1_767_225_600_000_000_000 + Int64(span.start * 1e9)
            row.endNanoseconds = row.startNanoseconds + (span.kind == .span ? 1_000_000_000 : 0)
            row.spanName = batch.text.append(span.name)
            row.message = batch.text.append("\(span.name) é \"\(span.span)\"")
            row.attributesJSON = batch.text.append(span.attributes)
            if let bodies = span.bodies { row.bodiesJSON = batch.text.append(bodies) }
            if let events = span.events { row.eventsJSON = batch.text.append(events) }
            row.spanEventCount = span.eventCount
            row.tagsJSON = batch.text.append(#"["a","b"]"#)
            span.change?(&row, &batch.text)
            batch.rows.append(row)
            guard let model = span.model else { continue }
            var step = GenAIStep(row: batch.rows.count - 1, kind: .modelCall)
            step.startNanoseconds = row.startNanoseconds
            step.endNanoseconds = row.endNanoseconds
            step.duration = 1
            step.model = batch.text.append(model)
            step.inputTokens = span.tokens
            steps.append(step)
        }
        return try await store.write(IngestBatch(project: project, records: batch, steps: steps)).sequence
    }

    func request(_ sql: String, limit: Int = 100, _ change: (inout QueryRequest) -> Void = { _ in }) -> QueryRequest {
        var request = QueryRequest(sql: sql, project: Self.project, limit: limit)
        change(&request)
        return request
    }

    /// The answer's text.
    func json(_ sql: String, format: ResultFormat = .rows, _ change: (inout QueryRequest) -> Void = { _ in }) async throws -> String {
        String(decoding: try await engine.run(request(sql, change), format: format).body, as: UTF8.self)
    }

    /// The `data` of an answer.
    func rows(_ sql: String, _ change: (inout QueryRequest) -> Void = { _ in }) async throws -> String {
        let text = try await json(sql, change)
        guard let start = text.range(of: "\"data\":") else { return text }
        return String(text[start.upperBound...].dropLast())
    }

    private func request(_ sql: String, _ change: (inout QueryRequest) -> Void) -> QueryRequest { request(sql, limit: 100, change) }
}
