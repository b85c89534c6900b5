import Accounts
import AsyncAlgorithms
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Synchronization

/// `GET /api/v1/backup`: everything the server keeps as a tar archive, while it goes on working.
struct BackupRoutes: Sendable {
    let authentication: Authentication
    let store: TelemetryStore
    let dataDirectory: String?
    let version: String
    private let running = Running()

    private final class Running: Sendable {
        let flag = Mutex(false)
    }

    /// The last file of an archive: what is not followed by it is not complete.
    private struct Contents: Encodable {
        struct File: Encodable {
            var name: String
            var size: Int64
        }
        var version: String
        var createdAt: String
        var files: [File]
    }

    init(_ services: HTTPAPIServices) {
        authentication = services.accounts.authentication
        store = services.store
        dataDirectory = services.dataDirectory
        version = services.version
    }

    func add(to router: Router<HearthRequestContext>) {
        router.get("api/v1/backup") { request, _ in
            try authentication.requireOwner(request)
            guard let dataDirectory else { throw APIError(.notImplemented, "this server does not know its data folder") }
            guard !running.flag.withLock(\.self) else { throw Self.conflict }
            let body = ResponseBody { writer in
                // Set here and not before: a client that goes away at once would leave it behind.
                guard
                    running.flag.withLock({ isRunning in
                        defer { isRunning = true }
                        return !isRunning
                    })
                else { throw Self.conflict }
                defer { running.flag.withLock { $0 = false } }
                // A part is made when the one before it is on its way.
                let parts = AsyncThrowingChannel<ByteBuffer, any Error>()
                let work = Task {
                    do {
                        try await write(dataDirectory) { await parts.send(ByteBuffer(bytes: $0)) }
                        parts.finish()
                    } catch {
                        parts.fail(error)
                    }
                }
                defer { work.cancel() }
                for try await part in parts { try await writer.write(part) }
                try await writer.finish(nil)
            }
            return Response(status: .ok, headers: [.contentType: "application/x-tar", .cacheControl: "no-store"], body: body)
        }
    }

    private func write(_ dataDirectory: String, _ send: ([UInt8]) async throws -> Void) async throws {
        let time = Int64(Date().timeIntervalSince1970)
        var contents = Contents(version: version, createdAt: Date().formatted(.iso8601), files: [])
        func add(_ name: String, _ path: String, _ size: Int64) async throws {
            try await send(TarWriter.header(name: name, size: size, time: time))
            try await Self.read(path, size, send)
            try await send(TarWriter.padding(size))
            contents.files.append(Contents.File(name: name, size: size))
        }
        // Accounts first: a project of the telemetry must be among them.
        let control = dataDirectory + "/control.sqlite.backup"
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { try? FileManager.default.removeItem(atPath: control + suffix) } }
        try? FileManager.default.removeItem(atPath: control)
        try authentication.directory.store.backup(to: control)
        try await add("control.sqlite", control, Self.size(control))
        try await store.backup { file in try await add(file.name, file.path, file.size) }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let json = [UInt8](try encoder.encode(contents))
        try await send(TarWriter.header(name: "backup.json", size: Int64(json.count), time: time))
        try await send(json + TarWriter.padding(Int64(json.count)) + TarWriter.end)
    }

    private static let conflict = APIError(.conflict, "a backup is being made already; wait until it has ended")

    private static func size(_ path: String) -> Int64 {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        return size?.int64Value ?? 0
    }

    /// The bytes of a file in parts; exactly as many as its header says.
    private static func read(_ path: String, _ size: Int64, _ send: ([UInt8]) async throws -> Void) async throws {
        guard let file = FileHandle(forReadingAtPath: path) else { throw APIError(.internalServerError, "\(path) cannot be read") }
        defer { try? file.close() }
        var left = size
        while left > 0 {
            guard let part = try file.read(upToCount: Int(min(left, 1 << 20))), !part.isEmpty else {
                throw APIError(.internalServerError, "\(path) is shorter than it was")
            }
            left -= Int64(part.count)
            try await send([UInt8](part))
        }
    }
}
