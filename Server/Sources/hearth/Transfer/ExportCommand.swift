import ArgumentParser
import Foundation

/// `hearth export`: what a project holds, as files.
struct ExportCommand: AsyncParsableCommand {
    enum Form: String, CaseIterable, ExpressibleByArgument {
        case otlp, parquet, csv
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what a project holds to files.",
        discussion: """
            otlp writes traces.jsonl, logs.jsonl and metrics.jsonl with a request in OTLP/JSON on each line, as the file exporter of the \
            OpenTelemetry Collector does; hearth import and the Collector's otlpjsonfile receiver read them. parquet and csv write a folder per \
            table with files of up to 10,000 rows. Docs/operations.md says what OTLP files keep.
            """
    )

    @Option(help: ArgumentHelp("Folder to write to; made when it is missing.", valueName: "folder"))
    var to: String

    @Option(help: ArgumentHelp("otlp, parquet or csv.", valueName: "format"))
    var format = Form.otlp

    @Option(
        name: .customLong("table"),
        help: ArgumentHelp("Only this table (repeatable); of otlp records and metrics. (default: all)", valueName: "name"))
    var tables: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only what began since this time (2026-01-31T12:00:00Z, 2026-01-31), or in the last 90m, 24h, 7d.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only what began up to this time, in the same forms.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Rows that are asked for at a time.", valueName: "rows"))
    var pageRows = 2_000

    @Flag(help: "Write into a folder that holds an export already.")
    var force = false

    @OptionGroup var server: ServerOptions

    static let known: [ExportPages.Table] = [
        ExportPages.Table(name: "records", isPlain: true),
        ExportPages.Table(name: "metrics", time: "recorded_timestamp", isPlain: true),
        ExportPages.Table(name: "llm_calls", isPlain: true),
        ExportPages.Table(name: "tool_calls", isPlain: true),
        ExportPages.Table(name: "exceptions", isPlain: true),
        ExportPages.Table(name: "agent_runs", isPlain: false),
        ExportPages.Table(name: "conversations", isPlain: false),
        ExportPages.Table(name: "evaluations", isPlain: false),
        ExportPages.Table(name: "experiments", isPlain: false),
    ]

    private var possible: [String] { format == .otlp ? ["records", "metrics"] : Self.known.map(\.name) }

    func validate() throws {
        for table in tables where !possible.contains(table) {
            throw ValidationError("--table \(table): \(format.rawValue) knows \(possible.joined(separator: ", "))")
        }
        guard (1...10_000).contains(pageRows) else { throw ValidationError("--page-rows must be between 1 and 10000, not \(pageRows)") }
        for (name, time) in [("--since", since), ("--until", until)] {
            guard let time else { continue }
            guard TimeArgument.iso(time) != nil else { throw ValidationError("\(name) must be a time or 90m, 24h, 7d, not \(time)") }
        }
    }

    /// What was written.
    private struct Written: Encodable {
        var table: String
        var rows: Int
        var files: Int
        var bytes: Int
    }

    func run() async throws {
        let chosen = tables.isEmpty ? possible : tables
        do {
            try prepare()
            try await server.run { client in
                var written: [Written] = []
                let progress = TransferProgress(isQuiet: false)
                defer { progress.end() }
                for name in chosen {
                    guard let table = Self.known.first(where: { $0.name == name }) else { continue }
                    written += format == .otlp ? try await otlp(client, table, progress) : try await parts(client, table, progress)
                }
                progress.end()
                try say(written)
            }
        } catch let error as AnswerSink.Failure {
            Terminal.warn(error.description)
            throw ExitCode(74)
        }
    }

    private func prepare() throws(AnswerSink.Failure) {
        let files = FileManager.default
        if let inside = try? files.contentsOfDirectory(atPath: to), !inside.isEmpty, !force {
            throw AnswerSink.Failure(description: "\(to) is not empty; name another folder, or use --force to overwrite what is in it")
        }
        do { try files.createDirectory(atPath: to, withIntermediateDirectories: true) } catch {
            throw AnswerSink.Failure(description: "\(to) cannot be made: \(error.localizedDescription)")
        }
    }

    private func pages(_ client: ServerClient, _ table: ExportPages.Table, _ columns: [String]) -> ExportPages {
        ExportPages(
            client: client, table: table, columns: columns, since: since.flatMap(TimeArgument.iso), until: until.flatMap(TimeArgument.iso),
            pageRows: pageRows)
    }

    // MARK: OTLP

    private func otlp(_ client: ServerClient, _ table: ExportPages.Table, _ progress: TransferProgress) async throws -> [Written] {
        if table.name == "metrics" {
            let lines = try Lines(to + "/metrics.jsonl")
            try await lines.whole {
                try await read(client, table, OTLPMetrics.columns, progress) { rows in
                    if !rows.isEmpty { try lines.add(OTLPMetrics.request(rows), rows: rows.count) }
                }
            }
            return [lines.written("metrics")]
        }
        // Spans that have not ended are part of it; events lie within their spans.
        var all = table
        all.name = "records_all"
        all.condition = "kind <> 'span_event'"
        var columns = OTLPRecords.columns
        if try await pages(client, all, columns).knows(OTLPRecords.nanosecondColumn) { columns.append(OTLPRecords.nanosecondColumn) }
        let (spans, logs) = (try Lines(to + "/traces.jsonl"), try Lines(to + "/logs.jsonl"))
        try await spans.whole {
            try await logs.whole {
                try await read(client, all, columns, progress) { rows in
                    let requests = OTLPRecords.requests(rows)
                    if let request = requests.spans { try spans.add(request.body, rows: request.count) }
                    if let request = requests.logs { try logs.add(request.body, rows: request.count) }
                }
            }
        }
        return [spans.written("traces"), logs.written("logs")]
    }

    private func read(
        _ client: ServerClient, _ table: ExportPages.Table, _ columns: [String], _ progress: TransferProgress,
        _ body: ([AnswerJSON]) throws -> Void
    ) async throws {
        let pages = pages(client, table, columns)
        let total = try await pages.count()
        var done = 0
        try await pages.each(.json) { bytes in
            let rows = ExportPages.rows(bytes)
            try body(rows)
            done += rows.count
            progress.show("\(table.name): \(done) of \(total) rows, \(TransferProgress.share(done, of: total))")
        }
    }

    /// A file of lines that appears when it is complete.
    private final class Lines {
        private let sink: AnswerSink
        private var rows = 0

        init(_ path: String) throws { sink = try AnswerSink(path: path) }

        func add(_ body: [UInt8], rows: Int) throws {
            try sink.write(body + [UInt8(ascii: "\n")])
            self.rows += rows
        }

        func whole(_ body: () async throws -> Void) async throws {
            do {
                try await body()
                try sink.finish()
            } catch {
                sink.discard()
                throw error
            }
        }

        func written(_ name: String) -> Written { Written(table: name, rows: rows, files: 1, bytes: sink.bytes) }
    }

    // MARK: Parquet and CSV

    private func parts(_ client: ServerClient, _ table: ExportPages.Table, _ progress: TransferProgress) async throws -> [Written] {
        let folder = to + "/" + table.name
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw AnswerSink.Failure(description: "\(folder) cannot be made: \(error.localizedDescription)")
        }
        // The inner form of a point's value is none of a file's business.
        var pages = pages(client, table, [table.name == "metrics" ? "* EXCLUDE (value)" : "*"])
        pages.pageRows = 10_000
        let total = try await pages.count()
        var written = Written(table: table.name, rows: total, files: 0, bytes: 0)
        try await pages.each(format == .csv ? .csv : .parquet) { bytes in
            written.files += 1
            let number = String(repeating: "0", count: max(0, 5 - String(written.files).count)) + String(written.files)
            let sink = try AnswerSink(path: "\(folder)/part-\(number).\(format.rawValue)")
            try sink.write(bytes)
            try sink.finish()
            written.bytes += bytes.count
            progress.show("\(table.name): file \(written.files), \(min(total, written.files * 10_000)) of \(total) rows")
        }
        return [written]
    }

    private func say(_ written: [Written]) throws {
        if server.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return Terminal.say(String(decoding: try encoder.encode(written), as: UTF8.self))
        }
        let rows = written.map { [$0.table, "\($0.rows)", "\($0.files)", "\($0.bytes)"] }
        Terminal.say(TextTable.of(["table", "rows", "files", "bytes"], rows, empty: "Nothing was written."))
    }
}
