public import TelemetryModel

/// One query of a client.
public struct QueryRequest: Sendable {
    /// Rows when a client does not say (`logfire-contract.md` §4.4).
    public static let defaultLimit = 100

    /// SQL as the client sent it.
    public var sql: String
    public var project: ProjectID
    /// Microseconds since the Unix epoch, UTC: earliest `start_timestamp` (of metrics: `recorded_timestamp`) that tables show, inclusive.
    public var minTimestamp: Int64?
    /// Latest one, inclusive.
    public var maxTimestamp: Int64?
    /// Most rows, 1 … ``QueryConfiguration/maximumRows``; an own LIMIT of the query can only be smaller.
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
    func validate(maximumRows: Int) throws(QueryError) {
        guard (1...maximumRows).contains(limit) else {
            throw QueryError(code: .invalidRequest, message: "limit must be between 1 and \(maximumRows), not \(limit)")
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
    /// A line with the schema, lines with rows, a line that ends them: `{"type":"schema",…}`, `{"type":"data","rows":[…]}`,
    /// `{"type":"end","row_count":…}`; `{"type":"error","message":…}` when the query fails after its first rows.
    case ndjson
    /// RFC 4180 with a header line; JSON and nested values as JSON text, NULL as an empty field.
    case csv
    /// Arrow IPC stream; JSON as text.
    case arrow
    /// Parquet file; JSON and intervals as text.
    case parquet

    /// Whether rows go out while the query runs.
    public var isStreamed: Bool {
        switch self {
        case .rows, .columns, .rowsV1: false
        case .ndjson, .csv, .arrow, .parquet: true
        }
    }

    /// The media type of the answer.
    public var mediaType: String {
        switch self {
        case .rows, .columns, .rowsV1: "application/json"
        case .ndjson: "application/x-ndjson"
        case .csv: "text/csv; charset=utf-8"
        case .arrow: "application/vnd.apache.arrow.stream"
        case .parquet: "application/vnd.apache.parquet"
        }
    }
}

/// The answer to a query.
public struct QueryOutput: Sendable {
    /// Bytes in the asked format.
    public var body: [UInt8]
    public var rowCount: Int
    public var figures: QueryFigures

    init(_ end: QueryJob.Output, _ elapsed: Duration) {
        body = end.rest
        rowCount = end.rowCount
        figures = QueryFigures(elapsed: elapsed, scannedRecords: end.scannedRecords)
    }
}

/// What answering a query took.
public struct QueryFigures: Sendable {
    /// From the request's arrival to the last byte of the answer.
    public var elapsed: Duration
    /// Records of the files that were read: an upper bound of the records that were looked at.
    public var scannedRecords: Int64
}

/// Limits of a ``QueryEngine``.
public struct QueryConfiguration: Sendable {
    /// Queries that run at once while they are short, and those that run on after a quarter of a second; see ``QueryGate``.
    public var lightQueries = 2
    public var heavyQueries = 1
    /// Queries of a project that may wait for a place; more are answered with `tooMany`.
    public var maximumWaiting = 32
    /// Long queries of a project that may run or wait at once.
    public var maximumHeavy = 8
    /// Longest wait for a place.
    public var maximumWait: Duration = .seconds(10)
    /// Default deadline of a query, counted from its arrival. Time in which it waits for its client is not counted.
    public var deadline: Duration = .seconds(20)
    /// Threads for Live, apart from those of queries, and the longest time that one of its queries may take.
    public var liveThreads = 2
    public var liveDeadline: Duration = .seconds(10)
    /// Most rows of an answer; requests that ask for more are refused.
    public var maximumRows = 10_000
    /// Most bytes of an answer.
    public var maximumBytes = 64 << 20

    /// Bytes on the disk for answers whose clients read more slowly than the engine answers; 0 lets their queries wait instead.
    public var spoolBytes = 1 << 30

    /// Most bytes by which a query may let the process grow; the engine's own limit does not count everything. When the process has grown by so much since
    /// the start, one long query is let run at a time.
    public var maximumMemory = 640 << 20

    public init() {}
}
