import ArgumentParser
import NIOHTTP1

/// `hearth prices list`
struct PricesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List models with the prices in force.")

    @Option(help: ArgumentHelp("Only models of this provider.", valueName: "name"))
    var provider: String?

    @Option(help: ArgumentHelp("Only models whose name contains this.", valueName: "text"))
    var model: String?

    @Option(help: ArgumentHelp("Prices at this time. (default: now)", valueName: "time"))
    var at: String?

    @OptionGroup var server: ServerOptions

    private struct Answer: Decodable {
        struct Model: Decodable {
            var provider: String
            var model: String
            var isDeprecated: Bool
            var isOverride: Bool
            var prices: WrittenPrices
        }
        var version: String
        var models: [Model]
    }

    func run() async throws {
        try await server.run { client in
            let body = try await client.send(
                .GET, "/api/v1/prices/models" + URLQuery.text(["provider": provider, "model": model, "at": at]))
            try server.say(body, Answer.self) { answer in
                let rows = answer.models.map { model in
                    let remarks = [model.isOverride ? "override" : nil, model.isDeprecated ? "deprecated" : nil].compactMap { $0 }
                    return [
                        model.provider, model.model, model.prices["input_mtok"], model.prices["output_mtok"],
                        model.prices["cache_read_mtok"], model.prices["cache_write_mtok"], remarks.joined(separator: ", "),
                    ]
                }
                let table = TextTable.of(
                    ["provider", "model", "input", "output", "cache read", "cache write", ""], rows,
                    empty: "No model fits. Names of providers: openai, anthropic, google, …; hearth prices list shows all.")
                return table + "\n\nUS dollars for a million tokens, price data \(answer.version). More: hearth prices show MODEL"
            }
        }
    }
}

/// `hearth prices show`
struct PricesShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show all prices of a model: what is in force, by date, by tier and by kind of call.")

    @Argument(help: "Name of the model, as calls give it.")
    var model: String

    @Option(help: ArgumentHelp("Its provider, where the model's name does not tell.", valueName: "name"))
    var provider: String?

    @Option(help: ArgumentHelp("Which prices are in force at this time. (default: now)", valueName: "time"))
    var at: String?

    @OptionGroup var server: ServerOptions

    private struct Answer: Decodable {
        struct Entry: Decodable {
            var startDate: String?
            var startTime: String?
            var endTime: String?
            var isInForce: Bool
            var prices: WrittenPrices

            var heading: String {
                if let startDate { return "from \(startDate)" }
                if let startTime, let endTime { return "daily from \(startTime) to \(endTime)" }
                return "otherwise"
            }
        }
        struct Variant: Decodable {
            var when: [String: String]
            var startDate: String?
            var prices: WrittenPrices
        }
        struct Override: Decodable {
            var id: Int
        }
        var version: String
        var provider: String
        var providerName: String
        var model: String
        var name: String?
        var contextWindow: Int?
        var isDeprecated: Bool
        var isFallback: Bool
        var inForce: WrittenPrices
        var overrides: [Override]
        var entries: [Entry]
        var variants: [Variant]
    }

    func run() async throws {
        try await server.run { client in
            let body = try await client.send(
                .GET, "/api/v1/prices/models/show" + URLQuery.text(["model": model, "provider": provider, "at": at]))
            try server.say(body, Answer.self, Self.text)
        }
    }

    private static func text(_ answer: Answer) -> String {
        var lines = [
            "\(answer.provider)/\(answer.model)\(answer.name.map { "  \($0)" } ?? "")\(answer.isDeprecated ? "  (deprecated)" : "")"
        ]
        if answer.isFallback { lines.append("\(answer.providerName) offers this model of another provider at its prices.") }
        if let window = answer.contextWindow { lines.append("context window: \(window) tokens") }
        lines.append("\nin force, US dollars:\n" + answer.inForce.lines(indented: "  "))
        if !answer.overrides.isEmpty {
            lines.append("with overrides \(answer.overrides.map { "\($0.id)" }.joined(separator: ", ")); see hearth prices override list")
        }
        if answer.entries.count > 1 {
            for entry in answer.entries {
                lines.append("\n\(entry.heading)\(entry.isInForce ? " (in force)" : ""):\n" + entry.prices.lines(indented: "  "))
            }
        }
        for variant in answer.variants {
            let when = variant.when.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            lines.append("\n\(when)\(variant.startDate.map { ", from \($0)" } ?? ""):\n" + variant.prices.lines(indented: "  "))
        }
        lines.append("\nprice data \(answer.version)")
        return lines.joined(separator: "\n")
    }
}
