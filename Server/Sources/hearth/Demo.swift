import ArgumentParser
import Foundation
import HearthDemo
import Synchronization

/// `hearth demo`: fills a running server with the traffic of a made-up company.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Send demonstration traffic to a running server.",
        discussion: """
            Five services of a made-up shop send traces, logs and metrics over OTLP/HTTP, as their SDKs would: agents with tools, streamed \
            answers, retries, errors, cached prompts. Ctrl-C ends it early. The same seed sends the same story.
            """
    )

    @Option(help: ArgumentHelp("Address of the server.", valueName: "url"))
    var url = "http://127.0.0.1:4318"

    @Option(help: ArgumentHelp("Minutes of traffic.", valueName: "minutes"))
    var minutes = 2.0

    @Option(help: ArgumentHelp("Which story to tell.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Send this many times faster than it happens; the traffic then lies in the past.", valueName: "factor"))
    var speed = 1.0

    @Option(help: ArgumentHelp("Write what was sent (calls, tokens and cost by model) to this file as JSON.", valueName: "file"))
    var truth: String?

    @Option(help: ArgumentHelp("Write token, for a server that asks for one. (default: HEARTH_TOKEN)", valueName: "token"))
    var token: String?

    @Flag(inversion: .prefixedNo, help: "Compress what is sent with gzip.")
    var gzip = true

    func validate() throws {
        guard HTTPEndpoint(url) != nil else { throw ValidationError("--url must be http://host:port, not \(url)") }
        guard minutes > 0, minutes <= 1_440 else { throw ValidationError("--minutes must be more than 0 and at most 1440") }
        guard speed >= 1, speed <= 10_000 else { throw ValidationError("--speed must be between 1 and 10000") }
    }

    func run() async throws {
        guard let endpoint = HTTPEndpoint(url) else { throw ValidationError("--url must be http://host:port, not \(url)") }
        let configuration = DemoConfiguration(
            endpoint: endpoint, token: token ?? ProcessInfo.processInfo.environment["HEARTH_TOKEN"], minutes: minutes, seed: seed,
            speed: speed,
            compresses: gzip)
        let line = DemoLine()
        line.say("Sending \(DemoLine.number(minutes)) minutes of traffic to \(endpoint) (seed \(seed)). Ctrl-C ends it early.")
        let work = Task { try await DemoRun(configuration).run { line.show($0) } }
        let interrupts = Interrupt.handle { work.cancel() }
        defer { for interrupt in interrupts { interrupt.cancel() } }
        switch await work.result {
        case .success(let sent):
            line.end()
            if let truth { try sent.jsonText.write(toFile: truth, atomically: true, encoding: .utf8) }
            line.say(Self.summary(of: sent, url: "\(endpoint)/", truth: truth))
        case .failure(let error):
            line.end()
            FileHandle.standardError.write(Data("hearth: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }

    private static func summary(of sent: DemoTruth, url: String, truth: String?) -> String {
        let totals = sent.totals
        let lines = sent.models.sorted { $0.key < $1.key }.map { key, model in
            let name = "\(key.provider) / \(key.model)".padding(toLength: 36, withPad: " ", startingAt: 0)
            return
                "  \(name) \(DemoLine.count(model.calls, "call"))\(model.errors > 0 ? ", \(model.errors) failed" : ""), \(DemoLine.money(model.cost))"
        }
        return """
            Sent \(DemoLine.count(sent.spans, "span")) in \(DemoLine.count(sent.traces, "trace")), \(DemoLine.count(sent.logs, "log")) and \
            \(DemoLine.count(sent.metricPoints, "metric point")): \(DemoLine.count(totals.calls, "model call")), \(DemoLine.money(totals.cost)).
            \(lines.joined(separator: "\n"))\(truth.map { "\n  What was sent is in \($0)." } ?? "")
            See it at \(url)
            """
    }
}

/// The line that says how far the demonstration is: rewritten in a terminal, now and then a new one elsewhere.
private final class DemoLine: Sendable {
    private struct State {
        var lastShown = ContinuousClock.now - .seconds(60)
        var width = 0
    }

    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private let state = Mutex(State())

    func show(_ progress: DemoProgress) {
        state.withLock { state in
            let now = ContinuousClock.now
            guard progress.truth.spans > 0, now - state.lastShown >= (isTerminal ? .milliseconds(250) : .seconds(10)) else { return }
            state.lastShown = now
            let sent = progress.truth
            let text =
                "\(Self.count(sent.spans, "span")), \(Self.count(sent.totals.calls, "model call")), \(Self.money(sent.totals.cost)), "
                + "\(Int(progress.remaining.rounded(.up))) s left"
            if isTerminal {
                write("\r" + text.padding(toLength: max(state.width, text.count), withPad: " ", startingAt: 0))
                state.width = text.count
            } else {
                write(text + "\n")
            }
        }
    }

    /// Leaves the line.
    func end() {
        state.withLock { state in
            if isTerminal, state.width > 0 { write("\r" + String(repeating: " ", count: state.width) + "\r") }
            state.width = 0
        }
    }

    func say(_ text: String) {
        write(text + "\n")
    }

    private func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : "\(value)"
    }

    /// Nano-dollars as USD; a dash when the price is unknown.
    static func money(_ nanoDollars: Int?) -> String {
        nanoDollars.map { String(format: "$%.4f", Double($0) / 1e9) } ?? "—"
    }
}
