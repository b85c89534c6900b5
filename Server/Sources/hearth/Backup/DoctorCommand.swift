import Accounts
import ArgumentParser
import Foundation
import Storage

/// `hearth doctor`: is a data folder whole?
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Examine a data folder, and repair it.",
        discussion: """
            Reads every file of a data folder that no server has open. For each damage it names the file, what is lost and the repair; --repair does \
            it. Nothing is deleted: what cannot be used is renamed to ….damaged-1. Exit codes: 0 all is whole, or was repaired; 1 something is \
            damaged; 73 the folder cannot be examined.
            """
    )

    @Option(help: ArgumentHelp("Data folder. (default: HEARTH_DATA, else ~/.local/share/hearth)", valueName: "folder"))
    var data: String?

    @Flag(help: "Repair what can be repaired.")
    var repair = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let folder = data ?? DataFolder.fromEnvironment
        guard FileManager.default.fileExists(atPath: folder) else {
            Terminal.warn("there is no \(folder); name the server's data folder with --data")
            throw ExitCode(73)
        }
        let progress = TransferProgress(isQuiet: json)
        var findings: [DoctorFinding]
        do {
            findings = try StoreDoctor.examine(directory: folder, repairs: repair) { progress.show($0) }
            progress.end()
        } catch {
            progress.end()
            Terminal.warn("\(error)")
            throw ExitCode(73)
        }
        if let control = Self.control(folder, repairs: repair) { findings.append(control) }
        if json {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            Terminal.say(String(decoding: try encoder.encode(findings), as: UTF8.self))
        } else {
            for finding in findings { Terminal.say(DoctorReport.text(finding)) }
            Terminal.say(Self.summary(findings, isRepairing: repair))
        }
        if findings.contains(where: { !$0.isRepaired }) { throw ExitCode.failure }
    }

    /// Accounts, projects and settings.
    private static func control(_ folder: String, repairs: Bool) -> DoctorFinding? {
        let path = folder + "/control.sqlite"
        let problems = ControlStore.problems(path: path)
        guard let first = problems.first else { return nil }
        var finding = DoctorFinding(
            file: "control.sqlite", problem: "The control database is damaged: \(first)",
            lost: "users, tokens, projects' names and settings; the records themselves are not touched", rowsLost: 0,
            repair:
                "It is set aside; the next start makes a new one with the project local/default. Restore it from a backup to keep the accounts."
        )
        if repairs {
            var number = 1
            while FileManager.default.fileExists(atPath: "\(path).damaged-\(number)") { number += 1 }
            for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
                try? FileManager.default.moveItem(atPath: path + suffix, toPath: "\(path).damaged-\(number)\(suffix)")
            }
            finding.isRepaired = !FileManager.default.fileExists(atPath: path)
        }
        return finding
    }

    private static func summary(_ findings: [DoctorFinding], isRepairing: Bool) -> String {
        if findings.isEmpty { return "All files are whole." }
        let open = findings.filter { !$0.isRepaired }
        if open.isEmpty { return "\(findings.count) repaired." }
        let repairable = open.filter(\.isRepairable).count
        return "\(open.count) damaged" + (repairable > 0 && !isRepairing ? "; hearth doctor --repair repairs \(repairable)." : ".")
    }
}

/// A finding in lines for a person.
enum DoctorReport {
    static func text(_ finding: DoctorFinding) -> String {
        """
        \(finding.file)
          \(finding.problem)
          lost: \(finding.lost ?? "nothing")
          \(finding.isRepaired ? "repaired" : "repair"): \(finding.repair)
        """
    }
}
