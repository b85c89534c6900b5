import ArgumentParser
import Foundation

/// `hearth tail`: records as they are stored.
struct TailCommand: AsyncParsableCommand {
    enum Colors: String, CaseIterable, ExpressibleByArgument {
        case auto, always, never
    }

    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Follow a running server's records as they are stored.",
        discussion: """
            Prints one line per finished span and per log. A lost connection is taken up again where it ended: nothing is left out and nothing is \
            printed twice. Ctrl-C ends it. A condition is SQL over records: --filter "attributes->>'gen_ai.request.model' = 'gpt-5'".
            """
    )

    @Option(help: ArgumentHelp("Only records for which this SQL condition over records holds.", valueName: "condition"))
    var filter: String?

    @Option(help: ArgumentHelp("Only records of this service (repeatable).", valueName: "name"))
    var service: [String] = []

    @Option(help: ArgumentHelp("Only this level and more severe ones: trace, debug, info, notice, warn, error, fatal.", valueName: "level"))
    var level: RecordLevel?

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Stored records to begin with.", valueName: "number"))
    var lines = 10

    @Flag(help: "Print spans when they start too.")
    var pending = false

    @Option(
        help: ArgumentHelp("Colour the levels: auto, always or never; auto does in a terminal, unless NO_COLOR is set.", valueName: "when"))
    var color = Colors.auto

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (0...2_000).contains(lines) else { throw ValidationError("--lines must be between 0 and 2000, not \(lines)") }
    }

    func run() async throws {
        let interrupts = Interrupt.handle { Interrupt.endProcess() }
        defer { for interrupt in interrupts { interrupt.cancel() } }
        let style = RecordLine(isColoured: isColoured, width: StandardOutput.isTerminal ? StandardOutput.columns : nil)
        let condition = TailCondition(filter: filter, services: service, level: level, includesPending: pending)
        let asJSON = server.json
        try await server.run { client in
            let follower = LiveFollower(client: client, condition: condition.sql) { batch in
                var text = ""
                for record in batch.records {
                    text += asJSON ? record.text + "\n" : style.text(record, call: batch.call(of: record)) + "\n"
                }
                StandardOutput.write(Array(text.utf8))
            } notice: {
                Terminal.warn($0)
            }
            do {
                try await follower.run(newest: lines)
            } catch let error as ServerClient.Failure {
                throw condition.explain(error)
            }
        }
    }

    private var isColoured: Bool {
        switch color {
        case .always: true
        case .never: false
        case .auto: StandardOutput.isTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        }
    }
}

/// What a record must be like to be printed.
struct TailCondition {
    let sql: String?
    private let filter: String?
    /// Where the filter of the command line begins in ``sql``, in Unicode scalars.
    private static let filterStart = 1

    init(filter: String?, services: [String], level: RecordLevel?, includesPending: Bool) {
        self.filter = filter
        var parts: [String] = []
        // A line of its own for the bracket, in case the filter ends with a comment.
        if let filter { parts.append("(\(filter)\n)") }
        if !services.isEmpty {
            parts.append("service_name IN (\(services.map { "'" + $0.replacing("'", with: "''") + "'" }.joined(separator: ", ")))")
        }
        if let level { parts.append("level >= \(level.number)") }
        if !includesPending { parts.append("kind <> 'pending_span'") }
        sql = parts.isEmpty ? nil : parts.joined(separator: " AND ")
    }

    /// The failure, with a mark under the place in the filter where the server names one.
    func explain(_ failure: ServerClient.Failure) -> ServerClient.Failure {
        guard let filter, !failure.body.isEmpty, let problem = try? JSONParser.parse(failure.body) else { return failure }
        var text = "--filter: " + failure.description
        if let position = problem["position"]?.int, let place = SQLProblem.place(filter, Int(position) - Self.filterStart) {
            text += "\n" + place
        }
        return ServerClient.Failure(description: text, status: failure.status, exitCode: failure.exitCode)
    }
}
