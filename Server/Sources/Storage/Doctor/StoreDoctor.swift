import DuckDBKit

/// Examines the telemetry of a data folder that no server has open, and repairs what can be repaired (`acceptance.md` D4).
///
/// Nothing is deleted: a file that cannot be used is renamed to `….damaged-1`.
public struct StoreDoctor {
    let folder: TelemetryFolder
    let repairs: Bool
    let progress: (String) -> Void
    var findings: [DoctorFinding] = []

    /// - Parameters:
    ///   - directory: the data folder.
    ///   - repairs: also do what the findings say.
    ///   - progress: told which file is looked at.
    /// - Throws: ``StorageError/Code/openFailed`` when a server has the folder open.
    public static func examine(
        directory: String, repairs: Bool, progress: @escaping (String) -> Void = { _ in }
    ) throws(StorageError) -> [DoctorFinding] {
        let folder = try TelemetryFolder(dataDirectory: directory)
        try folder.take()
        defer { folder.giveBack() }
        var doctor = StoreDoctor(folder: folder, repairs: repairs, progress: progress)
        try doctor.run()
        return doctor.findings
    }

    private mutating func run() throws(StorageError) {
        guard folder.exists(folder.catalogFile) else {
            return try examineWithoutCatalog()
        }
        guard let set = try catalog() else { return }
        let hots = try folder.hotNumbers()
        for number in hots where number > set.sealedHot { try hot(number) }
        try missingHots(besides: hots, sealedHot: set.sealedHot)
        for info in set.segments.values.sorted(by: { $0.key < $1.key }) { try segment(info, sealedHot: set.sealedHot) }
        try strangers(set)
        leftovers()
    }

    /// A folder that was never opened, or one of an earlier version, which the next start converts.
    private mutating func examineWithoutCatalog() throws(StorageError) {
        guard !folder.segmentFiles.isEmpty else { return }
        try rebuild(problem: "The catalog is missing; it knows which segments there are.", aside: false)
    }

    // MARK: Catalog

    /// What the catalog says; nil when it cannot be read.
    private mutating func catalog() throws(StorageError) -> FileSet? {
        progress(name(folder.catalogFile))
        let failure: DuckDBError
        do throws(DuckDBError) {
            return try read()
        } catch {
            failure = error
        }
        try refuseIfLocked(failure)
        guard folder.exists(folder.catalogLog) else {
            try rebuild(problem: "The catalog cannot be read: \(failure.message)", aside: true)
            return nil
        }
        // Is it the log?
        let bytes = folder.size(folder.catalogLog)
        let aside = try folder.setAside(folder.catalogLog)
        var set: FileSet?
        do throws(DuckDBError) { set = try read() } catch {}
        var finding = DoctorFinding(
            file: name(folder.catalogLog), problem: "The catalog's log is damaged: \(failure.message)",
            lost: "names of services and scopes that were new after the last checkpoint (\(bytes) bytes)", rowsLost: 0,
            repair: "It is set aside as \(name(aside)); the catalog is read without it.")
        if set == nil || !repairs {
            try folder.move(aside, to: folder.catalogLog)
        } else {
            finding.isRepaired = true
        }
        if set == nil {
            try rebuild(problem: "The catalog cannot be read: \(failure.message)", aside: true)
        } else {
            findings.append(finding)
        }
        return set
    }

    private func read() throws(DuckDBError) -> FileSet {
        let file = try FileExamination(folder.catalogFile)
        try file.connection.execute("USE \(FileExamination.alias)")
        var set = FileSet()
        set.sealedHot = try Catalog.sealedHot(file.connection)
        set.segments = try Catalog.segments(file.connection)
        for table in ["resource", "scope", "trace_sample", "sealed_filter"] {
            _ = try file.numbers("SELECT (bit_xor(hash(t)) >> 1)::BIGINT FROM \(table) t")
        }
        return set
    }

    func refuseIfLocked(_ failure: DuckDBError) throws(StorageError) {
        if failure.message.contains("Could not set lock") || failure.message.contains("Conflicting lock") {
            throw StorageError(code: .openFailed, message: "a server has the data folder open; stop it first")
        }
    }

    /// Below the data folder.
    func name(_ path: String) -> String {
        path.hasPrefix(folder.path) ? "telemetry" + path.dropFirst(folder.path.count) : path
    }

    /// Copies of a backup that was interrupted by a crash.
    private mutating func leftovers() {
        let copies = BackupCopier.folder(folder)
        guard folder.exists(copies) else { return }
        var finding = DoctorFinding(
            file: name(copies), problem: "A backup was interrupted and left its copies.", rowsLost: 0,
            repair: "They are deleted; the next backup does so too.")
        if repairs {
            folder.removeFolder(copies)
            finding.isRepaired = true
        }
        findings.append(finding)
    }

    /// Segments that were given up, whose files the next start deletes.
    private func removedSegments() throws(StorageError) -> Set<SegmentFile> {
        do throws(DuckDBError) {
            let file = try FileExamination(folder.catalogFile)
            try file.connection.execute("USE \(FileExamination.alias)")
            return Set(try Catalog.removedSegments(file.connection))
        } catch {
            throw StorageError(.openFailed, error)
        }
    }

    /// Files that nothing refers to.
    private mutating func strangers(_ set: FileSet) throws(StorageError) {
        let removed = try removedSegments()
        for file in folder.segmentFiles where !removed.contains(file) {
            // One that was being written anew, or that was.
            if let known = set.segments[file.key]?.file, known == file || folder.exists(folder.segmentFile(known)) { continue }
            let (key, path) = (file.key, folder.segmentFile(file))
            guard let info = try? describe(file, sealedHot: set.sealedHot), info.records + info.metricPoints > 0 else { continue }
            var finding = DoctorFinding(
                file: name(path), problem: "The catalog does not know this segment.",
                lost: "\(info.records) records and \(info.metricPoints) metric points are in no answer", rowsLost: 0,
                repair: "It is added to the catalog.")
            if repairs {
                try changeCatalog { connection throws(DuckDBError) in
                    try Catalog.replace([info], connection)
                    try Self.addOpenFilter(set.sealedHot, [key], connection)
                }
                finding.isRepaired = true
            }
            findings.append(finding)
        }
    }
}

extension TelemetryFolder {
    /// The segments that have files, in order. Of one that was being written anew when the process ended only the older file.
    var segmentFiles: [SegmentFile] {
        var files: [SegmentKey: SegmentFile] = [:]
        for file in allSegmentFiles(ending: ".db") where files[file.key].map({ $0.revision > file.revision }) ?? true {
            files[file.key] = file
        }
        return files.values.sorted { $0.key < $1.key }
    }

    /// Every file of a segment with an ending, whether it counts or not.
    func allSegmentFiles(ending: String) -> [SegmentFile] {
        var files: [SegmentFile] = []
        for project in names(in: path + "/segments") {
            guard let number = Int32(project) else { continue }
            for file in names(in: "\(path)/segments/\(project)") where file.hasSuffix(ending) {
                if let segment = SegmentFile(project: number, name: file.dropLast(ending.utf8.count)) { files.append(segment) }
            }
        }
        return files
    }
}
