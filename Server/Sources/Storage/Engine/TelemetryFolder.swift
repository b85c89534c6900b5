import FoundationEssentials
import Synchronization

/// The files of the telemetry folder. Those of the engine are looked at, renamed and deleted, never opened: closing a second descriptor of a
/// database file would drop the engine's lock on it (`storage.md` §1).
struct TelemetryFolder: Sendable {
    /// `DATA/telemetry`.
    let path: String

    init(dataDirectory: String) throws(StorageError) {
        path = URL(filePath: dataDirectory, directoryHint: .isDirectory).appending(path: "telemetry").resolvingSymlinksInPath().path
        try Self.create(path)
    }

    private static func create(_ path: String) throws(StorageError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StorageError(code: .openFailed, message: "cannot create \(path): \(error)")
        }
    }

    static let takenMessage = "the telemetry folder is in use by another store of this process"
    private static let taken = Mutex<Set<String>>([])

    /// Reserves the folder within this process: the file lock that keeps other processes out does not see a second opening by the same one.
    func take() throws(StorageError) {
        let isFree = Self.taken.withLock { $0.insert(path).inserted }
        if !isFree { throw StorageError(code: .openFailed, message: Self.takenMessage) }
    }

    /// Ends ``take()``.
    func giveBack() { Self.taken.withLock { _ = $0.remove(path) } }

    // MARK: Names

    /// Which files there are, and what they share: resources, scopes, sampling decisions.
    var catalogFile: String { path + "/catalog.db" }
    var catalogLog: String { catalogFile + ".wal" }

    /// Files that are written, or wait to be sealed.
    func hotFile(_ number: Int64) -> String { "\(path)/hot-\(number).db" }
    func hotLog(_ number: Int64) -> String { hotFile(number) + ".wal" }

    /// See ``HotLogRecord``.
    func hotRecord(_ number: Int64) -> String { "\(path)/hot-\(number).log-record" }

    /// Sealed rows of a project and a day.
    func segmentFile(_ file: SegmentFile) -> String { "\(path)/segments/\(file.key.project)/\(file.name).db" }
    func segmentLog(_ file: SegmentFile) -> String { segmentFile(file) + ".wal" }
    /// Their message bodies.
    func pageFile(_ file: SegmentFile) -> String { "\(path)/segments/\(file.key.project)/\(file.name).pages" }
    /// All of a segment's files.
    func paths(_ file: SegmentFile) -> [String] { [segmentFile(file), segmentLog(file), pageFile(file)] }

    /// Where large sorts and joins spill to.
    var temporary: String { path + "/tmp" }

    func createSegmentFolder(_ key: SegmentKey) throws(StorageError) { try Self.create("\(path)/segments/\(key.project)") }

    /// Numbers of the hot files that are there, in order.
    ///
    /// - Throws: ``StorageError/Code/openFailed`` when the folder cannot be read: without any the store would begin anew beside them.
    func hotNumbers() throws(StorageError) -> [Int64] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw StorageError(code: .openFailed, message: "cannot read the folder \(path): \(error)")
        }
        return names.compactMap { name in
            guard name.hasPrefix("hot-"), name.hasSuffix(".db") else { return nil }
            return Int64(name.dropFirst(4).dropLast(3))
        }.sorted()
    }

    /// Numbers of hot files that were there: their log or its record is, and they are not.
    func missingHotNumbers(besides present: [Int64]) -> [Int64] {
        let numbers = names(in: path).compactMap { name -> Int64? in
            guard name.hasPrefix("hot-"), name.hasSuffix(".db.wal") || name.hasSuffix(".log-record") else { return nil }
            return Int64(name.dropFirst(4).prefix { $0 != "." })
        }
        return Set(numbers).subtracting(present).sorted()
    }

    /// Names of what is in a folder.
    func names(in folder: String) -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }

    // MARK: Files

    func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: file) }

    /// Bytes of a file, 0 when it does not exist.
    func size(_ file: String) -> Int64 { Platform.size(of: file) }

    /// Bytes of the files of a segment.
    func size(of file: SegmentFile) -> Int64 { paths(file).reduce(0) { $0 + size($1) } }

    /// Bytes of all files in the folder and below.
    func totalSize() -> Int64 { Self.size(below: path) }

    private static func size(below folder: String) -> Int64 {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.reduce(0) { total, name in
            let file = folder + "/" + name
            return total + (Platform.isFolder(file) ? size(below: file) : Platform.size(of: file))
        }
    }

    /// Deletes a file that may be there.
    func remove(_ file: String) {
        if exists(file) { try? FileManager.default.removeItem(atPath: file) }
    }

    func createFolder(_ folder: String) throws(StorageError) { try Self.create(folder) }

    /// Deletes a folder that may be there, and all that is in it.
    func removeFolder(_ folder: String) {
        if exists(folder) { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Renames a file that cannot be used to a free name beside it.
    func setAside(_ file: String) throws(StorageError) -> String {
        var number = 1
        while exists("\(file).damaged-\(number)") { number += 1 }
        let target = "\(file).damaged-\(number)"
        try move(file, to: target)
        return target
    }

    /// Copies the beginning of a log that no engine has open.
    func copy(_ file: String, to target: String, length: Int64) throws(StorageError) {
        guard Platform.copy(file, to: target, length: length) else {
            throw StorageError(code: .openFailed, message: "cannot copy \(file) to \(target)")
        }
    }

    func move(_ file: String, to target: String) throws(StorageError) {
        do {
            try FileManager.default.moveItem(atPath: file, toPath: target)
        } catch {
            throw StorageError(code: .openFailed, message: "cannot rename \(file): \(error)")
        }
    }
}
