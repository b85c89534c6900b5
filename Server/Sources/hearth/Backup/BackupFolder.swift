import Foundation

/// Files of a backup in a folder, written one after the other.
final class BackupFolder {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// The file that ends every backup.
    static let contents = "backup.json"

    private let path: String
    private var reader = TarReader()
    private var file: FileHandle?
    private var isComplete = false

    private struct Contents: Decodable {
        struct File: Decodable {
            var name: String
            var size: Int64
        }
        var version: String
        var createdAt: String
        var files: [File]
    }

    /// - Parameter path: made when it is missing.
    init(_ path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Takes a part of an archive.
    func write(_ part: [UInt8]) throws {
        try reader.read(part) { event in
            switch event {
            case .file(let name, _):
                let target = path + "/" + name
                try FileManager.default.createDirectory(
                    atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                guard FileManager.default.createFile(atPath: target, contents: nil, attributes: [.posixPermissions: 0o600]),
                    let handle = FileHandle(forWritingAtPath: target)
                else { throw Failure(description: "\(target) cannot be written: \(String(cString: strerror(errno)))") }
                file = handle
                if name == Self.contents { isComplete = true }
            case .bytes(let bytes): try file?.write(contentsOf: Data(bytes))
            case .endOfFile:
                try file?.synchronize()
                try file?.close()
                file = nil
            }
        }
    }

    /// - Throws: when the archive was not whole.
    func finish() throws {
        guard isComplete, file == nil else { throw Failure(description: "the backup is not complete: its last file is missing") }
        try Self.check(path)
    }

    /// Whether all files are there with their sizes.
    ///
    /// - Throws: ``Failure`` with what is missing.
    static func check(_ path: String) throws {
        guard let data = FileManager.default.contents(atPath: path + "/" + contents) else {
            throw Failure(description: "\(path) holds no complete backup: \(contents) is missing")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        for file in try decoder.decode(Contents.self, from: data).files {
            let size = try? FileManager.default.attributesOfItem(atPath: path + "/" + file.name)[.size] as? NSNumber
            guard let size, size.int64Value == file.size else {
                throw Failure(description: "\(path)/\(file.name) is missing or not as long as it was: \(file.size) bytes")
            }
        }
    }
}
