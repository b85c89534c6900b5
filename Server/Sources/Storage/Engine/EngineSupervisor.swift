import DuckDBKit
import Logging
import MessagePages
import Synchronization

/// Owns the engine's instance: opens it locked down with the files of telemetry, hands out connections, and closes and opens it again
/// after a failure.
final class EngineSupervisor: Sendable {
    /// The open database. Lives until the last connection and result of it are gone, and keeps the folder taken as long.
    private final class Instance: Sendable {
        /// nil only while the value goes away: the folder must not be given back before the file is closed.
        private nonisolated(unsafe) var database: Database?
        private let folder: TelemetryFolder

        /// - Parameter folder: taken by the caller, given back with this value.
        init(_ database: consuming Database, _ folder: TelemetryFolder) {
            self.database = consume database
            self.folder = folder
        }

        deinit {
            database = nil
            folder.giveBack()
        }

        func connect(helpAfter patience: Duration? = nil) throws(DuckDBError) -> Connection {
            guard let connection = try database?.connect(helpAfter: patience) else {
                throw DuckDBError(code: .closed, message: "the database is closed")
            }
            connection.whenClosed { _ = self }
            return connection
        }
    }

    private struct State {
        var instance: Instance?
        var recoveryReport: String?
        var isClosed = false
    }

    let folder: TelemetryFolder
    let registry: FileRegistry
    let readers = ReaderList()
    private let configuration: StorageConfiguration
    private let state = Mutex(State())

    /// Opens the data folder, creating it when missing and migrating it when old.
    init(configuration: StorageConfiguration) throws(StorageError) {
        self.configuration = configuration
        folder = try TelemetryFolder(dataDirectory: configuration.directory)
        let pages = PageStore(capacity: configuration.pageCacheBytes) { [logger = configuration.logger] name, reason in
            logger.critical("messages of \(name) are shown as NULL: \(reason); run hearth doctor")
        }
        registry = FileRegistry(folder: folder, layout: configuration.layout, pages: pages, logger: configuration.logger)
        let (instance, report) = try Self.openRecovering(configuration, folder, registry)
        state.withLock { state in
            state.instance = instance
            state.recoveryReport = report
        }
    }

    /// What could not be recovered at the start, nil when nothing was lost.
    var recoveryReport: String? { state.withLock { $0.recoveryReport } }

    /// A connection that the supervisor does not know of: for the writer.
    ///
    /// - Parameter patience: how long a statement runs on one thread before others help with it; nil: they never do.
    func connect(helpAfter patience: Duration? = nil) throws(StorageError) -> Connection {
        do {
            return try instance().connect(helpAfter: patience)
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(code: .unavailable, message: "\(error)")
        }
    }

    /// Shorter queries take less of the processor on one thread, and are answered as soon.
    private static let readerPatience = Duration.milliseconds(3)

    /// A connection for one query.
    ///
    /// - Throws: ``StorageError/Code/unavailable`` while the engine is being reopened.
    func reader() throws(StorageError) -> ReaderLease {
        let connection = try connect(helpAfter: Self.readerPatience)
        let registration = readers.add(connection.interruptHandle)
        connection.whenClosed { registration.end() }
        return ReaderLease(connection: connection, registration: registration)
    }

    private func instance() throws(StorageError) -> Instance {
        let (instance, isClosed) = state.withLock { ($0.instance, $0.isClosed) }
        if isClosed { throw StorageError(code: .closed, message: "the store is closed") }
        guard let instance else { throw StorageError(code: .unavailable, message: "the storage engine is being reopened") }
        return instance
    }

    /// Creates the next hot file; queries read it from now on.
    ///
    /// - Returns: its number.
    func createHot() throws -> Int64 {
        let set = registry.current
        let number = max(set.hots.last ?? 0, set.sealedHot) + 1
        let connection = try connect()
        do {
            try Self.attachHot(number, connection, folder)
        } catch {
            // What is left of it would stand in the way of the next start.
            do throws(DuckDBError) {
                try connection.execute("DETACH DATABASE IF EXISTS \(FileSet.hotAlias(number))")
                folder.remove(folder.hotFile(number))
                folder.remove(folder.hotLog(number))
            } catch {
                configuration.logger.debug("a hot file that could not be created stays: \(error.message)")
            }
            throw error
        }
        registry.pages.hold(FileSet.hotAlias(number))
        registry.add(hot: number)
        return number
    }

    // MARK: Closing and reopening

    /// Closes the instance and opens the file again. The writer must have given up its connection; queries are interrupted and waited for.
    ///
    /// - Throws: ``StorageError`` when the file cannot be opened now; ``connect()`` fails until another attempt succeeds.
    func reopen() throws(StorageError) {
        registry.closing()
        state.withLock { $0.instance = nil }
        endReaders(seconds: 5)
        let (instance, report) = try Self.open(configuration, folder, registry)
        state.withLock { state in
            state.instance = instance
            if let report { state.recoveryReport = report }
        }
    }

    /// Refuses new connections, ends the running queries and closes the file once they are gone.
    func close() {
        registry.closing()
        state.withLock { state in
            state.isClosed = true
            state.instance = nil
        }
        endReaders(seconds: 1)
        if !readers.isEmpty { configuration.logger.warning("queries were still running when the storage engine was closed") }
    }

    private func endReaders(seconds: Int) {
        // Interrupting misses a query that has not started yet, hence again and again.
        for _ in 0..<(seconds * 100) where !readers.isEmpty {
            readers.interruptAll()
            Platform.sleep(milliseconds: 10)
        }
    }

    // MARK: Opening

    /// Opens the catalog and what it names; when its log is damaged, sets the log aside and opens without it.
    private static func openRecovering(
        _ configuration: StorageConfiguration, _ folder: TelemetryFolder, _ registry: FileRegistry
    ) throws(StorageError) -> (Instance, report: String?) {
        if !folder.exists(folder.catalogFile), !folder.segmentFiles.isEmpty {
            // The engine would make an empty one, and the next sealing would take the segments' rows for leftovers.
            throw StorageError(
                code: .openFailed,
                message: """
                    the catalog \(folder.catalogFile) is missing, and it alone knows which segments count; run hearth doctor --repair, which makes \
                    it anew from them, or restore a backup
                    """)
        }
        let failure: StorageError
        do {
            return try open(configuration, folder, registry)
        } catch {
            failure = error
        }
        guard failure.code == .openFailed, !isLocked(failure.message) else { throw failure }
        guard folder.exists(folder.catalogLog) else { throw unreadable(failure, folder) }
        let bytes = folder.size(folder.catalogLog)
        let aside = try folder.setAside(folder.catalogLog)
        do {
            let (instance, earlier) = try open(configuration, folder, registry)
            let report = """
                The catalog's write-ahead log was damaged and has been set aside as \(aside) (\(bytes) bytes): names of services and \
                scopes that were new after the last checkpoint are missing. The engine said: \(failure.message)
                """
            configuration.logger.critical("\(report)")
            return (instance, [earlier, report].compactMap(\.self).joined(separator: "\n"))
        } catch {
            // The log was not the cause: leave the folder as it was found.
            try folder.move(aside, to: folder.catalogLog)
            throw unreadable(failure, folder)
        }
    }

    private static func unreadable(_ failure: StorageError, _ folder: TelemetryFolder) -> StorageError {
        StorageError(
            code: .openFailed,
            message: """
                the telemetry in \(folder.path) cannot be opened: \(failure.message); hearth doctor says what is damaged, hearth doctor --repair \
                keeps what can be read
                """)
    }

    private static func isLocked(_ message: String) -> Bool {
        message.contains("Could not set lock") || message.contains("Conflicting lock") || message == TelemetryFolder.takenMessage
    }

    private static func open(
        _ configuration: StorageConfiguration, _ folder: TelemetryFolder, _ registry: FileRegistry
    ) throws(StorageError) -> (Instance, report: String?) {
        try folder.take()
        let instance: Instance
        do {
            try LegacyFile.upgrade(folder)
            let database = try Database(
                path: folder.catalogFile, options: EngineSettings.options(configuration, folder: folder),
                threads: max(1, configuration.threads))
            instance = Instance(database, folder)
        } catch let error as StorageError {
            folder.giveBack()
            throw error
        } catch {
            folder.giveBack()
            throw StorageError(code: .openFailed, message: "\(error)")
        }
        do {
            let connection = try instance.connect()
            try Migrations.run(connection, folder)
            try MetricFunctions.register(connection)
            try BodyFunctions.register(registry.pages, connection)
            try TextSetFunction.register(connection)
            try EndFunction.register(connection)
            try StackTraceFunction.register(connection)
            try AttributeText.register(connection)
            try NameFunctions.register(registry.names, connection)
            try registry.names.load(connection)
            for statement in EngineSettings.lockDown(folder: folder) { try connection.execute(statement) }
            let (set, report) = try attachHots(connection, folder, registry.pages, configuration.logger)
            registry.opened(try instance.connect(), set)
            return (instance, report)
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(code: .openFailed, message: "\(error)")
        }
    }
}
