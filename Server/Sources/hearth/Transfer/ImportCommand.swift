import ArgumentParser
import Foundation
import NIOHTTP1

/// `hearth import`: files of OTLP into a server.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Send files of OTLP to a running server.",
        discussion: """
            Files hold OTLP/JSON requests on lines, as hearth export and the file exporter of the OpenTelemetry Collector write them, or protobuf \
            requests with a length before each (four bytes, most significant first, or a variable-length integer). Importing a file again changes \
            nothing: records that are stored already are dropped, so an import that was interrupted is simply started again.
            """
    )

    @Argument(help: ArgumentHelp("Files, folders with .jsonl, .json, .binpb or .pb files, or - for standard input.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("traces, logs or metrics: of protobuf files whose name does not say it.", valueName: "signal"))
    var signal: OTLPFile.Signal?

    @Flag(help: "Go on after a request that the server refuses.")
    var keepGoing = false

    @OptionGroup var server: ServerOptions

    private struct Outcome: Encodable {
        var requests = 0
        var rejected = 0
        var refused = 0
        var bytes = 0
        var seconds = 0.0
    }

    func run() async throws {
        let started = ContinuousClock.now
        var outcome = Outcome()
        try await server.run { client in
            let progress = TransferProgress(isQuiet: server.json)
            defer { progress.end() }
            for path in try paths() {
                try await send(path, client, progress, &outcome)
            }
            progress.end()
        }
        let elapsed = ContinuousClock.now - started
        outcome.seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        try say(outcome)
        if outcome.refused > 0 { throw ExitCode.failure }
    }

    /// The files in order: traces before logs before metrics within a folder, by name.
    private func paths() throws -> [String] {
        var paths: [String] = []
        for file in files {
            var isFolder: ObjCBool = false
            if file != "-", !FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) {
                throw ServerClient.Failure(description: "\(file) does not exist", exitCode: 66)
            }
            guard isFolder.boolValue else {
                paths.append(file)
                continue
            }
            let inside = (try? FileManager.default.contentsOfDirectory(atPath: file)) ?? []
            let found = inside.filter { ["jsonl", "json", "binpb", "pb"].contains(($0 as NSString).pathExtension) }.sorted()
            guard !found.isEmpty else {
                throw ServerClient.Failure(description: "\(file) holds no .jsonl, .json, .binpb or .pb file", exitCode: 66)
            }
            paths += found.map { file + "/" + $0 }
        }
        return paths
    }

    private func send(_ path: String, _ client: ServerClient, _ progress: TransferProgress, _ outcome: inout Outcome) async throws {
        do {
            var file = try OTLPFile(path: path, signal: signal)
            while let request = try file.next() {
                do {
                    outcome.rejected += try await send(request, client)
                } catch let error as ServerClient.Failure where error.status != nil && error.exitCode != 75 {
                    let failure = ServerClient.Failure(
                        description: "\(path), \(request.place): \(error.description)", status: error.status, exitCode: error.exitCode)
                    guard keepGoing, error.exitCode == 1 else { throw failure }
                    progress.end()
                    Terminal.warn(failure.description)
                    outcome.refused += 1
                }
                outcome.requests += 1
                outcome.bytes += request.body.count
                let share = file.size.map { TransferProgress.share(request.end, of: $0) } ?? "\(request.end) bytes"
                progress.show("\(path): \(share), \(outcome.requests) requests")
            }
        } catch let error as OTLPFile.Failure {
            throw ServerClient.Failure(description: error.description, exitCode: 65)
        }
    }

    /// - Returns: records that the server left out.
    private func send(_ request: OTLPFile.Request, _ client: ServerClient) async throws -> Int {
        let type = request.isJSON ? "application/json" : "application/x-protobuf"
        let answer = try await Patience.retrying {
            try await client.send(.POST, request.signal.path, body: request.body, headers: ["Content-Type": type])
        }
        guard request.isJSON, let partial = (try? JSONParser.parse(answer))?["partialSuccess"] else { return 0 }
        for member in ["rejectedSpans", "rejectedLogRecords", "rejectedDataPoints"] {
            if let count = partial[member].flatMap({ $0.int ?? $0.string.flatMap { Int64($0) } }), count > 0 { return Int(count) }
        }
        return 0
    }

    private func say(_ outcome: Outcome) throws {
        if server.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return Terminal.say(String(decoding: try encoder.encode(outcome), as: UTF8.self))
        }
        var text = "\(outcome.requests) requests, \(outcome.bytes) bytes in \(String(format: "%.1f", outcome.seconds)) s."
        if outcome.rejected > 0 { text += " \(outcome.rejected) records were left out; look for “logfire ingest error” in Live." }
        if outcome.refused > 0 { text += " \(outcome.refused) requests were refused." }
        Terminal.say(text)
    }
}

extension OTLPFile.Signal: ExpressibleByArgument {}
