import DuckDBKit

/// A file of a backup, ready to be read.
public struct BackupFile: Sendable {
    /// Below the data folder, such as `telemetry/catalog.db`.
    public var name: String
    /// Where it can be read until the call ends.
    public var path: String
    /// Bytes.
    public var size: Int64
}

extension TelemetryStore {
    /// Copies what is stored, file by file, while the store goes on receiving and answering.
    ///
    /// Every file is copied in a transaction of its own, in an order that makes them fit: first the hot files, then the catalog, which has the
    /// names that their rows use; then segments, of which only rows count that the catalog knows. What is acknowledged later may be missing.
    ///
    /// - Parameter emit: takes a file; it is gone afterwards. The catalog comes last.
    /// - Throws: ``StorageError`` when the store cannot be read, or what `emit` throws.
    public func backup(_ emit: (BackupFile) async throws -> Void) async throws {
        let copier = BackupCopier(folder: supervisor.folder, registry: supervisor.registry)
        try copier.begin()
        defer { copier.end() }
        // The catalog's copy names segments that are copied later.
        try await maintain { context, _ in
            context.registry.hold()
        } remember: { _, _ in
        }
        defer { supervisor.registry.release() }
        for hot in copier.hots {
            guard let file = try await backgroundRead(inTransaction: false, { connection in try copier.copy(hot: hot, connection) }) else {
                continue
            }
            try await emit(file)
            copier.remove(file)
        }
        let (catalog, segments) = try await backgroundRead(inTransaction: false) { connection in try copier.copyCatalog(connection) }
        for segment in segments {
            for file in try await backgroundRead(inTransaction: false, { connection in try copier.copy(segment, connection) }) {
                try await emit(file)
                copier.remove(file)
            }
        }
        try await emit(catalog)
    }
}

/// Makes the copies of a backup, below the telemetry folder because the engine may write nowhere else.
struct BackupCopier: Sendable {
    let folder: TelemetryFolder
    let registry: FileRegistry
    /// Hot files that the backup begins with.
    let hots: [Int64]
    private static let alias = "backup_copy"

    init(folder: TelemetryFolder, registry: FileRegistry) {
        self.folder = folder
        self.registry = registry
        hots = registry.current.hots
    }

    /// The segments of a catalog, and up to which hot file their rows count.
    struct Segment: Sendable {
        var info: SegmentInfo
        var sealedHot: Int64
    }

    private var work: String { Self.folder(folder) }

    /// Where the copies are while a backup is made.
    static func folder(_ folder: TelemetryFolder) -> String { folder.path + "/backup" }

    func begin() throws(StorageError) {
        folder.removeFolder(work)
        try folder.createFolder(work)
    }

    func end() { folder.removeFolder(work) }

    func remove(_ file: BackupFile) { folder.remove(file.path) }

    // MARK: Copies

    /// - Returns: nil when the file was sealed meanwhile: the catalog then has its rows.
    func copy(hot: Int64, _ connection: borrowing Connection) throws -> BackupFile? {
        // Keeps hot files attached; a window in which nothing lies leaves segments out.
        let lease = try registry.lease(project: nil, window: TimeWindow(minimum: .max, maximum: .max))
        defer { withExtendedLifetime(lease) {} }
        let source = FileSet.hotAlias(hot)
        guard lease.arms.arms.contains(where: { $0.alias == source }) else { return nil }
        let isOld = registry.current.oldHots.contains(hot)
        let path = "\(work)/hot-\(hot).db"
        try copy(to: path, connection) { connection throws(DuckDBError) in
            if !isOld {
                let name = BodyPageTable.name
                try connection.execute(
                    "\(BodyPageTable.create(in: Self.alias)); INSERT INTO \(Self.alias).\(name) SELECT * FROM \(source).\(name)")
            }
            for table in PhysicalTable.allCases {
                if isOld {
                    try connection.execute("CREATE TABLE \(Self.alias).\(table.rawValue) AS SELECT * FROM \(source).\(table.rawValue)")
                    continue
                }
                try connection.execute(
                    "\(table.createHot(in: Self.alias)); INSERT INTO \(Self.alias).\(table.rawValue) SELECT * FROM \(source).\(table.rawValue)"
                )
            }
        }
        return file("telemetry/hot-\(hot).db", path)
    }

    func copyCatalog(_ connection: borrowing Connection) throws -> (BackupFile, [Segment]) {
        let path = "\(work)/catalog.db"
        var segments: [Segment] = []
        try copy(to: path, connection) { connection throws(DuckDBError) in
            let sealedHot = try Catalog.sealedHot(connection)
            segments = try Catalog.segments(connection).values.sorted { $0.key < $1.key }.map { Segment(info: $0, sealedHot: sealedHot) }
            for statement in Schema.catalog {
                let name = statement.dropFirst("CREATE TABLE ".count).prefix { $0 != " " }
                try connection.execute(
                    "\(statement.replacing("CREATE TABLE ", with: "CREATE TABLE \(Self.alias).")); INSERT INTO \(Self.alias).\(name) SELECT * FROM \(name)"
                )
            }
        }
        return (file("telemetry/catalog.db", path), segments)
    }

    /// - Returns: nothing when the segment was given up meanwhile, as old ones are.
    func copy(_ segment: Segment, _ connection: borrowing Connection) throws -> [BackupFile] {
        let key = segment.info.key
        if registry.current.segments[key] == nil { return [] }
        // One that cannot be read fails the backup: with a hole it would be taken for whole.
        let lease = try registry.leaseForWriting(segment.info.file)
        defer { withExtendedLifetime(lease) {} }
        let path = "\(work)/segment.db"
        try copy(to: path, connection) { connection throws(DuckDBError) in
            for table in PhysicalTable.allCases {
                try connection.execute(
                    """
                    \(table.createSegment(in: Self.alias)); INSERT INTO \(Self.alias).\(table.rawValue) \
                    SELECT * FROM \(segment.info.file.alias).\(table.rawValue) WHERE hot <= \(segment.sealedHot)
                    """)
            }
        }
        var files = [file("telemetry/segments/\(key.project)/\(segment.info.file.name).db", path)]
        if segment.info.pageBytes > 0 {
            // Pages are only ever added behind what the catalog knows.
            let pages = "\(work)/segment.pages"
            try folder.copy(folder.pageFile(segment.info.file), to: pages, length: segment.info.pageBytes)
            files.append(file("telemetry/segments/\(key.project)/\(segment.info.file.name).pages", pages))
        }
        return files
    }

    /// Attaches a new file, fills it in one transaction and leaves it complete.
    private func copy(
        to path: String, _ connection: borrowing Connection, _ fill: (borrowing Connection) throws(DuckDBError) -> Void
    ) throws {
        folder.remove(path)
        try connection.execute(registry.layout.attach(path, as: Self.alias, isNew: true))
        do {
            try connection.execute("BEGIN")
            try fill(connection)
            try connection.execute("COMMIT; CHECKPOINT \(Self.alias); DETACH \(Self.alias)")
        } catch {
            try? connection.execute("ROLLBACK")
            try? connection.execute("DETACH \(Self.alias)")
            throw error
        }
    }

    private func file(_ name: String, _ path: String) -> BackupFile { BackupFile(name: name, path: path, size: folder.size(path)) }
}
