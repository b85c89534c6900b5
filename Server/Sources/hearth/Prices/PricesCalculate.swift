import ArgumentParser
import Foundation
import GenAIPrices
import NIOHTTP1
import Prices

/// `hearth prices calculate`
struct PricesCalculate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calculate",
        abstract: "Work out the price of one call, or of many.",
        discussion: """
            Asks the server, whose price data and overrides may differ from those of the program; --bundled uses the program's own and \
            needs no server. With --batch every line of the file is a call, such as \
            {"model": "gpt-4o", "provider": "openai", "usage": {"input_tokens": 1000}, "timestamp": "2026-01-31T12:00:00Z"}, \
            and every line of the output is its price, or why it has none.
            """
    )

    @Option(help: ArgumentHelp("Name of the model.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("Its provider.", valueName: "name"))
    var provider: String?

    @Option(help: ArgumentHelp("Address of the API, which tells the provider.", valueName: "url"))
    var apiURL: String?

    @Option(help: "Input tokens, those from or to a cache included.")
    var inputTokens: String?

    @Option(help: "Output tokens, those of reasoning included.")
    var outputTokens: String?

    @Option(help: "Input tokens that came from a cache.")
    var cacheReadTokens: String?

    @Option(help: "Input tokens that were written to a cache.")
    var cacheWriteTokens: String?

    @Option(help: ArgumentHelp("Any other count, such as web_searches=2.", valueName: "key=count"))
    var usage: [String] = []

    @Option(help: ArgumentHelp("What kind of call it was, such as service_tier=flex or processing=batch.", valueName: "key=value"))
    var context: [String] = []

    @Option(help: ArgumentHelp("When it was made. (default: now)", valueName: "time"))
    var at: String?

    @Option(help: ArgumentHelp("A file of calls, one JSON object a line; - for standard input.", valueName: "file"))
    var batch: String?

    @Flag(help: "Use the price data that is part of the program, without a server.")
    var bundled = false

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (model == nil) != (batch == nil) else { throw ValidationError("name a model with --model, or a file with --batch") }
    }

    func run() async throws {
        let lines = try batch.map(Self.lines) ?? [try call()]
        let answers: [String]
        if bundled {
            answers = try local(lines)
        } else {
            var collected: [String] = []
            try await server.run { collected = try await remote(lines, $0) }
            answers = collected
        }
        if batch != nil || server.json {
            for answer in answers { Terminal.say(answer) }
        } else if let answer = answers.first {
            try say(answer)
        }
    }

    /// The call that the options describe, as a line of a batch.
    private func call() throws -> String {
        var counts: [String: String] = [:]
        counts["input_tokens"] = inputTokens
        counts["output_tokens"] = outputTokens
        counts["cache_read_tokens"] = cacheReadTokens
        counts["cache_write_tokens"] = cacheWriteTokens
        for (key, count) in try Self.pairs(usage, "--usage") { counts[key] = count }
        for (key, count) in counts {
            guard UsageUnit(usageKey: key) != nil else { throw ValidationError("\(key) is nothing that is counted") }
            guard Decimal(decimalText: count) != nil else { throw ValidationError("\(key) must be a number, not \(count)") }
        }
        struct Call: Encodable {
            var model: String?
            var provider: String?
            var apiURL: String?
            var usage: [String: String]
            var timestamp: String?
            var context: [String: String]

            enum CodingKeys: String, CodingKey {
                case model, provider, usage, timestamp, context
                case apiURL = "api_url"
            }
        }
        let call = Call(
            model: model, provider: provider, apiURL: apiURL, usage: counts, timestamp: at, context: try Self.pairs(context, "--context"))
        return String(decoding: try JSONEncoder().encode(call), as: UTF8.self)
    }

    private static func pairs(_ texts: [String], _ option: String) throws -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            guard let sign = text.firstIndex(of: "=") else { throw ValidationError("\(option) must be key=value, not \(text)") }
            pairs[String(text[..<sign])] = String(text[text.index(after: sign)...])
        }
        return pairs
    }

    private static func lines(_ file: String) throws -> [String] {
        let data = file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
        guard let data else {
            Terminal.warn("the file \(file) cannot be read")
            throw ExitCode.failure
        }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init).filter { $0.contains("{") }
    }

    private func local(_ lines: [String]) throws -> [String] {
        let list = try PriceBook().list(project: 0)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try lines.enumerated().map { index, line in
            do {
                let inquiry = try PriceInquiry(try JSONValue(json: line), now: .now)
                return String(decoding: try encoder.encode(inquiry.answer(by: list)), as: UTF8.self)
            } catch {
                Terminal.warn("line \(index + 1): \(error)")
                throw ExitCode.failure
            }
        }
    }

    private func remote(_ lines: [String], _ client: ServerClient) async throws -> [String] {
        var answers: [String] = []
        for start in stride(from: 0, to: lines.count, by: 1_000) {
            let items = lines[start..<min(start + 1_000, lines.count)].joined(separator: ",")
            let body = try await client.send(.POST, "/api/v1/prices/calculate", body: Array("{\"items\":[\(items)]}".utf8))
            guard let answer = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
                let results = answer["results"] as? [Any]
            else {
                throw ServerClient.Failure(description: "the server's answer cannot be read; it may be of another version")
            }
            for result in results {
                let data = try JSONSerialization.data(withJSONObject: result, options: [.sortedKeys, .withoutEscapingSlashes])
                answers.append(String(decoding: data, as: UTF8.self))
            }
        }
        return answers
    }

    private func say(_ answer: String) throws {
        struct Answer: Decodable {
            var provider: String?
            var model: String?
            var inputPrice: String?
            var outputPrice: String?
            var totalPrice: String?
            var override: Int?
            var error: String?
            var detail: String?
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let price = try decoder.decode(Answer.self, from: Data(answer.utf8))
        guard price.error == nil else {
            Terminal.warn(price.detail ?? "no price")
            throw ExitCode.failure
        }
        Terminal.say(
            """
            $\(price.totalPrice ?? "")  by the price of \([price.provider, price.model].compactMap { $0 }.joined(separator: "/"))\
            \(price.override.map { " with override \($0)" } ?? "")
              input   $\(price.inputPrice ?? "")
              output  $\(price.outputPrice ?? "")
            """)
    }
}
