import ArgumentParser
import HearthServer

@main
struct Hearth: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth",
        abstract: "The open, self-hosted observability platform for AI applications.",
        version: HearthServer.version,
        subcommands: [
            Serve.self, QueryCommand.self, TailCommand.self, ExportCommand.self, ImportCommand.self, BackupCommand.self,
            RestoreCommand.self,
            DoctorCommand.self, Demo.self, Projects.self, Tokens.self,
            Users.self, PricesCommand.self,
            RedactionCommands.self, RetentionCommands.self,
        ]
    )
}
