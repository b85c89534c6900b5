import Hearth
import HearthExport

/// Asks a Hearth or Logfire server in SQL.
///
/// ```swift
/// struct Slow: Decodable, Sendable { var spanName: String; var seconds: Double }
/// let client = try QueryClient()
/// let slow = try await client.rows("SELECT span_name, max(duration) AS seconds FROM records GROUP BY span_name", as: Slow.self)
/// for try await record in client.records(where: "level >= 'error'") { print(record.message) }
/// ```
public struct QueryClient: Sendable {
    private let endpoint: Endpoint
    private let headers: [(name: String, value: String)]
    private let timeout: Duration

    /// - Parameters:
    ///   - baseURL: address of the server; `LOGFIRE_BASE_URL` or `http://127.0.0.1:4318` when nil.
    ///   - readToken: token that may read; `LOGFIRE_READ_TOKEN` when nil. A server on the same machine may need none.
    ///   - timeout: how long nothing may come.
    /// - Throws: ``QueryError`` for an address that cannot be used.
    public init(baseURL: String? = nil, readToken: String? = nil, timeout: Duration = .seconds(30)) throws(QueryError) {
        let address = baseURL ?? ProcessEnvironment.variable("LOGFIRE_BASE_URL") ?? "http://127.0.0.1:4318"
        do throws(EndpointError) {
            endpoint = try Endpoint(address).appending("/v2/query")
        } catch {
            throw QueryError(.invalidAddress, error.description)
        }
        if endpoint.isSecure, SecureTransport.connection == nil {
            throw QueryError(
                .secureTransportMissing,
                "\(endpoint.text) needs TLS: enable the package trait HTTPClient and call Hearth.enableHTTPS() of HearthHTTPClient first")
        }
        var headers = [
            (name: "Content-Type", value: "application/json"),
            (name: "Accept", value: "application/x-ndjson, application/problem+json;q=0.9"),
            (name: "User-Agent", value: "hearth-swift"),
        ]
        if let token = readToken ?? ProcessEnvironment.variable("LOGFIRE_READ_TOKEN") {
            guard token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
                throw QueryError(.unauthorized, "the read token contains characters that no token has")
            }
            headers.append((name: "Authorization", value: "Bearer \(token)"))
        }
        self.headers = headers
        self.timeout = timeout
    }

    /// The rows of a query, one after another as they come.
    ///
    /// - Parameters:
    ///   - sql: one `SELECT`.
    ///   - row: the type of a row; its properties take the columns of their names, in camel or snake case.
    ///   - options: times, limit and environments of the answer.
    public func stream<Row: Decodable & Sendable>(
        _ sql: String,
        as row: Row.Type = Row.self,
        _ options: QueryOptions = QueryOptions()
    ) -> QueryRows<Row> {
        let body = Self.body(sql, options)
        return QueryRows { [endpoint, headers, timeout] in
            QueryExchange(endpoint, headers: headers, body: body, timeout: timeout)
        }
    }

    /// All rows of a query.
    public func rows<Row: Decodable & Sendable>(
        _ sql: String,
        as row: Row.Type = Row.self,
        _ options: QueryOptions = QueryOptions()
    ) async throws(QueryError) -> [Row] {
        var result: [Row] = []
        var rows = stream(sql, as: row, options).makeAsyncIterator()
        while let row = try await rows.next(isolation: #isolation) { result.append(row) }
        return result
    }

    /// Records, the newest first.
    ///
    /// - Parameters:
    ///   - condition: what stands behind `WHERE`; all records when nil.
    ///   - options: times, limit and environments of the answer.
    public func records(where condition: String? = nil, _ options: QueryOptions = QueryOptions()) -> QueryRows<QueryRecord> {
        let filter = condition.map { " WHERE \($0)" } ?? ""
        return stream("SELECT \(QueryRecord.columns) FROM records\(filter) ORDER BY start_timestamp DESC", as: QueryRecord.self, options)
    }

    static func body(_ sql: String, _ options: QueryOptions) -> [UInt8] {
        var members = [
            Attribute("sql", .string(sql)), Attribute("min_timestamp", .string(options.minimumTimestamp.description)),
            Attribute("limit", .int(Int64(options.limit))),
        ]
        if let maximum = options.maximumTimestamp { members.append(Attribute("max_timestamp", .string(maximum.description))) }
        if let timezone = options.timezone { members.append(Attribute("timezone", .string(timezone))) }
        if let environments = options.deploymentEnvironments { members.append(Attribute("deployment_environment", .strings(environments))) }
        return JSONText.bytes(of: .object(members))
    }
}
