import DuckDBKit
import Logging
import MessagePages

extension EngineSupervisor {
    /// Attaches the hot files that have not been sealed, and makes one when there is none.
    ///
    /// - Returns: the files, and what could not be recovered, in words.
    static func attachHots(
        _ connection: borrowing Connection, _ folder: TelemetryFolder, _ pages: PageStore, _ logger: Logger
    ) throws(StorageError) -> (set: FileSet, report: String?) {
        let numbers = try folder.hotNumbers()
        do throws(DuckDBError) {
            var set = FileSet()
            set.sealedHot = try Catalog.sealedHot(connection)
            set.segments = try Catalog.segments(connection)
            set.filters = try Catalog.filters(connection)
            try removeLeftovers(set, connection, folder)
            var reports: [String] = []
            for number in numbers {
                if number <= set.sealedHot {
                    // Its rows are in segments; a crash came between that and this.
                    folder.remove(folder.hotFile(number))
                    folder.remove(folder.hotLog(number))
                    folder.remove(folder.hotRecord(number))
                    continue
                }
                if isUnfinished(number, folder) {
                    logger.warning("hot file \(number) was not finished when it was created, and held nothing: it is removed")
                    folder.remove(folder.hotFile(number))
                    folder.remove(folder.hotLog(number))
                    continue
                }
                let bytes = folder.size(folder.hotLog(number))
                if let report = try attachRecovering(number, connection, folder, logger) {
                    reports.append(report)
                    folder.remove(folder.hotRecord(number))
                } else if let report = try missingEnd(of: number, bytes, connection, folder) {
                    logger.critical("\(report)")
                    reports.append(report)
                }
                set.hots.append(number)
                let alias = FileSet.hotAlias(number)
                if try hasBodiesInRows(alias, connection) {
                    set.oldHots.insert(number)
                } else {
                    try BodyPageTable.load(alias, into: pages, connection)
                }
            }
            for report in missingHots(numbers, set.sealedHot, folder) {
                logger.critical("\(report)")
                reports.append(report)
            }
            // What is written from now on goes to a file of this version.
            if set.hots.last.map(set.oldHots.contains) ?? true {
                let number = max(set.hots.last ?? 0, set.sealedHot) + 1
                try attachHot(number, connection, folder)
                pages.hold(FileSet.hotAlias(number))
                set.hots.append(number)
            }
            return (set, reports.isEmpty ? nil : reports.joined(separator: "\n"))
        } catch {
            throw StorageError(.openFailed, error)
        }
    }

    /// Deletes files of segments that were given up or written anew, as far as the process ended before it could, and of segments that it had not
    /// finished to write anew.
    private static func removeLeftovers(
        _ set: FileSet, _ connection: borrowing Connection, _ folder: TelemetryFolder
    ) throws(DuckDBError) {
        let removed = try Catalog.removedSegments(connection)
        for file in removed where set.segments[file.key]?.file != file { folder.paths(file).forEach(folder.remove) }
        if !removed.isEmpty { try Catalog.forgetRemovedSegments(connection) }
        for file in folder.allSegmentFiles(ending: ".db") + folder.allSegmentFiles(ending: ".pages") {
            guard let known = set.segments[file.key]?.file, known != file, folder.size(folder.segmentFile(known)) > 0 else { continue }
            folder.paths(file).forEach(folder.remove)
        }
    }

    /// Attaches a hot file, creating it with its tables when it is new.
    ///
    /// - Parameter expectsTables: refuse a file without tables. The engine takes a log whose beginning is unreadable for an empty one.
    static func attachHot(
        _ number: Int64, _ connection: borrowing Connection, _ folder: TelemetryFolder, expectsTables: Bool = false
    ) throws(DuckDBError) {
        let path = folder.hotFile(number)
        let alias = FileSet.hotAlias(number)
        try connection.execute(SegmentLayout.attachHot(path, as: alias, isNew: folder.size(path) == 0))
        if expectsTables, try !hasTables(alias, connection) {
            try connection.execute("DETACH \(alias)")
            throw DuckDBError(code: .io, message: "the beginning of the log cannot be read")
        }
        // One transaction, and one wait for the disk.
        let tables = PhysicalTable.allCases.map { $0.createHot(in: alias) } + [BodyPageTable.create(in: alias)]
        try connection.execute("BEGIN")
        do throws(DuckDBError) {
            for table in tables { try connection.execute(table) }
            try connection.execute("COMMIT")
        } catch {
            // The engine ends a transaction by itself when its commit fails.
            try? connection.execute("ROLLBACK")
            throw error
        }
    }

    /// Whether a version before 6 has made the file.
    private static func hasBodiesInRows(_ alias: String, _ connection: borrowing Connection) throws(DuckDBError) -> Bool {
        try connection.query("SELECT * FROM \(alias).span LIMIT 0").columnNames.contains("bodies")
    }

    private static func hasTables(_ alias: String, _ connection: borrowing Connection) throws(DuckDBError) -> Bool {
        var result = try connection.query("SELECT count(*) FROM duckdb_tables() WHERE database_name = '\(alias)'")
        return try result.next()?.column(0).int64(0) ?? 0 > 0
    }

    /// Whether the creation of a hot file came to nothing, as on a full disk: it has at most the headers of the engine, and no log with its tables.
    private static func isUnfinished(_ number: Int64, _ folder: TelemetryFolder) -> Bool {
        folder.size(folder.hotFile(number)) <= headerBytes && folder.size(folder.hotLog(number)) == 0
            && HotLogRecord.read(folder.hotRecord(number)) == nil
    }

    /// Bytes of the three headers of the engine's files.
    private static let headerBytes: Int64 = 3 * 4096

    /// What is missing at the end of the log of an attached hot file, in words; nil when it is as long as it was.
    ///
    /// - Parameter bytes: its length before it was attached.
    private static func missingEnd(
        of number: Int64, _ bytes: Int64, _ connection: borrowing Connection, _ folder: TelemetryFolder
    ) throws(DuckDBError) -> String? {
        guard let record = HotLogRecord.read(folder.hotRecord(number)), bytes < record.bytes else { return nil }
        let alias = FileSet.hotAlias(number)
        var rows: Int64 = 0
        do {
            var result = try connection.query("SELECT (SELECT count(*) FROM \(alias).span) + (SELECT count(*) FROM \(alias).metric_point)")
            rows = try result.next()?.column(0).int64(0) ?? 0
        }
        // Said once; from here on the file is what it is.
        HotLogRecord(bytes: bytes, rows: rows).write(folder.hotRecord(number))
        return HotLogRecord.report(folder.hotLog(number), bytes: bytes, rows: rows, record)
    }

    /// Hot files that are not there although their logs or records are. A log without its file is set aside: a new file would take it for its own.
    private static func missingHots(_ present: [Int64], _ sealedHot: Int64, _ folder: TelemetryFolder) -> [String] {
        var reports: [String] = []
        for number in folder.missingHotNumbers(besides: present) {
            if number > sealedHot {
                let rows = HotLogRecord.read(folder.hotRecord(number)).map { "its \($0.rows) records and metric points" } ?? "its records"
                var report = "The file \(folder.hotFile(number)) is missing, and with it \(rows)."
                if folder.exists(folder.hotLog(number)), let aside = try? folder.setAside(folder.hotLog(number)) {
                    report += " Its log was set aside as \(aside); put both back together while the server is stopped."
                }
                reports.append(report)
            }
            folder.remove(folder.hotRecord(number))
        }
        return reports
    }

    /// Bytes that the log of a hot file exceeds only behind the creation of the tables, which comes first.
    private static let creationBytes: Int64 = 64 << 10

    /// Attaches a hot file; when its log is damaged, sets the log aside and attaches with as much of it as is whole.
    ///
    /// - Returns: what was lost.
    private static func attachRecovering(
        _ number: Int64, _ connection: borrowing Connection, _ folder: TelemetryFolder, _ logger: Logger
    ) throws(DuckDBError) -> String? {
        let failure: DuckDBError
        do throws(DuckDBError) {
            try attachHot(number, connection, folder, expectsTables: folder.size(folder.hotLog(number)) > creationBytes)
            return nil
        } catch {
            failure = error
        }
        let log = folder.hotLog(number)
        guard folder.exists(log) else { throw failure }
        let bytes = folder.size(log)
        let aside: String
        let kept: Int64
        do {
            aside = try folder.setAside(log)
            do {
                kept = try longestPrefix(of: aside, bytes, number, connection, folder)
            } catch {
                // The log was not the cause: leave the folder as it was found.
                folder.remove(log)
                try folder.move(aside, to: log)
                throw failure
            }
        } catch let error as DuckDBError {
            throw error
        } catch {
            throw DuckDBError(code: .io, message: "\(error)")
        }
        let report = """
            The write-ahead log of hot file \(number) was damaged. It has been set aside as \(aside); its first \(kept) of \(bytes) bytes were \
            read, records that were acknowledged after these are missing. The engine said: \(failure.message)
            """
        logger.critical("\(report)")
        return report
    }

    /// Attaches with the longest beginning of a log that the engine takes: transactions before the damage are whole, and a torn last one is left
    /// out by the engine itself.
    ///
    /// - Returns: its length. The hot file is attached then.
    private static func longestPrefix(
        of aside: String, _ bytes: Int64, _ number: Int64, _ connection: borrowing Connection, _ folder: TelemetryFolder
    ) throws -> Int64 {
        func opens(_ length: Int64) throws -> Bool {
            folder.remove(folder.hotLog(number))
            if length > 0 { try folder.copy(aside, to: folder.hotLog(number), length: length) }
            do throws(DuckDBError) {
                try attachHot(number, connection, folder, expectsTables: length > 0)
                return true
            } catch {
                return false
            }
        }
        func detach() throws { try connection.execute("DETACH \(FileSet.hotAlias(number))") }
        guard try opens(0) else { throw DuckDBError(code: .io, message: "the file itself is damaged") }
        try detach()
        var good: Int64 = 0
        var bad = bytes
        while bad - good > 512 {
            let middle = good + (bad - good) / 2
            if try opens(middle) {
                try detach()
                good = middle
            } else {
                bad = middle
            }
        }
        guard try opens(good) else { throw DuckDBError(code: .io, message: "the log cannot be read") }
        return good
    }
}
