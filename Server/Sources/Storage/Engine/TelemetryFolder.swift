import FoundationEssentials
import Synchronization

/// The files of the telemetry folder. They are looked at and renamed, never opened: closing a second descriptor of the database
/// file would drop the engine's lock on it (`storage.md` §1).
struct TelemetryFolder: Sendable {
    /// `DATA/telemetry`.
    let path: String

    init(dataDirectory: String) throws(StorageError) {
        let manager = FileManager.default
        path = URL(filePath: dataDirectory, directoryHint: .isDirectory).appending(path: "telemetry").resolvingSymlinksInPath().path
        do {
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
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

    /// The only file that is written.
    var hotFile: String { path + "/hot-1.db" }
    var hotLog: String { hotFile + ".wal" }
    /// Where large sorts and joins spill to.
    var temporary: String { path + "/tmp" }

    func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: file) }

    /// Bytes of a file, 0 when it does not exist.
    func size(_ file: String) -> Int64 { Platform.size(of: file) }

    /// Bytes of all files directly in the folder.
    func totalSize() -> Int64 {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { $0 + size(path + "/" + $1) }
    }

    /// Renames a file that cannot be used to a free name beside it.
    func setAside(_ file: String) throws(StorageError) -> String {
        var number = 1
        while exists("\(file).damaged-\(number)") { number += 1 }
        let target = "\(file).damaged-\(number)"
        try move(file, to: target)
        return target
    }

    func move(_ file: String, to target: String) throws(StorageError) {
        do {
            try FileManager.default.moveItem(atPath: file, toPath: target)
        } catch {
            throw StorageError(code: .openFailed, message: "cannot rename \(file): \(error)")
        }
    }
}
