public import TelemetryModel

/// One query of a client.
public struct QueryRequest: Sendable {
    /// Rows when a client does not say, and at most (`logfire-contract.md` §4.4).
    public static let defaultLimit = 100
    public static let maximumLimit = 10_000

    /// SQL as the client sent it.
    public var sql: String
    public var project: ProjectID
    /// Microseconds since the Unix epoch, UTC: earliest `start_timestamp` (of metrics: `recorded_timestamp`) that tables show, inclusive.
    public var minTimestamp: Int64?
    /// Latest one, inclusive.
    public var maxTimestamp: Int64?
    /// Most rows, 1 … ``maximumLimit``; an own LIMIT of the query can only be smaller.
    public var limit: Int
    /// Also describe how the engine runs the query.
    public var explain: Bool
    /// Only rows of these environments; the empty name stands for rows without one. nil for all rows.
    public var deploymentEnvironment: [String]?
    /// Time from now after which the query is ended; nil for the engine's default (20 s).
    public var deadline: Duration?
    /// IANA name of the zone in which functions of the calendar count; nil for UTC.
    public var timezone: String?

    public init(
        sql: String,
        project: ProjectID,
        minTimestamp: Int64? = nil,
        maxTimestamp: Int64? = nil,
        limit: Int = QueryRequest.defaultLimit,
        explain: Bool = false,
        deploymentEnvironment: [String]? = nil,
        deadline: Duration? = nil,
        timezone: String? = nil
    ) {
        self.sql = sql
        self.project = project
        self.minTimestamp = minTimestamp
        self.maxTimestamp = maxTimestamp
        self.limit = limit
        self.explain = explain
        self.deploymentEnvironment = deploymentEnvironment
        self.deadline = deadline
        self.timezone = timezone
    }

    /// - Throws: ``QueryError`` with code `invalidRequest` (422) for values out of range.
    func validate() throws(QueryError) {
        guard (1...Self.maximumLimit).contains(limit) else {
            throw QueryError(code: .invalidRequest, message: "limit must be between 1 and \(Self.maximumLimit), not \(limit)")
        }
        if let minTimestamp, let maxTimestamp, minTimestamp > maxTimestamp {
            throw QueryError(code: .invalidRequest, message: "min_timestamp must not be later than max_timestamp")
        }
        let isZone = timezone?.utf8.allSatisfy {
            SQLLexer.isIdentifierPart($0) || [UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "+")].contains($0)
        }
        if let timezone, isZone != true || timezone.isEmpty || timezone.utf8.count > 64 {
            throw QueryError(code: .invalidRequest, message: "timezone must be the name of a time zone, such as Europe/Paris")
        }
    }
}

/// Shape of an answer (`logfire-contract.md` §4.5).
public enum ResultFormat: Sendable, Hashable {
    /// Version 2: `{"schema":{"fields":[…]},"data":[{…}]}`.
    case rows
    /// Version 1: `{"columns":[{"name","datatype","nullable","values":[…]}]}`.
    case columns
    /// Version 1 with `json_rows=true`: `{"columns":[{"name","datatype","nullable"}],"rows":[{…}]}`.
    case rowsV1
    /// A line with the schema, a line with the rows, a line that ends them: `{"type":"schema",…}`, `{"type":"data","rows":[…]}`,
    /// `{"type":"end","row_count":…}`.
    case ndjson
    /// RFC 4180 with a header line; JSON and nested values as JSON text, NULL as an empty field.
    case csv

    /// The media type of the answer.
    public var mediaType: String {
        switch self {
        case .rows, .columns, .rowsV1: "application/json"
        case .ndjson: "application/x-ndjson"
        case .csv: "text/csv; charset=utf-8"
        }
    }
}

/// The answer to a query.
public struct QueryOutput: Sendable {
    /// Bytes in the asked format.
    public var body: [UInt8]
    public var rowCount: Int
    /// From the request's arrival to the last byte of ``body``.
    public var elapsed: Duration
}

/// Limits of a ``QueryEngine``.
public struct QueryConfiguration: Sendable {
    /// Threads that run queries, one each.
    public var threads = 3
    /// Queries that may wait for a thread; more are answered with `tooMany`.
    public var maximumWaiting = 32
    /// Longest wait for a thread.
    public var maximumWait: Duration = .seconds(10)
    /// Default deadline of a query, counted from its arrival.
    public var deadline: Duration = .seconds(20)
    /// Threads for Live, apart from those of queries, and the longest time that one of its queries may take.
    public var liveThreads = 2
    public var liveDeadline: Duration = .seconds(10)
    /// Most bytes of an answer.
    public var maximumBytes = 64 << 20

    public init() {}
}
