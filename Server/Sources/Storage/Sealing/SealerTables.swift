import DuckDBKit

/// The sealer's connection with its temporary tables.
///
/// Used by the sealer's thread only; the lock around it in ``Sealer`` is for taking it away.
final class SealerTables: @unchecked Sendable {
    let connection: Connection
    /// Where the bodies of a hot file's rows are: `body_place(row, body)`.
    let bodyPlace: InsertFeed
    let rowGroups: RowGroupKeeper
    /// Segments that have their tables and no rows of an attempt that was not finished, because this connection has sealed into them and has not failed
    /// since: after a failure it is given up, with what it knows.
    private(set) var prepared: Set<SegmentFile> = []

    private static let preparedLimit = 4_096

    init(_ connection: consuming Connection, rowGroups: RowGroupKeeper) throws(DuckDBError) {
        self.rowGroups = rowGroups
        try connection.execute(
            """
            CREATE TEMP TABLE body_place (row BIGINT, body UBIGINT);
            CREATE TEMP TABLE ended_pending (row BIGINT);
            CREATE TEMP TABLE decision_day (row BIGINT, project_id INTEGER, day INTEGER, is_in_step BOOLEAN)
            """)
        bodyPlace = try InsertFeed(table: "body_place", connection: connection)
        self.connection = connection
    }

    /// Everything that was to be written to a segment is.
    func didSeal(_ file: SegmentFile) {
        if prepared.count >= Self.preparedLimit { prepared.removeAll() }
        prepared.insert(file)
    }
}
