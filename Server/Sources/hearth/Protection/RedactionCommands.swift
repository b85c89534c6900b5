import Accounts
import ArgumentParser
import Foundation
import HTTPAPI
import Ingest
import Logging
import Redaction

/// `hearth redaction`: what a project has removed before anything is stored (Docs/redaction.md).
struct RedactionCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redaction",
        abstract: "Show, set and try what a project has redacted, on the server's machine.",
        subcommands: [Show.self, Set.self, Try.self]
    )

    struct Target: ParsableArguments {
        @OptionGroup var options: AccountsOptions

        @Option(help: ArgumentHelp("The project.", valueName: "organization/project"))
        var project = "local/default"

        /// Runs `body` with the project and the service of its settings.
        func run(_ body: (Project, RedactionService) async throws -> Void) async throws {
            try await options.run { store in
                let service = RedactionService(
                    control: store, policies: ProjectPolicies(), audit: RedactionAudit(), logger: Logger(label: "hearth"))
                do {
                    try await body(try await store.project(path: project), service)
                } catch let error as RedactionIssue {
                    throw AccountsCommandError("\(error.path): \(error.message)")
                }
            }
        }

        /// The settings in a file, `-` for standard input.
        func settings(_ file: String) throws -> RedactionSettings {
            do {
                return try JSONDecoder().decode(RedactionSettings.self, from: try RedactionCommands.read(file))
            } catch let error as DecodingError {
                throw AccountsCommandError("\(file) holds no redaction settings: \(RedactionCommands.describe(error))")
            }
        }

        static func text(_ settings: some Encodable) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(settings), as: UTF8.self)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print the settings as JSON, in the form that `set` takes.")

        @OptionGroup var target: Target

        func run() async throws {
            try await target.run { project, service in
                Terminal.say(try Target.text(try await service.settings(project: project.id)))
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract: "Replace the settings; a running server takes them over within a second.")

        @OptionGroup var target: Target

        @Option(help: ArgumentHelp("Settings as JSON, - for standard input.", valueName: "file"))
        var file: String

        func run() async throws {
            try await target.run { project, service in
                let settings = try target.settings(file)
                try await service.save(settings, project: project.id)
                Terminal.say(settings.isEmpty ? "Nothing is redacted in \(project.path)." : "Redaction of \(project.path) is set.")
            }
        }
    }

    struct Try: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Try settings on a sample: what would be found, and what would be stored instead.")

        @OptionGroup var target: Target

        @Option(help: ArgumentHelp("Settings as JSON, - for standard input. (default: the project's)", valueName: "file"))
        var file: String?

        @Option(help: ArgumentHelp("A file with the attributes of a record as JSON object, or any text.", valueName: "file"))
        var sample: String

        private struct Outcome: Encodable {
            var counts: [String: Int]
            var changes: [RedactionTrial.Change]
        }

        func run() async throws {
            try await target.run { project, service in
                let settings = if let file { try target.settings(file) } else { try await service.settings(project: project.id) }
                var trial = RedactionTrial(try await service.compile(settings, project.id))
                let data = try RedactionCommands.read(sample)
                let isJSON = (try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)) != nil
                let json = isJSON ? data : try JSONEncoder().encode(String(decoding: data, as: UTF8.self))
                let result = try trial.trySample([UInt8](json))
                if target.options.json { return Terminal.say(try Target.text(Outcome(counts: trial.counts, changes: trial.changes))) }
                let rows = trial.changes.map { [$0.rule, $0.path.joined(separator: "."), $0.before, $0.after] }
                Terminal.say(TextTable.of(["RULE", "WHERE", "BEFORE", "AFTER"], rows, empty: "Nothing was found."))
                Terminal.say(String(decoding: result, as: UTF8.self))
            }
        }
    }

    static func read(_ file: String) throws -> Data {
        if file == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
        guard let data = FileManager.default.contents(atPath: file) else { throw AccountsCommandError("cannot read \(file)") }
        return data
    }

    static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "\(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.map(\.stringValue).joined(separator: ".") + ": " + context.debugDescription
        @unknown default: "\(error)"
        }
    }
}
