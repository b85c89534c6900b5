/// How the rows of a hot file lie in a segment (`Docs/adr/0010-whole-row-groups.md`).
struct SegmentLayout: Sendable {
    /// Rows of a row group of new rows, a multiple of 2,048; what an earlier version has written keeps its own.
    var rowGroupRows = 14_336

    /// Rows of a hot file at which it is full: two row groups. The engine writes what fills at least one of them at once, compressed and without its
    /// log, and leaves row groups that are more than three quarters full as they are. Everything else is written again with every sealing until it is full.
    var hotRows: Int { 2 * rowGroupRows }

    /// Blocks of a new file; one that exists keeps its own. Days with few rows would waste most of larger ones, and smaller ones cannot hold the
    /// integers of a vector packed. What of a hot file the engine has no memory for goes to files, one for each block.
    private static let block = "BLOCK_SIZE 65536"

    /// ATTACH for a segment. Its engine keeps no log of it: who writes to it makes a checkpoint, and only that makes it durable.
    ///
    /// - Parameters:
    ///   - isNew: whether the file is not there yet.
    ///   - hasLog: whether an earlier version has left a log. The engine reads it and goes on writing it; a checkpoint ends it.
    func attach(_ path: String, as alias: String, isNew: Bool, hasLog: Bool = false) -> String {
        Self.attach(
            path, alias,
            ["ROW_GROUP_SIZE \(rowGroupRows)"] + (isNew ? [Self.block] : []) + (hasLog ? [] : ["RECOVERY_MODE NO_WAL_WRITES"]))
    }

    /// ATTACH for a hot file.
    ///
    /// - Parameter isNew: whether the file is not there yet.
    static func attachHot(_ path: String, as alias: String, isNew: Bool) -> String { attach(path, alias, isNew ? [block] : []) }

    private static func attach(_ path: String, _ alias: String, _ options: [String]) -> String {
        let list = options.isEmpty ? "" : " (\(options.joined(separator: ", ")))"
        return "ATTACH '\(path.replacing("'", with: "''"))' AS \(alias)\(list)"
    }
}
