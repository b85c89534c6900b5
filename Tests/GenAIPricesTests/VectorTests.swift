import Foundation
import GenAIPrices
import Testing

/// The vectors that the Python package computed.
struct VectorTests {
    static let vectors: [JSONValue] = {
        guard let url = Bundle.module.url(forResource: "vectors", withExtension: "json"), let data = try? Data(contentsOf: url),
            let file = try? JSONValue(json: [UInt8](data))
        else { return [] }
        return file["vectors"]?.array ?? []
    }()

    @Test func areThere() { #expect(Self.vectors.count == 40) }

    @Test(arguments: vectors.indices)
    func holds(_ index: Int) throws {
        let vector = Self.vectors[index]
        let data = try PriceData.bundled()
        var usage = Usage()
        for member in vector["usage"]?.object ?? [] {
            let unit = try #require(UsageUnit(usageKey: member.name))
            usage[unit] = member.value.decimal ?? member.value.string.flatMap { Decimal(decimalText: $0) }
            #expect(usage[unit] != nil)
        }
        var context: [String: String] = [:]
        for member in vector["price_context"]?.object ?? [] { context[member.name] = member.value.string }
        let time = try #require(PriceTime(vector["timestamp"]?.string ?? ""))
        let expected = try #require(vector["expect"])
        let result = Result { () throws(PriceError) in
            try data.price(
                usage, model: vector["model"]?.string ?? "", provider: vector["provider_id"]?.string,
                apiURL: vector["provider_api_url"]?.string, at: time, context: context)
        }
        switch (result, expected["error"]?.string) {
        case (.success(let price), nil):
            #expect(price.match.provider.id == expected["provider"]?.string)
            #expect(price.match.model.id == expected["matched_model"]?.string)
            #expect(try price.amounts.input == amount(expected["input_price"]))
            #expect(try price.amounts.output == amount(expected["output_price"]))
            #expect(try price.amounts.total == amount(expected["total_price"]))
            for member in expected["model_price"]?.object ?? [] {
                let unit = try #require(UsageUnit(priceKey: member.name))
                #expect(try price.prices[unit] == unitPrice(member.value), "\(member.name)")
            }
            #expect(price.prices.entries.count == expected["model_price"]?.object?.count)
        case (.failure(let error), "usage"?): #expect(error.code == .usage)
        case (.failure(let error), "lookup"?): #expect(error.code != .usage)
        case (let result, let error): Issue.record("\(result), expected \(error ?? "a price")")
        }
    }

    private func amount(_ value: JSONValue?) throws -> Decimal { try #require(value?.string.flatMap { Decimal(decimalText: $0) }) }

    private func unitPrice(_ value: JSONValue) throws -> UnitPrice {
        guard case .object = value else { return UnitPrice(base: try amount(value)) }
        let tiers = try (value["tiers"]?.array ?? []).map { tier in
            UnitPrice.Tier(
                start: Int(truncating: try #require(tier["start"]?.decimal) as NSDecimalNumber), price: try amount(tier["price"]))
        }
        return UnitPrice(base: try amount(value["base"]), tiers: tiers)
    }
}
