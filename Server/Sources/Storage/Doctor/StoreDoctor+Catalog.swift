import DuckDBKit

extension StoreDoctor {
    /// Makes a catalog from the segments. What only the catalog had is lost: names of services and scopes, decisions of tail sampling.
    ///
    /// - Parameter aside: whether there is a damaged one to be renamed.
    mutating func rebuild(problem: String, aside: Bool) throws(StorageError) {
        let files = folder.segmentFiles
        let hots = try folder.hotNumbers()
        var finding = DoctorFinding(
            file: name(folder.catalogFile), problem: problem,
            lost: "names of services and scopes of all records, and what tail sampling decided; no record", rowsLost: 0,
            repair: "Restore a backup (hearth restore) to keep the names; else the catalog is made anew from \(files.count) segments.")
        if repairs {
            if aside {
                _ = try folder.setAside(folder.catalogFile)
                if folder.exists(folder.catalogLog) { _ = try folder.setAside(folder.catalogLog) }
            }
            do throws(DuckDBError) {
                // Rows of hot files that are still there count from there; sealing them again clears what is in segments.
                let sealedHot = if let first = hots.first { first - 1 } else { try newestHot(files) }
                var segments: [SegmentInfo] = []
                for file in files {
                    do throws(DuckDBError) {
                        segments.append(try describe(file, sealedHot: sealedHot))
                    } catch {
                        // The segment's own finding says so, when the folder is examined again.
                        segments.append(SegmentInfo(key: file.key, revision: file.revision))
                    }
                }
                try create(sealedHot, segments)
                finding.isRepaired = true
            } catch {
                finding.repair += " That failed: \(error.message)"
            }
        }
        findings.append(finding)
    }

    private func newestHot(_ files: [SegmentFile]) throws(DuckDBError) -> Int64 {
        var newest: Int64 = 0
        for segment in files {
            guard let file = try? FileExamination(folder.segmentFile(segment)) else { continue }
            for table in PhysicalTable.allCases where try file.has(table) {
                newest = max(newest, try file.number("SELECT coalesce(max(hot), 0) FROM \(FileExamination.alias).\(table.rawValue)"))
            }
        }
        return newest
    }

    /// What the catalog should say of a segment.
    func describe(_ segment: SegmentFile, sealedHot: Int64) throws(DuckDBError) -> SegmentInfo {
        let key = segment.key
        let file = try FileExamination(folder.segmentFile(segment))
        let (alias, counted) = (FileExamination.alias, "hot <= \(sealedHot)")
        var info = SegmentInfo(key: key, revision: segment.revision)
        info.records = try file.number("SELECT count(*) FROM \(alias).span WHERE \(counted)")
        info.steps = try file.number("SELECT count(*) FROM \(alias).step WHERE \(counted)")
        info.metricPoints = try file.number("SELECT count(*) FROM \(alias).metric_point WHERE \(counted)")
        func overall(_ function: String, _ start: String, _ metric: String) throws(DuckDBError) -> [Int64] {
            try file.numbers(
                """
                SELECT \(function)(v)::BIGINT FROM (
                    SELECT \(start) AS v FROM \(alias).span WHERE \(counted) UNION ALL SELECT \(start) FROM \(alias).step WHERE \(counted)
                    UNION ALL SELECT \(metric) FROM \(alias).metric_point WHERE \(counted)
                )
                """)
        }
        info.minimumStart = try overall("min", "epoch_us(start_timestamp)", "epoch_us(recorded_timestamp)").first ?? key.start
        info.maximumStart = try overall("max", "epoch_us(start_timestamp)", "epoch_us(recorded_timestamp)").first ?? key.start
        info.lastSequence = try overall("max", "commit_sequence", "commit_sequence").first ?? 0
        info.hot = try file.number("SELECT coalesce(max(hot), 0) FROM \(alias).span WHERE \(counted)")
        info.hasSpanEvents = try file.number("SELECT count(*) FROM \(alias).span WHERE \(counted) AND span_event_count > 0") > 0
        info.bytes = folder.size(of: segment)
        info.pageBytes = folder.size(folder.pageFile(segment))
        return info
    }

    private func create(_ sealedHot: Int64, _ segments: [SegmentInfo]) throws(DuckDBError) {
        let database = try Database(path: folder.catalogFile, options: [(name: "storage_compatibility_version", value: "latest")])
        let connection = try database.connect()
        try connection.execute("BEGIN")
        for statement in Schema.catalog { try connection.execute(statement) }
        try connection.execute("INSERT INTO schema_version SELECT unnest(range(1, \(Schema.version + 1))), now()")
        try connection.execute("INSERT INTO meta VALUES ('sealed_hot', '\(sealedHot)')")
        try Catalog.replace(segments, connection)
        try Self.addOpenFilter(sealedHot, segments.map(\.key), connection)
        try connection.execute("COMMIT; CHECKPOINT")
    }

    /// A filter that answers "perhaps" for everything: look-ups then go to these segments instead of leaving them out.
    static func addOpenFilter(_ hot: Int64, _ keys: [SegmentKey], _ connection: borrowing Connection) throws(DuckDBError) {
        if keys.isEmpty { return }
        let list = keys.map { "{'project_id': \($0.project), 'day': \($0.day)}" }.joined(separator: ", ")
        let ones = String(repeating: "\\xFF", count: 8)
        try connection.execute(
            "INSERT INTO sealed_filter VALUES (\(hot), [\(list)]::STRUCT(project_id INTEGER, day INTEGER)[], '\(ones)'::BLOB, false)")
    }
}
