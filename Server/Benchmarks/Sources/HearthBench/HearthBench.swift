import ArgumentParser
import Foundation

/// Measures a built server against the bars of the design.
@main
struct HearthBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth-bench",
        abstract: "Measure the server against the bars of the design: ingest, sealing, memory, disk, start, freshness, queries, search.",
        discussion: """
            Starts the program on a free loopback port with a data folder of its own, loads a deterministic workload of agent traces and asks what \
            the pages ask. CPU is the server's own, read from /proc, so figures hold on a busy machine; decoding alone, and appending and scanning a \
            plain DuckDB table of the same spans are measured in the same run, for ratios. What is done after the last answer until the server says \
            that it is settled is reported apart. --runs 5 gives medians; the bars of queries are meant for --spans 1000000.
            """
    )

    @Option(help: ArgumentHelp("The program to measure.", valueName: "path"))
    var program = "bin/hearth"

    @Option(help: ArgumentHelp("Spans of the workload.", valueName: "number"))
    var spans = 100_000

    @Option(
        name: .customLong("bodies"), parsing: .upToNextOption,
        help: ArgumentHelp("Spans of a request; one load for each.", valueName: "number"))
    var bodySizes = [500, 50]

    @Option(help: ArgumentHelp("Connections that send at once.", valueName: "number"))
    var connections = 4

    @Option(help: ArgumentHelp("Repetitions of each load; the report has medians.", valueName: "number"))
    var runs = 1

    @Option(
        help: ArgumentHelp(
            "A workload file (u32 length, u32 spans, body, and so on) to load instead of a generated one.", valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("Seed of the generated workload.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Longest wait for the server to become idle after a load.", valueName: "seconds"))
    var settle = 120.0

    @Option(help: ArgumentHelp("VictoriaTraces on this machine, to load with the same workload for ratios.", valueName: "path"))
    var peer: String?

    @Option(help: ArgumentHelp("Also write the figures to this file.", valueName: "file"))
    var json: String?

    @Option(
        help: ArgumentHelp(
            "Also put the table between the lines <!-- figures --> and <!-- end of figures --> of this file, such as README.md.",
            valueName: "file"))
    var table: String?

    @Flag(help: "Only decode and append the workload in this process; no server.")
    var referenceOnly = false

    func validate() throws {
        guard spans > 0, connections > 0, runs > 0, bodySizes.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("numbers must be more than 0")
        }
    }

    func run() throws {
        let folder = NSTemporaryDirectory() + "hearth-bench-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            var session = BenchSession(options: self, folder: folder)
            let figures = try session.run()
            let report = MarkdownReport.text(figures)
            print(report, terminator: "")
            if let table { try TableFile.replace(in: table, with: report) }
            if let json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
                try encoder.encode(figures).write(to: URL(fileURLWithPath: json))
            }
        } catch let error as BenchError {
            FileHandle.standardError.write(Data("hearth-bench: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }
}
