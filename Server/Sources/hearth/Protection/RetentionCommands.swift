import Accounts
import ArgumentParser
import Foundation
import HTTPAPI
import NIOHTTP1
import Retention

/// `hearth retention`: how long a project keeps its telemetry, and how much of it (Docs/retention.md).
struct RetentionCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Show and set how long a project keeps its telemetry, and see what that would remove.",
        subcommands: [Show.self, Set.self, Preview.self]
    )

    struct Target: ParsableArguments {
        @OptionGroup var options: AccountsOptions

        @Option(help: ArgumentHelp("The project.", valueName: "organization/project"))
        var project = "local/default"

        func run(_ body: (ControlStore, Project) async throws -> Void) async throws {
            try await options.run { store in try await body(store, try await store.project(path: project)) }
        }
    }

    /// The settings in a file, `-` for standard input.
    static func read(_ file: String) throws -> RetentionSettings {
        do {
            let settings = try JSONDecoder().decode(RetentionSettings.self, from: try RedactionCommands.read(file))
            try check(settings)
            return settings
        } catch let error as DecodingError {
            throw AccountsCommandError("\(file) holds no retention settings: \(RedactionCommands.describe(error))")
        }
    }

    static func check(_ settings: RetentionSettings) throws(AccountsCommandError) {
        let issues = settings.issues
        if !issues.isEmpty { throw AccountsCommandError(issues.map { "\($0.path): \($0.message)" }.joined(separator: "; ")) }
    }

    /// For a person.
    static func text(_ settings: RetentionSettings) -> String {
        var lines: [String] = []
        lines.append("Days: \(settings.days.map { "\($0) besides the present one" } ?? "all")")
        lines.append("Size: \(settings.bytes.map { Size.text($0) } ?? "no limit")")
        let rows = settings.rules.map { rule in
            [
                rule.name, rule.days.map { "\($0) days" } ?? "no end",
                rule.metricCondition.map { "metrics where \($0)" } ?? rule.recordCondition ?? "",
            ]
        }
        lines.append(TextTable.of(["RULE", "KEEPS FOR", "TRACES WITH RECORDS THAT"], rows, empty: "No keep rules."))
        return lines.joined(separator: "\n")
    }

    // MARK: Show

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print the settings; with --json in the form that `set` takes.")

        @OptionGroup var target: Target

        func run() async throws {
            try await target.run { store, project in
                let settings = try await store.setting(RetentionSettings.self, project: project.id)
                try target.options.say(settings) { RetentionCommands.text(settings) }
            }
        }
    }

    // MARK: Set

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract: "Change the settings; a running server acts on them within seconds.",
            discussion: """
                What is removed comes back from a backup only: `hearth retention preview` tells before what would go. SQL conditions are checked by \
                the server; one that cannot be used removes nothing, and a warning under Settings → Health says so.
                """)

        @OptionGroup var target: Target

        @Option(help: ArgumentHelp("All settings as JSON, - for standard input.", valueName: "file"))
        var file: String?

        @Option(help: ArgumentHelp("Days that are kept besides the present one, or none for all.", valueName: "days"))
        var days: String?

        @Option(help: ArgumentHelp("Most bytes, such as 500MB or 20GB, or none for no limit.", valueName: "size"))
        var size: String?

        func validate() throws {
            if file == nil, days == nil, size == nil { throw ValidationError("name --file, --days or --size") }
            if let days, days != "none", Int(days) == nil { throw ValidationError("--days must be a number or none, not \(days)") }
            if let size, size != "none", Size.read(size) == nil {
                throw ValidationError("--size must be such as 500MB, 20GB or none, not \(size)")
            }
        }

        func run() async throws {
            try await target.run { store, project in
                var settings =
                    if let file { try RetentionCommands.read(file) } else {
                        try await store.setting(RetentionSettings.self, project: project.id)
                    }
                if let days { settings.days = Int(days) }
                if let size { settings.bytes = Size.read(size) }
                try RetentionCommands.check(settings)
                try await store.save(settings, project: project.id)
                let stored = settings
                try target.options.say(stored) { "Retention of \(project.path) is set.\n" + RetentionCommands.text(stored) }
            }
        }
    }

    // MARK: Preview

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "preview",
            abstract: "Ask a running server what settings would remove now.", discussion: "Nothing is changed.")

        @OptionGroup var server: ServerOptions

        @Option(help: ArgumentHelp("Settings as JSON, - for standard input. (default: the project's)", valueName: "file"))
        var file: String?

        private struct ProjectEntry: Decodable {
            var id: String
            var projectName: String
            var organizationName: String
        }

        private struct Body: Encodable {
            var settings: RetentionSettings?
        }

        private struct Answer: Decodable {
            struct Day: Decodable {
                var day: String
                var reason: String
                var records: Int64
                var metricPoints: Int64
                var bytes: Int64
                var keptRecords: Int64
                var keptMetricPoints: Int64
                var dropsKept: Bool
            }
            struct Kept: Decodable {
                var rule: String
                var records: Int64
            }
            var records: Int64
            var metricPoints: Int64
            var bytes: Int64
            var days: [Day]
            var kept: [Kept]
            var isEstimate: Bool
            var remainingRecords: Int64
            var remainingBytes: Int64
        }

        func run() async throws {
            let settings: RetentionSettings?
            do {
                settings = try file.map(RetentionCommands.read)
            } catch let error as AccountsCommandError {
                Terminal.warn(error.description)
                throw ExitCode(65)
            }
            try await server.run { client in
                let decoder = JSONDecoder()
                decoder.keyDecodingStrategy = .convertFromSnakeCase
                let projects = try decoder.decode([ProjectEntry].self, from: Data(try await client.send(.GET, "/api/v1/projects/")))
                let wanted = server.project ?? ProcessInfo.processInfo.environment["HEARTH_PROJECT"] ?? "local/default"
                guard
                    let project = projects.first(where: { "\($0.organizationName)/\($0.projectName)" == wanted })
                        ?? (projects.count == 1 && server.project == nil ? projects.first : nil)
                else { throw ServerClient.Failure(description: "there is no project \(wanted); name one with --project", exitCode: 64) }
                let body = [UInt8](try JSONEncoder().encode(Body(settings: settings)))
                let answer = try await client.send(.POST, "/api/v1/projects/\(project.id)/retention/preview/", body: body)
                try server.say(answer, Answer.self) { Self.text($0) }
            }
        }

        private static func text(_ answer: Answer) -> String {
            guard answer.records + answer.metricPoints > 0 else { return "Nothing would be removed now." }
            let rows = answer.days.map { day in
                [
                    day.day, day.reason.replacing("_", with: " ") + (day.dropsKept ? ", kept records" : ""),
                    "\(day.records + day.metricPoints)",
                    "\(day.keptRecords + day.keptMetricPoints)", Size.text(day.bytes),
                ]
            }
            var lines = [TextTable.of(["DAY", "WHY", "REMOVED", "KEPT", "ROOM"], rows, empty: "")]
            let about = answer.isEstimate ? "About " : ""
            lines.append(
                "\(about)\(answer.records) records and \(answer.metricPoints) metric points would be removed, about \(Size.text(answer.bytes))."
            )
            for kept in answer.kept where kept.records > 0 { lines.append("Kept by \(kept.rule): \(kept.records)") }
            lines.append("\(answer.remainingRecords) records with \(Size.text(answer.remainingBytes)) would stay.")
            return lines.joined(separator: "\n")
        }
    }
}

/// Sizes as people write them, in powers of 1,000.
enum Size {
    private static let units: [(name: String, bytes: Double)] = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("B", 1)]

    static func text(_ bytes: Int64) -> String {
        let unit = units.first { Double(bytes) >= $0.bytes } ?? ("B", 1)
        let value = Double(bytes) / unit.bytes
        return unit.name == "B" || value >= 100 ? "\(Int(value.rounded())) \(unit.name)" : "\((value * 10).rounded() / 10) \(unit.name)"
    }

    /// Reads `500MB`, `1.5 GB` or a number of bytes; nil for anything else.
    static func read(_ text: String) -> Int64? {
        let text = text.uppercased().filter { $0 != " " }
        let unit = units.first { text.hasSuffix($0.name) } ?? ("", 1)
        guard let value = Double(text.dropLast(unit.name.count)), value >= 0, value * unit.bytes < 9e18 else { return nil }
        return Int64(value * unit.bytes)
    }
}
