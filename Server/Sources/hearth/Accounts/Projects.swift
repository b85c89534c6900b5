import Accounts
import ArgumentParser
import Foundation

/// `hearth projects`: the projects of the server.
struct Projects: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projects",
        abstract: "Create, list, rename and delete projects on the server's machine.",
        subcommands: [Create.self, List.self, Rename.self, Delete.self]
    )

    /// A project as `--json` prints it.
    struct Answer: Encodable {
        var id: String
        var organizationName: String
        var projectName: String
        var description: String?
        var createdAt: Date

        init(_ project: Project) {
            id = project.uuid
            organizationName = project.organization
            projectName = project.name
            description = project.description
            createdAt = project.createdAt
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a project.")

        @OptionGroup var options: AccountsOptions

        @Argument(help: "2 to 50 lower-case letters and digits, with single hyphens between them.")
        var name: String

        @Option(help: ArgumentHelp("Organisation; made when there is none of this name.", valueName: "name"))
        var organization = "local"

        @Option(help: "What it is about.")
        var description: String?

        func run() async throws {
            try await options.run { store in
                if try await !store.organizations().contains(where: { $0.name == organization }) {
                    _ = try await store.createOrganization(organization, owner: nil)
                }
                let project = try await store.createProject(organization: organization, name: name, description: description)
                try options.say(Answer(project)) { "Created \(project.path)" }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the projects.")

        @OptionGroup var options: AccountsOptions

        func run() async throws {
            try await options.run { store in
                let projects = try await store.projects()
                try options.say(projects.map(Answer.init)) {
                    TextTable.of(
                        ["PROJECT", "CREATED", "DESCRIPTION"],
                        projects.map { [$0.path, TextTable.day($0.createdAt), $0.description ?? "—"] }, empty: "There are no projects.")
                }
            }
        }
    }

    struct Rename: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rename",
            abstract: "Rename a project; its tokens and its data stay with it, its address changes.")

        @OptionGroup var options: AccountsOptions

        @Argument(help: "The project as organization/project.")
        var project: String

        @Argument(help: "The new name, without the organisation.")
        var name: String

        func run() async throws {
            try await options.run { store in
                let found = try await store.project(path: project)
                let renamed = try await store.updateProject(found.id, name: name, description: nil)
                try options.say(Answer(renamed)) { "Renamed \(found.path) to \(renamed.path)" }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a project: its tokens and settings end, and its telemetry can no longer be reached.")

        @OptionGroup var options: AccountsOptions

        @Argument(help: "The project as organization/project.")
        var project: String

        @Flag(help: "Do not ask.")
        var yes = false

        func run() async throws {
            try await options.run { store in
                let found = try await store.project(path: project)
                guard yes else { throw AccountsCommandError("this cannot be undone; repeat it with --yes to delete \(found.path)") }
                try await store.deleteProject(found.id)
                try options.say(["deleted": found.path]) { "Deleted \(found.path)" }
            }
        }
    }
}
