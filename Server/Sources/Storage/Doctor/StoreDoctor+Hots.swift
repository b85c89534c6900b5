import DuckDBKit

extension StoreDoctor {
    /// A file with rows that are in no segment yet.
    mutating func hot(_ number: Int64) throws(StorageError) {
        let path = folder.hotFile(number)
        progress(name(path))
        let failure: DuckDBError
        do throws(DuckDBError) {
            let file = try FileExamination(path)
            try missingEnd(number, rows: try file.rows())
            return try body(file, path) { $0.createHot(in: $1) }
        } catch {
            failure = error
        }
        try refuseIfLocked(failure)
        let log = folder.hotLog(number)
        guard folder.exists(log), let kept = try longestPrefix(number) else {
            var finding = DoctorFinding(
                file: name(path), problem: "The file cannot be read: \(failure.message)",
                lost: "all records that were not in segments yet (\(folder.size(path) + folder.size(log)) bytes)",
                repair: "It and its log are set aside; the server goes on with a new file. What clients still have can be sent again.")
            if repairs {
                if folder.exists(log) { _ = try folder.setAside(log) }
                _ = try folder.setAside(path)
                folder.remove(folder.hotRecord(number))
                finding.isRepaired = true
            }
            findings.append(finding)
            return
        }
        let bytes = folder.size(log)
        let about = kept.bytes > 0 ? (bytes - kept.bytes) * kept.rowsInLog / kept.bytes : nil
        var finding = DoctorFinding(
            file: name(log), problem: "The write-ahead log is damaged: \(failure.message)",
            lost: "what was acknowledged in its last \(bytes - kept.bytes) of \(bytes) bytes"
                + (about.map { ", about \($0) records and metric points" } ?? "") + "; \(kept.rows) are whole",
            rowsLost: about, repair: "It is set aside and replaced by its first \(kept.bytes) bytes.")
        if repairs {
            let aside = try folder.setAside(log)
            if kept.bytes > 0 { try folder.copy(aside, to: log, length: kept.bytes) }
            folder.remove(folder.hotRecord(number))
            finding.isRepaired = true
        }
        findings.append(finding)
    }

    /// A log that is shorter than it was after the last commit.
    private mutating func missingEnd(_ number: Int64, rows: Int64) {
        let log = folder.hotLog(number)
        let bytes = folder.size(log)
        guard let record = HotLogRecord.read(folder.hotRecord(number)), bytes < record.bytes else { return }
        let lost = max(0, record.rows - rows)
        var finding = DoctorFinding(
            file: name(log), problem: HotLogRecord.report(name(log), bytes: bytes, rows: rows, record),
            lost: "up to \(lost) records and metric points", rowsLost: lost,
            repair: "What is gone cannot be read back; send it again or restore a backup. The record of the log's length is corrected.")
        if repairs { finding.isRepaired = HotLogRecord(bytes: bytes, rows: rows).write(folder.hotRecord(number)) }
        findings.append(finding)
    }

    /// Hot files whose log or record is there without them.
    mutating func missingHots(besides present: [Int64], sealedHot: Int64) throws(StorageError) {
        for number in folder.missingHotNumbers(besides: present) where number > sealedHot {
            let record = HotLogRecord.read(folder.hotRecord(number))
            var finding = DoctorFinding(
                file: name(folder.hotFile(number)), problem: "The file is missing.",
                lost: record.map { "up to \($0.rows) records and metric points" } ?? "records that were not in segments yet",
                rowsLost: record?.rows ?? 0, repair: "Its log is set aside; the server goes on with a new file.")
            if repairs {
                if folder.exists(folder.hotLog(number)) { _ = try folder.setAside(folder.hotLog(number)) }
                folder.remove(folder.hotRecord(number))
                finding.isRepaired = true
            }
            findings.append(finding)
        }
    }

    /// The rows of a file that can be attached, and where they cannot be read.
    ///
    /// - Throws: nothing but what makes a file unreadable as a whole.
    mutating func body(
        _ file: borrowing FileExamination, _ path: String, _ create: @escaping (PhysicalTable, String) -> String
    ) throws(DuckDBError) {
        var ranges: [PhysicalTable: [Range<Int64>]] = [:]
        var lost: Int64 = 0
        var details = 0
        for table in PhysicalTable.allCases {
            let unreadable = try file.unreadable(table)
            if unreadable.isEmpty { continue }
            ranges[table] = unreadable
            let rows = unreadable.contains(0..<Int64.max) ? try file.rows() : unreadable.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
            if table == .span || table == .metricPoint { lost += rows } else { details += Int(rows) }
        }
        if ranges.isEmpty { return }
        var finding = DoctorFinding(
            file: name(path), problem: "Blocks of the file are damaged.",
            lost: "up to \(lost) records and metric points"
                + (details > 0 ? ", and what is known of \(details) model calls and tools" : ""),
            rowsLost: lost, repair: "What can be read is copied to a new file; the damaged one is set aside.")
        if repairs {
            let fixed = path + ".repaired"
            folder.remove(fixed)
            _ = try file.salvage(to: fixed, without: ranges, create: create)
            do {
                _ = try folder.setAside(path)
                if folder.exists(path + ".wal") { _ = try folder.setAside(path + ".wal") }
                try folder.move(fixed, to: path)
                finding.isRepaired = true
            } catch {
                finding.repair += " That failed: \(error.message)"
            }
        }
        findings.append(finding)
    }

    /// The longest beginning of a log that the engine takes, tried on copies.
    ///
    /// - Returns: its bytes, the rows of file and log, and those of the log alone; nil when the file cannot be read without a log either.
    private func longestPrefix(_ number: Int64) throws(StorageError) -> (bytes: Int64, rows: Int64, rowsInLog: Int64)? {
        let (path, log) = (folder.hotFile(number), folder.hotLog(number))
        let copy = "\(path).examined"
        defer {
            folder.remove(copy)
            folder.remove(copy + ".wal")
        }
        func rows(_ length: Int64) throws(StorageError) -> Int64? {
            folder.remove(copy)
            folder.remove(copy + ".wal")
            try folder.copy(path, to: copy, length: folder.size(path))
            if length > 0 { try folder.copy(log, to: copy + ".wal", length: length) }
            do throws(DuckDBError) {
                let file = try FileExamination(copy)
                return try file.rows()
            } catch {
                return nil
            }
        }
        guard let without = try rows(0) else { return nil }
        var (good, bad, best) = (Int64(0), folder.size(log), without)
        while bad - good > 512 {
            let middle = good + (bad - good) / 2
            if let found = try rows(middle) { (good, best) = (middle, found) } else { bad = middle }
        }
        return (good, best, best - without)
    }
}
