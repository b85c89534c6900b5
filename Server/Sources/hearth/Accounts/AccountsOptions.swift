public import Accounts
public import ArgumentParser
import Foundation

/// Which data folder an account command works on, and how it answers.
///
/// The commands open the control database themselves: they work on the machine of the server, whether it runs or not, for
/// whoever may write to the data folder. A running server notices the change within a second.
struct AccountsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Data folder of the server. (default: HEARTH_DATA, else ~/.local/share/hearth)", valueName: "folder"))
    var data: String?

    @Flag(help: "Print JSON.")
    var json = false

    /// - Throws: `CleanExit`-style errors for a person: where no server has kept anything yet.
    func open() throws -> ControlStore {
        let folder = data ?? DataFolder.fromEnvironment
        let path = folder + "/control.sqlite"
        guard FileManager.default.fileExists(atPath: path) else {
            throw AccountsCommandError("there is no \(path); name the server's data folder with --data, or start the server once")
        }
        return try ControlStore(path: path)
    }

    /// Prints `value` as JSON, or what `text` makes of it.
    func say(_ value: some Encodable, _ text: () -> String) throws {
        guard json else { return Terminal.say(text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        Terminal.say(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Runs `body` and ends the process with exit code 1 and one sentence when it fails.
    func run(_ body: (ControlStore) async throws -> Void) async throws {
        do {
            try await body(try open())
        } catch let error as ControlStoreError {
            Terminal.warn(error.description)
            throw ExitCode.failure
        } catch let error as PasswordError {
            Terminal.warn(error.description)
            throw ExitCode.failure
        } catch let error as AccountsCommandError {
            Terminal.warn(error.description)
            throw ExitCode.failure
        }
    }
}

/// Why an account command could not do what was asked, in one sentence.
struct AccountsCommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Where the server keeps its data unless told otherwise.
enum DataFolder {
    static var fromEnvironment: String {
        let environment = ProcessInfo.processInfo.environment
        if let named = environment["HEARTH_DATA"] { return named }
        let share = environment["XDG_DATA_HOME"] ?? "\(environment["HOME"] ?? ".")/.local/share"
        return "\(share)/hearth"
    }
}

/// Columns of text, as wide as their widest value.
enum TextTable {
    static func of(_ heading: [String], _ rows: [[String]], empty: String) -> String {
        guard !rows.isEmpty else { return empty }
        let lines = [heading] + rows
        let widths = heading.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            var text = ""
            for (column, value) in line.enumerated() {
                text += column == line.count - 1 ? value : value.padding(toLength: widths[column] + 2, withPad: " ", startingAt: 0)
            }
            return text
        }.joined(separator: "\n")
    }

    static func day(_ date: Date?) -> String { date.map { $0.formatted(.iso8601) } ?? "—" }
}

extension Role: ExpressibleByArgument {}
