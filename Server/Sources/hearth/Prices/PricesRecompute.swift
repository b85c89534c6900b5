import ArgumentParser
import Foundation
import NIOHTTP1
import Synchronization

/// `hearth prices recompute`
struct PricesRecompute: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recompute",
        abstract: "Price stored calls again, by the prices in use now.",
        discussion: """
            Costs that were sent stay as they are. The server goes on receiving meanwhile. Ctrl-C ends it early; what was priced by then \
            stays so, and doing it again is safe.
            """
    )

    @Option(help: ArgumentHelp("Calls since this time (2026-01-31T12:00:00Z, 2026-01-31), or of the last 90m, 24h, 7d.", valueName: "time"))
    var since: String

    @Option(help: ArgumentHelp("Calls before this time. (default: all up to now)", valueName: "time"))
    var until: String?

    @Flag(help: "Only say what would change.")
    var dryRun = false

    @OptionGroup var server: ServerOptions

    private struct Body: Encodable {
        var since: String
        var until: String?
        var dryRun: Bool
    }

    struct Line: Decodable, Sendable {
        struct Model: Decodable, Sendable {
            var provider: String?
            var model: String?
            var calls: Int
            var changed: Int
            var costBefore: Double
            var costAfter: Double
        }
        var error: String?
        var done: Bool?
        var calls: Int?
        var total: Int?
        var changed: Int?
        var newlyPriced: Int?
        var newlyUnpriced: Int?
        var keptSent: Int?
        var costBefore: Double?
        var costAfter: Double?
        var models: [Model]?
    }

    func run() async throws {
        guard let from = TimeArgument.iso(since) else { throw ValidationError("--since must be a time or 90m, 24h, 7d, not \(since)") }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let body = try encoder.encode(Body(since: from, until: until, dryRun: dryRun))
        let last = Mutex<Line?>(nil)
        let isTerminal = isatty(STDERR_FILENO) == 1 && !server.json
        try await server.run { client in
            try await client.lines(.POST, "/api/v1/prices/recompute", body: [UInt8](body)) { text in
                if server.json { Terminal.say(String(decoding: text, as: UTF8.self)) }
                let decoder = JSONDecoder()
                decoder.keyDecodingStrategy = .convertFromSnakeCase
                guard let line = try? decoder.decode(Line.self, from: Data(text)) else { return }
                last.withLock { $0 = line }
                if isTerminal, line.done == nil, let calls = line.calls, let total = line.total {
                    FileHandle.standardError.write(Data("\r\(calls) of \(total) calls, \(line.changed ?? 0) changed ".utf8))
                }
            }
            if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
            let end = last.withLock { $0 }
            if let error = end?.error { throw ServerClient.Failure(description: error) }
            guard let end, end.done == true else {
                throw ServerClient.Failure(description: "the server ended the answer before the work was done")
            }
            if !server.json { Terminal.say(Self.text(end, dryRun)) }
        }
    }

    private static func text(_ end: Line, _ isDryRun: Bool) -> String {
        func usd(_ value: Double?) -> String { String(format: "$%.6f", value ?? 0) }
        let changed = end.changed ?? 0
        var text = """
            \(end.calls ?? 0) calls looked at, \(changed) \(isDryRun ? "would change" : "changed"): \(end.newlyPriced ?? 0) have a price now, \
            \(end.newlyUnpriced ?? 0) no longer have one; \(end.keptSent ?? 0) keep the cost that was sent.
            Sum of costs: \(usd(end.costBefore)) before, \(usd(end.costAfter)) after.
            """
        let rows = (end.models ?? []).filter { $0.changed > 0 }.map { model in
            [model.provider ?? "—", model.model ?? "—", "\(model.calls)", "\(model.changed)", usd(model.costBefore), usd(model.costAfter)]
        }
        if !rows.isEmpty {
            text += "\n\n" + TextTable.of(["provider", "model", "calls", "changed", "before", "after"], rows, empty: "")
        }
        return text
    }
}
