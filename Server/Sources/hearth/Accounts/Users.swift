import Accounts
import ArgumentParser
import Foundation

/// `hearth users`: who may sign in.
struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Create users, change their roles and reset passwords on the server's machine.",
        subcommands: [Create.self, List.self, SetRole.self, ResetPassword.self, Remove.self]
    )

    /// A user as `--json` prints it.
    struct Answer: Encodable {
        var id: String
        var email: String
        var name: String
        /// By organisation.
        var roles: [String: Role]
        var hasPassword: Bool
        var lastLoginAt: Date?
        /// In the answer to a creation or a reset only.
        var passwordLink: String?
    }

    /// How the person gets a password: from standard input now, or through a link of his own.
    struct PasswordOptions: ParsableArguments {
        @Flag(help: "Read the password from standard input, instead of printing a link at which the person chooses one.")
        var passwordStdin = false

        @Option(
            help: ArgumentHelp(
                "Address of the server, for the link. (default: HEARTH_PUBLIC_URL, else http://127.0.0.1:4318)", valueName: "url"))
        var url: String?

        /// The link to print, nil when the password was read.
        func settle(_ user: User, _ purpose: PasswordLink.Purpose, _ organization: String?, _ store: ControlStore) async throws -> String? {
            if passwordStdin {
                guard let line = readLine(strippingNewline: true) else { throw AccountsCommandError("standard input holds no password") }
                try await store.setPassword(try await PasswordHasher().hash(line), user: user.id)
                return nil
            }
            let (_, code) = try await store.createPasswordLink(user: user.id, purpose: purpose, organization: organization)
            var base = url ?? ProcessInfo.processInfo.environment["HEARTH_PUBLIC_URL"] ?? "http://127.0.0.1:4318"
            while base.hasSuffix("/") { base.removeLast() }
            return "\(base)/invite/\(code)"
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make an account, or add one to another organisation.")

        @OptionGroup var options: AccountsOptions
        @OptionGroup var password: PasswordOptions

        @Argument(help: "E-mail address to sign in with.")
        var email: String

        @Option(help: "Name to show. (default: the address up to the @)")
        var name: String?

        @Option(help: "Role: viewer, member or owner.")
        var role: Role = .member

        @Option(help: ArgumentHelp("Organisation.", valueName: "name"))
        var organization = "local"

        func run() async throws {
            try await options.run { store in
                let member = try await store.addMember(email: email, name: name, role: role, organization: organization)
                let link =
                    member.user.hasPassword && !password.passwordStdin
                    ? nil : try await password.settle(member.user, .invite, organization, store)
                let answer = try await Users.answer(member.user, store, link: link)
                try options.say(answer) {
                    let made = "\(member.user.email) is \(role.rawValue) of \(organization)."
                    return link.map { made + " To choose a password, within 7 days and once:\n\n  \($0)\n" } ?? made
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the accounts.")

        @OptionGroup var options: AccountsOptions

        func run() async throws {
            try await options.run { store in
                var answers: [Answer] = []
                for user in try await store.users() { answers.append(try await Users.answer(user, store, link: nil)) }
                try options.say(answers) {
                    TextTable.of(
                        ["E-MAIL", "NAME", "ROLES", "LAST LOGIN", "PASSWORD"],
                        answers.map {
                            let roles = $0.roles.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.rawValue)" }
                            return [
                                $0.email, $0.name, roles.joined(separator: ", "), TextTable.day($0.lastLoginAt),
                                $0.hasPassword ? "set" : "—",
                            ]
                        },
                        empty: "There are no accounts; make one with hearth users create.")
                }
            }
        }
    }

    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "set-role", abstract: "Change a user's role in an organisation.")

        @OptionGroup var options: AccountsOptions

        @Argument(help: "E-mail address.")
        var email: String

        @Argument(help: "Role: viewer, member or owner.")
        var role: Role

        @Option(help: ArgumentHelp("Organisation.", valueName: "name"))
        var organization = "local"

        func run() async throws {
            try await options.run { store in
                let user = try await Users.find(email, store)
                _ = try await store.setRole(role, user: user.id, organization: organization)
                try options.say(try await Users.answer(user, store, link: nil)) { "\(user.email) is \(role.rawValue) of \(organization)." }
            }
        }
    }

    struct ResetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset-password", abstract: "Give a user a new password, or a link at which to choose one.")

        @OptionGroup var options: AccountsOptions
        @OptionGroup var password: PasswordOptions

        @Argument(help: "E-mail address.")
        var email: String

        func run() async throws {
            try await options.run { store in
                let user = try await Users.find(email, store)
                let link = try await password.settle(user, .reset, nil, store)
                try options.say(try await Users.answer(user, store, link: link)) {
                    link.map { "To choose a new password, within 7 days and once:\n\n  \($0)\n" }
                        ?? "\(user.email) has the new password; all sessions of the account have ended."
                }
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Take a user out of an organisation; an account that is in none ends, with its sessions and tokens.")

        @OptionGroup var options: AccountsOptions

        @Argument(help: "E-mail address.")
        var email: String

        @Option(help: ArgumentHelp("Organisation.", valueName: "name"))
        var organization = "local"

        func run() async throws {
            try await options.run { store in
                let user = try await Users.find(email, store)
                try await store.removeMember(user.id, organization: organization)
                try options.say(["removed": user.email]) { "Removed \(user.email) from \(organization)" }
            }
        }
    }

    static func find(_ email: String, _ store: ControlStore) async throws -> User {
        guard let user = try await store.user(email: email) else {
            throw AccountsCommandError("there is no account \(email); see hearth users list")
        }
        return user
    }

    static func answer(_ user: User, _ store: ControlStore, link: String?) async throws -> Answer {
        // Read again: what was just done may have changed the account.
        let current = try await store.user(email: user.email) ?? user
        let roles = try await store.memberships().filter { $0.userID == user.id }
        return Answer(
            id: current.id, email: current.email, name: current.name,
            roles: Dictionary(roles.map { ($0.organization, $0.role) }, uniquingKeysWith: { first, _ in first }),
            hasPassword: current.hasPassword, lastLoginAt: current.lastLoginAt, passwordLink: link)
    }
}
