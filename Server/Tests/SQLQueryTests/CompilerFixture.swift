import DuckDBKit

@testable import SQLQuery

/// A compiler, and a database in memory with two rows behind every table.
struct CompilerFixture: ~Copyable {
    let compiler: QueryCompiler
    let connection: Connection

    /// The connections keep their databases open.
    init() throws {
        let engine = SyntaxEngine(try SyntaxEngine.database().connect())
        let connection = try Self.connect()
        compiler = QueryCompiler(engine: engine)
        self.connection = connection
    }

    private static func connect() throws -> Connection {
        let connection = try Database(path: nil, options: [("threads", "1")]).connect()
        try connection.execute("SET TimeZone = 'UTC'")
        try connection.execute(schema)
        return connection
    }

    /// Rewritten text with a readable nonce.
    func rewritten(_ sql: String, limit: Int = 100, timezone: String? = nil) throws -> String {
        let compiled = try compiler.compile(sql, limit: limit, timezone: timezone)
        return compiled.sql.replacing(compiled.nonce, with: "h_")
    }

    func executable(_ sql: String, limit: Int = 100, timezone: String? = nil) throws -> ExecutableQuery {
        try compiler.compile(sql, limit: limit, timezone: timezone).executable { table throws(QueryError) in
            "SELECT * FROM fixture_" + (table == .metrics ? "metrics" : table == .llmCalls ? "llm_calls" : "records")
        }
    }

    /// Number of rows the query gives.
    @discardableResult
    func run(_ sql: String, timezone: String? = nil) throws -> Int {
        var result = try connection.query(try executable(sql, timezone: timezone).sql)
        var rows = 0
        while let chunk = try result.next() { rows += chunk.rowCount }
        return rows
    }

    private static let schema = """
        CREATE TABLE fixture_records AS SELECT
            TIMESTAMPTZ '2026-01-01 10:00:00+00' + INTERVAL (i) MINUTES AS start_timestamp, start_timestamp + INTERVAL 1 SECOND AS end_timestamp,
            1.5::DOUBLE AS duration, md5(i::VARCHAR) AS trace_id, left(md5(i::VARCHAR), 16) AS span_id, NULL::VARCHAR AS parent_span_id,
            'agent run' AS span_name, 'm' || i AS message, 'span' AS kind, (CASE WHEN i = 0 THEN 9 ELSE 17 END)::SMALLINT AS level,
            i = 1 AS is_exception, NULL::VARCHAR AS exception_type, 'pydantic-ai' AS otel_scope_name, 'svc' AS service_name,
            'prod' AS deployment_environment, ['a', 'b'] AS tags,
            ('{"gen_ai.request.model":"gpt-4o","gen_ai.usage.input_tokens":' || i || ',"gen_ai.usage.output_tokens":5,"tool_arguments":"{}",'
              || '"nested":{"a":[1,2,{"b":3}]},"n":null,"b":true,"s":"5"}')::JSON AS attributes,
            attributes AS _attributes, NULL::JSON AS _bodies, false AS _match_0, false AS _match_1, false AS _match_2,
            '{}'::JSON AS otel_resource_attributes
        FROM range(2) t(i);
        CREATE TABLE fixture_llm_calls AS SELECT *, NULL::DOUBLE AS cost, 'gpt-4o' AS model FROM fixture_records;
        CREATE TABLE fixture_metrics AS SELECT now() AS recorded_timestamp, 'requests' AS metric_name, 1.0::DOUBLE AS scalar_value, [1, 2] AS histogram_bucket_counts,
            {'sum': 1.0, 'count': 1} AS value, 'shop' AS service_name;
        CREATE MACRO metric_rate(v, t) AS sum(v.sum);
        CREATE MACRO metric_quantile(p, v) AS max(v.sum);
        CREATE MACRO metric_merge(v) AS any_value(v);
        CREATE TABLE other_tenant AS SELECT 'secret' AS s;
        """
}
