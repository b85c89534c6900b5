import Foundation
import Logging
import TelemetryModel

@testable import DuckDBKit
@testable import Storage

/// A data folder that goes away with the value.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "hearth-storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var hotFile: String { path + "/telemetry/hot-1.db" }
    var catalogFile: String { path + "/telemetry/catalog.db" }
    var hotLog: String { hotFile + ".wal" }

    func configuration() -> StorageConfiguration {
        var configuration = StorageConfiguration(directory: path)
        configuration.logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        configuration.memoryLimitBytes = 256 << 20
        return configuration
    }

    func open(_ change: (inout StorageConfiguration) -> Void = { _ in }) throws -> TelemetryStore {
        var configuration = configuration()
        change(&configuration)
        return try TelemetryStore(configuration: configuration)
    }

    /// A copy of the folder as it is at this moment, as after a crash.
    func copy() throws -> TestFolder {
        let target = try TestFolder()
        try FileManager.default.copyItem(atPath: path + "/telemetry", toPath: target.path + "/telemetry")
        return target
    }
}

extension TelemetryStore {
    /// The rows of a query as text, NULL as `nil`.
    func rows(_ sql: String) throws -> [[String?]] {
        let files = try allFiles()
        defer { withExtendedLifetime(files) {} }
        let sql = files.resolve(sql)
        let lease = try reader()
        var columns: [String] = []
        do {
            let result = try lease.query("SELECT * FROM (\(sql)) LIMIT 0")
            columns = result.columnNames
        }
        let casts = columns.map { "CAST(\"\($0)\" AS VARCHAR)" }.joined(separator: ", ")
        var result = try lease.query("SELECT \(casts) FROM (\(sql))")
        var rows: [[String?]] = []
        while let chunk = try result.next() {
            let readers = (0..<chunk.columnCount).map { chunk.column($0) }
            for row in 0..<chunk.rowCount { rows.append(readers.map { $0.isNull(row) ? nil : $0.string(row) }) }
        }
        return rows
    }

    /// The rows of a logical table as text; `query` names it `t`.
    func rows(of table: LogicalTable, _ query: String = "SELECT * FROM t", project: ProjectID = ProjectID(1)) throws -> [[String?]] {
        try rows("WITH t AS (\(TableSource.sql(for: table, project: project))) \(query)")
    }
}
