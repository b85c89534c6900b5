import ArgumentParser
import Foundation
import Storage

/// `hearth restore`: a backup becomes a data folder.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a data folder from a backup.",
        discussion:
            "Works without a server. What is in the data folder already is renamed, never deleted. The files are examined afterwards."
    )

    @Argument(help: ArgumentHelp("What hearth backup made.", valueName: "folder or file.tar"))
    var from: String

    @Option(help: ArgumentHelp("Data folder to make. (default: HEARTH_DATA, else ~/.local/share/hearth)", valueName: "folder"))
    var data: String?

    @Flag(help: "Also when the data folder holds something: that is renamed to <folder>.before-restore-<number>.")
    var force = false

    func run() async throws {
        let target = data ?? DataFolder.fromEnvironment
        do {
            try clear(target)
            let work = target + ".restoring"
            try? FileManager.default.removeItem(atPath: work)
            do {
                try read(into: work)
                try FileManager.default.moveItem(atPath: work, toPath: target)
            } catch {
                try? FileManager.default.removeItem(atPath: work)
                throw error
            }
            let findings = try StoreDoctor.examine(directory: target, repairs: false)
            for finding in findings { Terminal.warn(DoctorReport.text(finding)) }
            Terminal.say("\(target) holds what the backup holds. Start the server with hearth serve --data \(target)")
            if !findings.isEmpty { throw ExitCode.failure }
        } catch let exit as ExitCode {
            throw exit
        } catch {
            Terminal.warn("\(error)")
            throw ExitCode(error is BackupFolder.Failure || error is TarReader.Failure ? 65 : 73)
        }
    }

    private func clear(_ target: String) throws {
        let inside = (try? FileManager.default.contentsOfDirectory(atPath: target)) ?? []
        if inside.isEmpty {
            if FileManager.default.fileExists(atPath: target) { try FileManager.default.removeItem(atPath: target) }
            return
        }
        guard force else {
            throw BackupFolder.Failure(description: "\(target) is not empty; name another folder with --data, or use --force")
        }
        var number = 1
        while FileManager.default.fileExists(atPath: "\(target).before-restore-\(number)") { number += 1 }
        try FileManager.default.moveItem(atPath: target, toPath: "\(target).before-restore-\(number)")
        Terminal.warn("what was in \(target) is in \(target).before-restore-\(number)")
    }

    private func read(into work: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: from, isDirectory: &isFolder) else {
            throw BackupFolder.Failure(description: "\(from) does not exist")
        }
        if isFolder.boolValue {
            try BackupFolder.check(from)
            try FileManager.default.createDirectory(
                atPath: (work as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: from, toPath: work)
        } else {
            guard let file = FileHandle(forReadingAtPath: from) else { throw BackupFolder.Failure(description: "\(from) cannot be read") }
            let folder = try BackupFolder(work)
            while let part = try file.read(upToCount: 1 << 20), !part.isEmpty { try folder.write([UInt8](part)) }
            try folder.finish()
        }
        try FileManager.default.removeItem(atPath: work + "/" + BackupFolder.contents)
    }
}
