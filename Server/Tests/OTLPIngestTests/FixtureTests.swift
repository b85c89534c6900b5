import Foundation
import OTLPIngest
import TelemetryModel
import Testing

@Suite struct FixtureTests {
    @Test func pythonSpans() throws {
        let fixture = try Fixture.named("anthropic-direct.004.traces.pb.gz")
        let batch = try TraceDecoder.decode(fixture.body, encoding: fixture.encoding)
        #expect(batch.rejected.count == 0)
        #expect(batch.rows.count == 3)
        #expect(batch.resources.count == 1)
        #expect(batch.resources.first?.serviceName == "anthropic-direct")
        #expect(batch.resources.first?.telemetrySDKLanguage == "python")
        #expect(batch.rows.allSatisfy { $0.traceID.isValid && $0.spanID.isValid && $0.endNanoseconds >= $0.startNanoseconds })
    }

    @Test func pythonLogs() throws {
        let fixture = try Fixture.named("otel-openai-v2.001.logs.pb.gz")
        let batch = try LogDecoder.decode(fixture.body, encoding: fixture.encoding)
        #expect(batch.rows.count == 14)
        #expect(Set(batch.rows.map(\.spanID)).count == 14)
        #expect(batch.rows.allSatisfy { $0.kind == .log && $0.isOTLPLog && $0.parentSpanID.isValid })
        let first = try #require(batch.rows.first)
        #expect(batch.text.string(first.spanName) == "gen_ai.system.message")
        #expect(batch.text.string(first.logBodyJSON) == #"{"content":"Be brief."}"#)
    }

    @Test func pythonMetrics() throws {
        let fixture = try Fixture.named("metrics-logs.002.metrics.pb.gz")
        let batch = try MetricDecoder.decode(fixture.body, encoding: fixture.encoding)
        #expect(batch.points.count == 6)
        #expect(Set(batch.points.map(\.id)).count == 6)
    }

    @Test func jsonOfThePythonExporter() throws {
        let traces = try Fixture.named("json-mixed.001.traces.json")
        #expect(try TraceDecoder.decode(traces.body, encoding: traces.encoding).rows.count == 4)
        let metrics = try Fixture.named("json-mixed.002.metrics.json")
        #expect(try MetricDecoder.decode(metrics.body, encoding: metrics.encoding).points.count == 6)
        let logs = try Fixture.named("json-mixed.004.logs.json")
        #expect(try LogDecoder.decode(logs.body, encoding: logs.encoding).rows.count == 4)
    }

    /// The counts of the recordings' `expected.json`, for every scenario of the conformance suite.
    @Test(.enabled(if: Fixture.recordings != nil)) func everyRecording() throws {
        let folder = try #require(Fixture.recordings)
        let expected = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent("expected.json")))
        for (scenario, figures) in try #require(expected as? [String: [String: Any]]) {
            var found = Counts()
            for file in try #require(figures["files"] as? [[String: Any]]) {
                let name = try #require(file["file"] as? String)
                let fixture = try Fixture(folder.appendingPathComponent(name))
                let before = found.records
                try found.add(fixture)
                #expect(found.records - before == file["records"] as? Int, "\(name)")
            }
            #expect(found.spans == figures["spans_total"] as? Int, "\(scenario)")
            #expect(found.pending == figures["pending_spans"] as? Int, "\(scenario)")
            #expect(found.logSpans == figures["logs_as_spans"] as? Int, "\(scenario)")
            #expect(found.logRecords == figures["otlp_log_records"] as? Int, "\(scenario)")
            #expect(found.errors == figures["error_status_spans"] as? Int, "\(scenario)")
            #expect(found.exceptions == figures["exception_records"] as? Int, "\(scenario)")
        }
    }

    private struct Counts {
        var spans = 0
        var pending = 0
        var logSpans = 0
        var logRecords = 0
        var points = 0
        var errors = 0
        var exceptions = 0
        var records: Int { spans + logRecords + points }

        mutating func add(_ fixture: Fixture) throws {
            if fixture.name.contains(".metrics.") {
                points += try MetricDecoder.decode(fixture.body, encoding: fixture.encoding).points.count
                return
            }
            let batch =
                fixture.name.contains(".logs.")
                ? try LogDecoder.decode(fixture.body, encoding: fixture.encoding)
                : try TraceDecoder.decode(fixture.body, encoding: fixture.encoding)
            #expect(batch.rejected.count == 0)
            for row in batch.rows {
                if row.isOTLPLog { logRecords += 1 } else { spans += 1 }
                if row.kind == .pendingSpan { pending += 1 }
                if row.kind == .log, !row.isOTLPLog { logSpans += 1 }
                if row.kind != .pendingSpan, row.statusCode == .error { errors += 1 }
                if row.kind != .pendingSpan, row.isException { exceptions += 1 }
            }
        }
    }
}
