import ArgumentParser
import Foundation
import NIOHTTP1
import Synchronization

/// `hearth query`: SQL at the terminal.
struct QueryCommand: AsyncParsableCommand {
    /// Forms of an answer.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json, ndjson, csv, arrow, parquet

        /// What the server is asked for.
        var mediaType: String {
            switch self {
            case .table, .json: "application/json"
            case .ndjson: "application/x-ndjson"
            case .csv: "text/csv"
            case .arrow: "application/vnd.apache.arrow.stream"
            case .parquet: "application/vnd.apache.parquet"
            }
        }

        var isBinary: Bool { self == .arrow || self == .parquet }
    }

    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask a running server in SQL.",
        discussion: """
            The SQL is the argument, or comes from --file or standard input. Tables: records, records_all, llm_calls, agent_runs, tool_calls, \
            conversations, evaluations, experiments, exceptions, metrics. In a terminal the answer is a table fitted to its width; NULL is —. \
            Exit codes: 1 the query was refused or failed, 64 wrong use, 69 no server, 74 the output cannot be written, 75 too busy, 77 not allowed.
            """
    )

    @Argument(help: ArgumentHelp("One SELECT; - is standard input.", valueName: "sql"))
    var sql: String?

    @Option(help: ArgumentHelp("Read the SQL from a file; - is standard input.", valueName: "file"))
    var file: String?

    @Option(
        help: ArgumentHelp(
            "Only records since this time (2026-01-31T12:00:00Z, 2026-01-31), or of the last 90m, 24h, 7d.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only records up to this time, in the same forms.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Most rows.", valueName: "rows"))
    var limit = 100

    @Option(help: ArgumentHelp("IANA name of the time zone in which functions of the calendar count. (default: UTC)", valueName: "zone"))
    var timezone: String?

    @Option(help: ArgumentHelp("table, json, ndjson, csv, arrow or parquet.", valueName: "format"))
    var format: Format?

    @Flag(help: "Print comma-separated values.")
    var csv = false

    @Flag(name: [.customShort("x"), .long], help: "One line per value instead of one per row.")
    var expanded = false

    @Option(name: [.short, .long], help: ArgumentHelp("Write the answer to a file; it appears when it is complete.", valueName: "file"))
    var output: String?

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard [format != nil, csv, server.json].filter({ $0 }).count <= 1 else {
            throw ValidationError("--format, --csv and --json exclude each other")
        }
        guard sql == nil || file == nil else { throw ValidationError("give the SQL as argument or in --file, not both") }
        guard limit >= 1 else { throw ValidationError("--limit must be at least 1, not \(limit)") }
        for (name, time) in [("--since", since), ("--until", until)] {
            guard let time else { continue }
            guard TimeArgument.iso(time) != nil else { throw ValidationError("\(name) must be a time or 90m, 24h, 7d, not \(time)") }
        }
    }

    private var chosen: Format { format ?? (csv ? .csv : server.json ? .json : .table) }

    private struct Body: Encodable {
        var sql: String
        var minTimestamp: String
        var maxTimestamp: String?
        var limit: Int
        var timezone: String?
    }

    func run() async throws {
        let text = try statement()
        if chosen.isBinary, output == nil, StandardOutput.isTerminal {
            throw ValidationError("\(chosen.rawValue) is not for a terminal; name a file with --output")
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // The earliest time stands for no bound, which the endpoint asks to be said.
        let body = try encoder.encode(
            Body(
                sql: text, minTimestamp: since.flatMap(TimeArgument.iso) ?? "0001-01-01T00:00:00Z",
                maxTimestamp: until.flatMap(TimeArgument.iso), limit: limit, timezone: timezone))
        do {
            try await server.run { client in
                do {
                    try await ask(client, [UInt8](body))
                } catch let error as ServerClient.Failure where !error.body.isEmpty {
                    throw ServerClient.Failure(
                        description: SQLProblem.text(error, sql: text), status: error.status, exitCode: error.exitCode)
                }
            }
        } catch let error as AnswerSink.Failure {
            Terminal.warn(error.description)
            throw ExitCode(74)
        }
    }

    private func statement() throws -> String {
        let source = file ?? (sql == nil ? (isatty(STDIN_FILENO) == 1 ? nil : "-") : sql == "-" ? "-" : nil)
        if source == "-" { return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) }
        if let source {
            guard let data = FileManager.default.contents(atPath: source) else { throw ValidationError("\(source) cannot be read") }
            return String(decoding: data, as: UTF8.self)
        }
        guard let sql else { throw ValidationError("the SQL is missing: give it as argument, in --file or on standard input") }
        return sql
    }

    private func ask(_ client: ServerClient, _ body: [UInt8]) async throws {
        let headers = ["Accept": chosen.mediaType + ", application/problem+json;q=0.9"]
        let sink = try AnswerSink(path: output)
        do {
            switch chosen {
            case .table: try await table(client, body, headers, sink)
            case .ndjson: try await rows(client, body, headers, sink)
            case .json:
                try sink.write(try await client.send(.POST, "/v2/query", body: body, headers: headers))
                if output == nil { try sink.write([UInt8(ascii: "\n")]) }
            case .csv, .arrow, .parquet: try await copy(client, body, headers, sink)
            }
            try sink.finish()
        } catch {
            sink.discard()
            throw error
        }
    }

    /// Passes bytes on as they come.
    private func copy(_ client: ServerClient, _ body: [UInt8], _ headers: [String: String], _ sink: AnswerSink) async throws {
        let pass = Pass(sink)
        try await client.stream(.POST, "/v2/query", body: body, headers: headers) { pass.write($0) }
        try pass.check()
    }

    /// One row per line: the server's lines hold many, between a schema and an end.
    private func rows(_ client: ServerClient, _ body: [UInt8], _ headers: [String: String], _ sink: AnswerSink) async throws {
        let pass = Pass(sink)
        try await client.lines(.POST, "/v2/query", body: body, headers: headers) { line in
            do {
                let value = try JSONParser.parse(line)
                switch value["type"]?.string {
                case "data":
                    var text: [UInt8] = []
                    for row in value["rows"]?.array ?? [] {
                        row.write(to: &text)
                        text.append(UInt8(ascii: "\n"))
                    }
                    pass.write(text)
                case "error": pass.fail(ServerClient.Failure(description: value["message"]?.string ?? "the query failed"))
                case "end": pass.end()
                default: break
                }
            } catch {
                pass.fail(ServerClient.Failure(description: "the server's answer cannot be read: \(error)"))
            }
        }
        try pass.check()
        guard pass.hasEnded else { throw ServerClient.Failure.lost("the server ended the answer before its last row") }
    }

    private func table(_ client: ServerClient, _ body: [UInt8], _ headers: [String: String], _ sink: AnswerSink) async throws {
        let started = ContinuousClock.now
        let bytes = try await client.send(.POST, "/v2/query", body: body, headers: headers)
        let elapsed = ContinuousClock.now - started
        let answer: ResultTable
        do { answer = try ResultTable(bytes) } catch {
            throw ServerClient.Failure(description: "the server's answer cannot be read; it may be of another version: \(error)")
        }
        let isShown = output == nil && StandardOutput.isTerminal
        try sink.write(Array(answer.text(columns: output == nil ? StandardOutput.columns : nil, expanded: expanded).utf8))
        let count = answer.rows.count
        if isShown {
            let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
            let time = seconds < 1 ? "\(Int(seconds * 1_000)) ms" : String(format: "%.2f s", seconds)
            Terminal.say("\(count) row\(count == 1 ? "" : "s"), \(time)")
        }
        if count == limit { Terminal.warn("the answer stops at --limit \(limit); there may be more rows") }
    }
}

/// Takes parts of an answer from the connection's event loop, and keeps the first failure for whoever waits for its end.
private final class Pass: @unchecked Sendable {
    private let sink: AnswerSink
    private let state = Mutex<(error: (any Error)?, ended: Bool)>((nil, false))

    init(_ sink: AnswerSink) { self.sink = sink }

    var hasEnded: Bool { state.withLock { $0.ended } }

    func write(_ bytes: [UInt8]) {
        guard state.withLock({ $0.error == nil }) else { return }
        do { try sink.write(bytes) } catch { fail(error) }
    }

    func fail(_ error: any Error) { state.withLock { $0.error = $0.error ?? error } }

    func end() { state.withLock { $0.ended = true } }

    func check() throws {
        if let error = state.withLock({ $0.error }) { throw error }
    }
}
