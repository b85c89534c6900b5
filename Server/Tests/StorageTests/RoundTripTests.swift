import TelemetryModel
import Testing

@testable import Storage

@Suite struct RoundTripTests {
    @Test func everyColumnOfARecord() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        var builder = BatchBuilder()
        builder.add(span: 0x10, parent: 0x20, start: 1.000_000_123, end: 3.5, name: "GET /héllo") { row, text in
            row.level = Level.warn
            row.spanKind = 2
            row.statusCode = .error
            row.statusMessage = text.append("bad")
            row.isException = true
            row.exceptionType = text.append("ValueError")
            row.exceptionMessage = text.append("")
            row.exceptionStacktrace = text.append("at line 1")
            row.attributesJSON = text.append(
                #"{"logfire.msg_template":"GET {path}","logfire.json_schema":"{\"type\":\"object\"}","http.url":"http://x/y","url.path":"/y","url.query":"q=1"}"#
            )
            row.bodiesJSON = text.append(#"{"gen_ai.input.messages":"[{\"role\":\"user\",\"content\":\"zoë }\"}]"}"#)
            row.tagsJSON = text.append(#"["a","b c"]"#)
            row.eventsJSON = text.append(
                #"[{"event_name":"exception","event_timestamp":"2026-01-01T00:00:02.000000Z","attributes":{}}]"#
            )
            row.linksJSON = text.append(#"[{"trace_id":"00","span_id":"01","attributes":{}}]"#)
            row.logBodyJSON = text.append(#""hello""#)
            row.httpStatusCode = 503
            row.httpMethod = text.append("GET")
            row.httpRoute = text.append("/{path}")
        }
        let receipt = try await store.write(builder.ingest())
        #expect(receipt.stored == 1 && receipt.repeated == 0 && receipt.sequence > 0)

        let names = TableSource.columns(of: .records)
        let row = try #require(try store.rows(of: .records, "SELECT * EXCLUDE created_at FROM t").first)
        let values = Dictionary(uniqueKeysWithValues: zip(names.filter { $0 != "created_at" }, row))
        let expected: [String: String?] = [
            "start_timestamp": "2026-01-01 00:00:01+00", "end_timestamp": "2026-01-01 00:00:03.5+00", "duration": "2.499999877",
            "trace_id": "000000000000abcd0000000000000001", "span_id": "0000000000000010", "parent_span_id": "0000000000000020",
            "span_name": "GET /héllo", "message": "GET /héllo message", "kind": "span", "level": "13", "is_exception": "true",
            "exception_type": "ValueError", "exception_message": "", "exception_stacktrace": "at line 1",
            "attributes":
                #"{"gen_ai.input.messages":"[{\"role\":\"user\",\"content\":\"zoë }\"}]","logfire.msg_template":"GET {path}","logfire.json_schema":"{\"type\":\"object\"}","http.url":"http://x/y","url.path":"/y","url.query":"q=1"}"#,
            "tags": "[a, b c]", "otel_scope_name": "scope", "otel_scope_version": "1.0", "otel_scope_attributes": nil,
            "otel_status_code": "ERROR", "otel_status_message": "bad",
            "otel_events": #"[{"event_name":"exception","event_timestamp":"2026-01-01T00:00:02.000000Z","attributes":{}}]"#,
            "otel_links": #"[{"trace_id":"00","span_id":"01","attributes":{}}]"#, "otel_span_kind": "SERVER",
            "otel_resource_attributes": #"{"service.name":"shop"}"#, "deployment_environment": "prod", "service_name": "shop",
            "service_namespace": nil, "service_version": nil, "service_instance_id": nil, "process_pid": "77", "telemetry_sdk_name": nil,
            "telemetry_sdk_language": nil, "telemetry_sdk_version": nil, "http_response_status_code": "503", "url_full": "http://x/y",
            "http_route": "/{path}", "http_method": "GET", "url_path": "/y", "url_query": "q=1", "log_body": #""hello""#,
            "attributes_json_schema": #"{"type":"object"}"#, "sample_weight": "1.0",
        ]
        #expect(values == expected)
        let created = try store.rows(of: .records, "SELECT epoch_us(created_at) FROM t")
        #expect(created == [["\(receipt.sequence)"]])
        await store.shutdown()
    }

    @Test func bareRecordHasNulls() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        var builder = BatchBuilder()
        builder.add(.log, span: 1) { row, _ in row.attributesJSON = .null }
        _ = try await store.write(builder.ingest())
        let rows = try store.rows(
            of: .records,
            "SELECT kind, duration, parent_span_id, attributes, tags, otel_events, http_response_status_code, attributes_json_schema FROM t"
        )
        #expect(rows == [["log", nil, nil, nil, nil, "[]", nil, nil]])
        await store.shutdown()
    }

    @Test func attributeKeysAreFilterable() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        var builder = BatchBuilder()
        for span in 1...5000 as ClosedRange<UInt64> { builder.add(trace: span / 10, span: span) }
        let receipt = try await store.write(builder.ingest())
        #expect(receipt.stored == 5000)
        #expect(try store.rows(of: .records, "SELECT span_id FROM t WHERE (attributes->>'n') = '4711'") == [["0000000000001267"]])
        #expect(try store.rows(of: .records, "SELECT count(*), count(DISTINCT trace_id) FROM t") == [["5000", "501"]])
        await store.shutdown()
    }

    @Test func projectsAndWindowsAreApart() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        var builder = BatchBuilder()
        builder.add(span: 1, start: 10)
        builder.add(span: 2, start: 20)
        _ = try await store.write(builder.ingest(1))
        #expect(try store.rows(of: .records, "SELECT count(*) FROM t", project: ProjectID(2)) == [["0"]])
        let second = try await store.write(builder.ingest(2))
        #expect(second.stored == 2)
        let window = TimeWindow(minimum: BatchBuilder.time(15) / 1000, maximum: BatchBuilder.time(20) / 1000)
        let sql = TableSource.sql(for: .records, project: ProjectID(2), window: window, columns: ["span_id"])
        #expect(try store.rows(sql) == [["0000000000000002"]])
        await store.shutdown()
    }

    @Test func spanEventsAreRows() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        var builder = BatchBuilder()
        builder.add(span: 9, parent: 8, start: 1, end: 5) { row, text in
            row.eventsJSON = text.append(
                """
                [{"event_name":"exception","event_timestamp":"2026-01-01T00:00:02.000000Z","attributes":{}},\
                {"event_name":"cache.miss","event_timestamp":"2026-01-01T00:00:03.250000Z","attributes":{"key":"k"}}]
                """
            )
            row.spanEventCount = 1
        }
        _ = try await store.write(builder.ingest())
        #expect(store.hasSpanEvents(ProjectID(1)))
        #expect(!store.hasSpanEvents(ProjectID(2)))
        let rows = try store.rows(
            of: .records,
            """
            SELECT kind, parent_span_id, span_name, start_timestamp, duration, attributes, length(span_id), service_name
            FROM t WHERE kind = 'span_event'
            """
        )
        #expect(
            rows == [["span_event", "0000000000000009", "cache.miss", "2026-01-01 00:00:03.25+00", nil, #"{"key":"k"}"#, "16", "shop"]])
        #expect(try store.rows(of: .recordsAll, "SELECT count(*) FROM t") == [["2"]])
        let without = TableSource.sql(for: .records, project: ProjectID(1), columns: ["kind"], spanEvents: false)
        #expect(try store.rows(without) == [["span"]])
        await store.shutdown()
    }

    @Test func metricPoints() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        var metrics = MetricBatch()
        metrics.resources = BatchBuilder(service: "m").batch.resources
        metrics.scopes = [ScopeInfo(id: 9, name: "meter", version: nil, attributesJSON: nil)]
        metrics.metrics = [
            MetricInfo(name: "requests", unit: "1", description: "d", type: .sum, temporality: .delta, isMonotonic: true),
            MetricInfo(name: "latency", unit: "s", description: "", type: .histogram, temporality: .cumulative, isMonotonic: nil),
        ]
        var sum = MetricPoint()
        sum.id = 1
        sum.timeNanoseconds = BatchBuilder.time(60)
        sum.scalarValue = 12
        sum.attributesJSON = metrics.text.append(#"{"route":"/"}"#)
        var histogram = MetricPoint()
        histogram.id = 2
        histogram.metric = 1
        histogram.startNanoseconds = BatchBuilder.time(0)
        histogram.timeNanoseconds = BatchBuilder.time(60)
        metrics.counts = [1, 2, 3]
        metrics.bounds = [0.5, 1]
        histogram.bucketCounts = 0..<3
        histogram.explicitBounds = 0..<2
        histogram.count = 6
        histogram.sum = 4.5
        metrics.points = [sum, histogram]
        let batch = IngestBatch(project: ProjectID(1), metrics: metrics)
        #expect(try await store.write(batch).stored == 2)
        #expect(try await store.write(batch).repeated == 2)
        let rows = try store.rows(
            of: .metrics,
            """
            SELECT metric_name, metric_type, recorded_timestamp, start_timestamp, aggregation_temporality, is_monotonic, scalar_value,
                histogram_count, histogram_bucket_counts, histogram_explicit_bounds, service_name, otel_scope_name, attributes->>'route'
            FROM t ORDER BY metric_name
            """
        )
        #expect(
            rows == [
                [
                    "latency", "histogram", "2026-01-01 00:01:00+00", "2026-01-01 00:00:00+00", "CUMULATIVE", nil, nil, "6", "[1, 2, 3]",
                    "[0.5, 1.0]",
                    "m", "meter", nil,
                ],
                ["requests", "sum", "2026-01-01 00:01:00+00", nil, "DELTA", "true", "12.0", nil, nil, nil, "m", "meter", "/"],
            ]
        )
        #expect(store.statistics.metricPoints == 2)
        await store.shutdown()
    }
}
