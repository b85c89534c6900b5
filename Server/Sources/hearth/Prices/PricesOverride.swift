import ArgumentParser
import Foundation
import NIOHTTP1

/// `hearth prices override`
struct PricesOverride: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "override",
        abstract: "Set a project's own prices.",
        discussion: "For negotiated prices, and for models that no price list has. What an override does not name keeps the listed price.",
        subcommands: [Set.self, List.self, Remove.self]
    )
}

/// An override as the server writes it.
struct WrittenOverride: Decodable {
    var id: Int
    var provider: String?
    var model: String
    var prices: [String: String]
    var startDate: String?
    var endDate: String?
    var note: String?

    var row: [String] {
        [
            "\(id)", provider ?? "any", model, prices.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
            startDate ?? "—", endDate ?? "—", note ?? "",
        ]
    }
}

extension PricesOverride {
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "set", abstract: "Set prices of a model.")

        @Argument(help: "The model, of any case; with * at the end all models that start so.")
        var model: String

        @Option(help: ArgumentHelp("Only where this provider serves it.", valueName: "name"))
        var provider: String?

        @Option(help: ArgumentHelp("US dollars for a million input tokens.", valueName: "usd"))
        var input: String?

        @Option(help: ArgumentHelp("US dollars for a million output tokens.", valueName: "usd"))
        var output: String?

        @Option(help: ArgumentHelp("US dollars for a million input tokens that come from a cache.", valueName: "usd"))
        var cacheRead: String?

        @Option(help: ArgumentHelp("US dollars for a million input tokens that are written to a cache.", valueName: "usd"))
        var cacheWrite: String?

        @Option(help: ArgumentHelp("Any other price, such as web_searches_kcount=10.", valueName: "key=usd"))
        var price: [String] = []

        @Option(help: ArgumentHelp("First day (UTC) on which it holds.", valueName: "YYYY-MM-DD"))
        var from: String?

        @Option(help: ArgumentHelp("First day (UTC) on which it no longer holds.", valueName: "YYYY-MM-DD"))
        var until: String?

        @Option(help: "A remark, such as the contract it comes from.")
        var note: String?

        @OptionGroup var server: ServerOptions

        private struct Body: Encodable {
            var provider: String?
            var model: String
            var prices: [String: String]
            var startDate: String?
            var endDate: String?
            var note: String?
        }

        func run() async throws {
            var prices: [String: String] = [:]
            prices["input_mtok"] = input
            prices["output_mtok"] = output
            prices["cache_read_mtok"] = cacheRead
            prices["cache_write_mtok"] = cacheWrite
            for text in price {
                guard let sign = text.firstIndex(of: "=") else { throw ValidationError("--price must be key=usd, not \(text)") }
                prices[String(text[..<sign])] = String(text[text.index(after: sign)...])
            }
            guard !prices.isEmpty else {
                throw ValidationError("name at least one price: --input, --output, --cache-read, --cache-write, --price")
            }
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            let body = try encoder.encode(
                Body(provider: provider, model: model, prices: prices, startDate: from, endDate: until, note: note))
            try await server.run { client in
                let answer = try await client.send(.POST, "/api/v1/prices/overrides", body: [UInt8](body))
                try server.say(answer, WrittenOverride.self) { override in
                    """
                    Override \(override.id) holds for calls of \(override.provider ?? "any provider")/\(override.model) from now on. \
                    Stored calls keep their cost: see hearth prices recompute.
                    """
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the project's overrides.")

        @OptionGroup var server: ServerOptions

        private struct Answer: Decodable { var overrides: [WrittenOverride] }

        func run() async throws {
            try await server.run { client in
                let body = try await client.send(.GET, "/api/v1/prices/overrides")
                try server.say(body, Answer.self) { answer in
                    TextTable.of(
                        ["id", "provider", "model", "prices", "from", "until", "note"], answer.overrides.map(\.row),
                        empty: "The project has no overrides. Make one with hearth prices override set MODEL --input USD --output USD.")
                }
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove an override.")

        @Argument(help: "Its number, from hearth prices override list.")
        var id: Int

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.run { client in
                _ = try await client.send(.DELETE, "/api/v1/prices/overrides/\(id)")
                Terminal.say(
                    server.json
                        ? "{\"removed\":\(id)}" : "Override \(id) is removed. Stored calls keep their cost: see hearth prices recompute.")
            }
        }
    }
}
