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

    /// Totals of the recordings' index: 384 spans, 18 log records, 872 metric points.
    @Test(.enabled(if: Fixture.recordings != nil)) func everyRecording() throws {
        let folder = try #require(Fixture.recordings)
        var spans = 0
        var logs = 0
        var points = 0
        for url in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let name = url.lastPathComponent
            guard !name.hasSuffix(".meta.json"), !name.hasSuffix(".zstd") else { continue }
            if name.contains(".traces.") {
                let fixture = try Fixture(url)
                spans += try TraceDecoder.decode(fixture.body, encoding: fixture.encoding).rows.count
            } else if name.contains(".logs.") {
                let fixture = try Fixture(url)
                logs += try LogDecoder.decode(fixture.body, encoding: fixture.encoding).rows.count
            } else if name.contains(".metrics.") {
                let fixture = try Fixture(url)
                points += try MetricDecoder.decode(fixture.body, encoding: fixture.encoding).points.count
            }
        }
        #expect(spans == 384)
        #expect(logs == 18)
        #expect(points == 872)
    }
}
