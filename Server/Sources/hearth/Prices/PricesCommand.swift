import ArgumentParser
import Foundation

/// `hearth prices`: what model calls cost.
struct PricesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices",
        abstract: "Show and change what model calls cost.",
        discussion: """
            Costs that a sender reports are kept as they are. All others are worked out from the tokens by the price data of the server, \
            and by the overrides of the project. Money is in US dollars; prices are for the quantity in their names: input_mtok is for a \
            million input tokens.
            """,
        subcommands: [
            PricesList.self, PricesShow.self, PricesCalculate.self, PricesUpdate.self, PricesVersions.self, PricesOverride.self,
            PricesRecompute.self,
        ]
    )
}

/// Prices as the server writes them.
struct WrittenPrices: Decodable {
    struct Price: Decodable {
        struct Tier: Decodable {
            var start: Int
            var price: String
        }
        var text: String

        init(from decoder: any Decoder) throws {
            if let plain = try? decoder.singleValueContainer().decode(String.self) {
                text = plain
                return
            }
            enum Key: String, CodingKey { case base, tiers }
            let container = try decoder.container(keyedBy: Key.self)
            let tiers = try container.decode([Tier].self, forKey: .tiers).map { ", above \($0.start) input tokens \($0.price)" }
            text = try container.decode(String.self, forKey: .base) + tiers.joined()
        }
    }

    var prices: [String: Price]

    init(from decoder: any Decoder) throws { prices = try decoder.singleValueContainer().decode([String: Price].self) }

    subscript(key: String) -> String { prices[key]?.text ?? "—" }

    /// One line a price, or `free`.
    func lines(indented margin: String) -> String {
        if prices.isEmpty { return margin + "free" }
        return prices.sorted { $0.key < $1.key }.map {
            "\(margin)\($0.key.padding(toLength: 28, withPad: " ", startingAt: 0))\($0.value.text)"
        }
        .joined(separator: "\n")
    }
}
