import DuckDBKit
import MessagePages

extension StoreDoctor {
    /// A project's rows of a day.
    mutating func segment(_ info: SegmentInfo, sealedHot: Int64) throws(StorageError) {
        let path = folder.segmentFile(info.file)
        progress(name(path))
        let rows = info.records + info.metricPoints
        guard folder.exists(path) else {
            return try give(up: info, problem: "The segment is missing.", rows: rows, aside: false)
        }
        let before = findings.count
        do throws(DuckDBError) {
            try readThrough(path)
            // Messages of what is left: when blocks are damaged and stay so, nobody can tell which those are.
            if findings.count == before || repairs {
                let file = try FileExamination(path)
                if findings.count == before { try compare(file, path, rows, sealedHot) }
                try pages(info, file, path)
            }
        } catch {
            try refuseIfLocked(error)
            return try give(up: info, problem: "The segment cannot be read: \(error.message)", rows: rows, aside: true)
        }
        if repairs, findings.count > before { try correct(info, sealedHot) }
    }

    private mutating func readThrough(_ path: String) throws(DuckDBError) {
        let file = try FileExamination(path)
        try body(file, path) { $0.createSegment(in: $1) }
    }

    private mutating func compare(_ file: borrowing FileExamination, _ path: String, _ rows: Int64, _ sealedHot: Int64) throws(DuckDBError)
    {
        let counted = try self.rows(file, sealedHot)
        guard counted < rows else { return }
        findings.append(
            DoctorFinding(
                file: name(path), problem: "The segment has \(counted) rows where the catalog says \(rows).",
                lost: "\(rows - counted) records and metric points", rowsLost: rows - counted, repair: "The catalog is corrected."))
    }

    private func rows(_ file: borrowing FileExamination, _ sealedHot: Int64) throws(DuckDBError) -> Int64 {
        try file.number(
            """
            SELECT (SELECT count(*) FROM \(FileExamination.alias).span WHERE hot <= \(sealedHot)) \
            + (SELECT count(*) FROM \(FileExamination.alias).metric_point WHERE hot <= \(sealedHot))
            """)
    }

    private mutating func give(up info: SegmentInfo, problem: String, rows: Int64, aside: Bool) throws(StorageError) {
        let path = folder.segmentFile(info.file)
        var finding = DoctorFinding(
            file: name(path), problem: problem, lost: "\(info.records) records and \(info.metricPoints) metric points of that day",
            rowsLost: rows, repair: (aside ? "It is set aside" : "The catalog forgets it") + ", so that answers no longer look for it.")
        if repairs {
            if aside { _ = try folder.setAside(path) }
            for file in [folder.segmentLog(info.file), folder.pageFile(info.file)] where folder.exists(file) {
                _ = try folder.setAside(file)
            }
            try changeCatalog { connection throws(DuckDBError) in try Catalog.remove([info.file], connection) }
            finding.isRepaired = true
        }
        findings.append(finding)
    }

    // MARK: Messages

    private mutating func pages(_ info: SegmentInfo, _ file: borrowing FileExamination, _ path: String) throws(DuckDBError) {
        let pagePath = folder.pageFile(info.file)
        let table = "\(FileExamination.alias).span"
        let numbers = try file.numbers("SELECT DISTINCT (body >> 16)::BIGINT AS page FROM \(table) WHERE body IS NOT NULL ORDER BY page")
        if numbers.isEmpty { return }
        let damaged: [Int]
        var problem = "Pages with messages are damaged."
        do throws(PageError) {
            damaged = try PageFileCheck.damagedPages(path: pagePath, end: Int(info.pageBytes), pages: numbers.map { Int($0) })
        } catch {
            damaged = numbers.map { Int($0) }
            problem = error.message
        }
        if damaged.isEmpty { return index(info, pagePath) }
        let condition = "(body >> 16) IN (\(damaged.map(String.init).joined(separator: ", ")))"
        let records = try file.number("SELECT count(*) FROM \(table) WHERE \(condition)")
        var finding = DoctorFinding(
            file: name(pagePath), problem: problem,
            lost: "the messages of \(records) records; the records themselves are whole", rowsLost: 0,
            repair: "These records are shown without messages.")
        if repairs {
            let database = try Database(path: nil)
            let connection = try database.connect()
            try connection.execute(
                """
                ATTACH '\(path.replacing("'", with: "''"))' AS repaired; UPDATE repaired.span SET body = NULL WHERE \(condition); \
                CHECKPOINT repaired; DETACH repaired
                """)
            finding.isRepaired = true
        }
        findings.append(finding)
    }

    /// What searches in messages go by. Nothing is lost with it but speed, and answers while nobody knows.
    private mutating func index(_ info: SegmentInfo, _ path: String) {
        let end = Int(info.pageBytes)
        var finding = DoctorFinding(
            file: name(path), problem: "The index of the messages is damaged.", lost: "searches in the messages of that day may miss some",
            rowsLost: 0, repair: "Searches look at every page of that day.")
        do throws(PageError) {
            if try PageFileCheck.isIndexWhole(path: path, end: end) { return }
            if repairs {
                try PageFileCheck.dropIndex(path: path, end: end)
                finding.isRepaired = true
            }
        } catch {
            finding.problem = error.message
        }
        findings.append(finding)
    }

    // MARK: Catalog

    /// Writes what a repaired segment has now.
    private mutating func correct(_ info: SegmentInfo, _ sealedHot: Int64) throws(StorageError) {
        var corrected = info
        do throws(DuckDBError) {
            let file = try FileExamination(folder.segmentFile(info.file))
            let alias = FileExamination.alias
            corrected.records = try file.number("SELECT count(*) FROM \(alias).span WHERE hot <= \(sealedHot)")
            corrected.steps = try file.number("SELECT count(*) FROM \(alias).step WHERE hot <= \(sealedHot)")
            corrected.metricPoints = try file.number("SELECT count(*) FROM \(alias).metric_point WHERE hot <= \(sealedHot)")
        } catch {
            throw StorageError(.openFailed, error)
        }
        corrected.bytes = folder.size(of: info.file)
        let changed = corrected
        try changeCatalog { connection throws(DuckDBError) in try Catalog.replace([changed], connection) }
        for index in findings.indices where findings[index].file == name(folder.segmentFile(info.file)) {
            findings[index].isRepaired = true
        }
    }

    func changeCatalog(_ body: (borrowing Connection) throws(DuckDBError) -> Void) throws(StorageError) {
        do throws(DuckDBError) {
            let database = try Database(path: folder.catalogFile)
            let connection = try database.connect()
            try Migrations.upgrade(connection, from: try SchemaVersion.read(connection))
            try body(connection)
            try connection.execute("CHECKPOINT")
        } catch {
            throw StorageError(.openFailed, error)
        }
    }
}
