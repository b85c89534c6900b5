import Accounts
import ArgumentParser
import Foundation

/// `hearth tokens`: write tokens, read tokens and API keys.
struct Tokens: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Create, list and revoke tokens on the server's machine.",
        subcommands: [Create.self, List.self, Revoke.self]
    )

    /// What can be made here; user tokens are made by `logfire auth`.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case write, read
        case apiKey = "api-key"

        var stored: TokenKind {
            switch self {
            case .write: .write
            case .read: .read
            case .apiKey: .apiKey
            }
        }
    }

    /// A token as `--json` prints it.
    struct Answer: Encodable {
        var id: String
        var kind: String
        var organizationName: String?
        var projectName: String?
        var role: Role?
        var description: String?
        var tokenPrefix: String
        var createdAt: Date
        var expiresAt: Date?
        var lastUsedAt: Date?
        var active: Bool
        /// In the answer to its creation only.
        var token: String?

        init(_ token: Token, _ projects: [Project], secret: String? = nil) {
            id = token.id
            kind = token.kind.rawValue
            organizationName = token.organization
            projectName = projects.first { $0.id == token.projectID }?.name
            role = token.role
            description = token.description
            tokenPrefix = token.safePart
            createdAt = token.createdAt
            expiresAt = token.expiresAt
            lastUsedAt = token.lastUsedAt
            active = token.isActive(at: Date())
            self.token = secret
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a token and print it; it is shown this once.",
            discussion: """
                A write token sends telemetry to a project, a read token queries one. An API key acts with a role: in one project with \
                --project, else in the whole organisation.
                """
        )

        @OptionGroup var options: AccountsOptions

        @Option(help: "What it is for: write, read or api-key.")
        var kind: Kind = .write

        @Option(
            help: ArgumentHelp("Project. (default: local/default; for an API key all of --organization)", valueName: "organization/project")
        )
        var project: String?

        @Option(help: ArgumentHelp("Organisation of an API key.", valueName: "name"))
        var organization = "local"

        @Option(help: "Role of an API key: viewer, member or owner.")
        var role: Role = .member

        @Option(help: "What to remember it by.")
        var description: String?

        @Option(
            help: ArgumentHelp(
                "When it ends: in 30d, 12h or 15m, or a time such as 2027-01-31T12:00:00Z. (default: never)", valueName: "time"))
        var expires: String?

        func run() async throws {
            try await options.run { store in
                let expiry = try expires.map { try Expiry.date($0) }
                var request: TokenRequest
                if kind == .apiKey {
                    let only = try await named(store)
                    let name = only?.organization ?? organization
                    guard try await store.organizations().contains(where: { $0.name == name }) else {
                        throw AccountsCommandError("there is no organisation \(name)")
                    }
                    request = TokenRequest(kind: .apiKey, organization: name, projectID: only?.id, role: role)
                    request.description = description
                    request.expiresAt = expiry
                    request.createdByName = "hearth tokens"
                } else {
                    let found = try await store.project(path: project ?? "local/default")
                    request = .of(found, kind.stored, description: description, expiresAt: expiry, createdByName: "hearth tokens")
                }
                let issued = try await store.issue(request)
                try options.say(Answer(issued.token, try await store.projects(), secret: issued.secret)) { issued.secret }
            }
        }

        private func named(_ store: ControlStore) async throws -> Project? {
            guard let project else { return nil }
            return try await store.project(path: project)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the tokens that were not revoked, newest first.")

        @OptionGroup var options: AccountsOptions

        @Option(help: ArgumentHelp("Only of this project.", valueName: "organization/project"))
        var project: String?

        @Option(help: "Only of this kind: write, read or api-key.")
        var kind: Kind?

        func run() async throws {
            try await options.run { store in
                var filter = TokenFilter(kinds: kind.map { [$0.stored] })
                if let project { filter.projectID = try await store.project(path: project).id }
                let projects = try await store.projects()
                let answers = try await store.tokens(filter).map { Answer($0, projects) }
                try options.say(answers) {
                    TextTable.of(
                        ["ID", "KIND", "OF", "TOKEN", "EXPIRES", "LAST USED", "DESCRIPTION"],
                        answers.map {
                            let place = [$0.organizationName, $0.projectName].compactMap { $0 }.joined(separator: "/")
                            let role = $0.role.map { " (\($0.rawValue))" } ?? ""
                            return [
                                String($0.id.prefix(8)), $0.kind, place + role, $0.tokenPrefix,
                                TextTable.day($0.expiresAt) + ($0.active ? "" : " (ended)"), TextTable.day($0.lastUsedAt),
                                $0.description ?? "—",
                            ]
                        },
                        empty: "There are no tokens; make one with hearth tokens create.")
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "End a token for good; takes effect within a second.")

        @OptionGroup var options: AccountsOptions

        @Argument(help: "Its id, or the beginning of the id, as hearth tokens list shows it.")
        var id: String

        func run() async throws {
            try await options.run { store in
                guard id.count >= 6 else { throw AccountsCommandError("give at least 6 characters of the token's id") }
                let found = try await store.tokens().filter { $0.id.hasPrefix(id.lowercased()) }
                guard let token = found.first else { throw AccountsCommandError("there is no token \(id); see hearth tokens list") }
                guard found.count == 1 else { throw AccountsCommandError("\(found.count) tokens begin with \(id); give more of the id") }
                try await store.revokeToken(token.id)
                try options.say(["revoked": token.id]) { "Revoked \(token.safePart)" }
            }
        }
    }

    /// The end of a token's life as a person writes it.
    enum Expiry {
        static func date(_ text: String) throws -> Date {
            let units: [Character: Double] = ["d": 86_400, "h": 3_600, "m": 60]
            if let last = text.last, let unit = units[last], let number = Double(text.dropLast()), number > 0 {
                return Date().addingTimeInterval(number * unit)
            }
            if let date = try? Date(text, strategy: .iso8601) { return date }
            throw AccountsCommandError("--expires must be 30d, 12h, 15m or a time such as 2027-01-31T12:00:00Z, not \(text)")
        }
    }
}
