import DuckDBKit

/// Decides which sealing lets the engine merge the row groups of a segment, and keeps it from that otherwise (`Docs/adr/0010-whole-row-groups.md`).
///
/// At a checkpoint the engine unpacks neighbouring row groups that fit into fewer and packs them again; the blocks they had stay in the file. Were that
/// done with every sealing, rows that come in small pieces would be packed a dozen times. While another transaction reads the file, a checkpoint leaves
/// row groups as they are.
///
/// Used by the sealer's thread only.
final class RowGroupKeeper {
    /// Every so many sealings into a segment its row groups are merged.
    static let interval = 8

    /// Segments that are counted; older ones begin anew.
    private static let limit = 4_096

    private let reader: Connection
    private var sealings: [SegmentKey: Int] = [:]

    init(_ reader: consuming Connection) { self.reader = reader }

    /// Runs what commits rows to a segment and checkpoints it.
    func sealing(_ file: SegmentFile, _ body: () throws -> Void) throws {
        let count = sealings[file.key, default: 0] + 1
        if sealings.count >= Self.limit { sealings.removeAll() }
        sealings[file.key] = count % Self.interval
        if count == Self.interval { return try body() }
        // A transaction only counts for files that it has looked at.
        try reader.execute("BEGIN; FROM \(file.alias).\(PhysicalTable.span.rawValue) LIMIT 0")
        do {
            try body()
            try reader.execute("COMMIT")
        } catch {
            try? reader.execute("ROLLBACK")
            throw error
        }
    }
}
