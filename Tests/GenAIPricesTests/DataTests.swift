import Foundation
import GenAIPrices
import Testing

struct DataTests {
    @Test func embeddedDataIsWhole() throws {
        let data = try PriceData.bundled()
        #expect(data.version == "0.2.3")
        #expect(data.providers.count == 47)
        #expect(try data.validate() == 2_330)
        #expect(data.bytes.count == 818_986)
        #expect(UsageUnit.all.count == 59)
        let openrouter = try #require(data.provider(named: "openrouter"))
        #expect(try openrouter.modelCount() == 923)
    }

    @Test func everyPriceKeepsItsDigits() throws {
        // The figures of `spec/prices.md` §4.2, counted over all price sets.
        let data = try PriceData.bundled()
        var keys: [String: Int] = [:]
        var tiered = 0
        var free = 0
        for provider in data.providers {
            for model in try provider.models() {
                for set in model.periods.map(\.prices) {
                    for entry in set.entries {
                        keys[entry.unit.priceKey, default: 0] += 1
                        if !entry.price.tiers.isEmpty { tiered += 1 }
                    }
                }
                if model.periods.allSatisfy({ $0.prices.isEmpty }) { free += 1 }
            }
        }
        #expect(free == 179)
        #expect(tiered == 560)
        #expect(keys["input_mtok"] == 2_431)
        #expect(keys["output_mtok"] == 2_348)
        #expect(keys["cache_read_mtok"] == 1_153)
    }

    @Test(arguments: [
        ("2.5", "2.5"), ("0.00000000123456789", "0.00000000123456789"), ("1e-18", "0.000000000000000001"), ("-12.50E1", "-125"),
        ("0.30000000000000004", "0.30000000000000004"), ("0", "0"), ("123456789012345678901234567890", "123456789012345678901234567890"),
    ])
    func decimalsAreExact(_ text: String, _ written: String) throws {
        #expect(try #require(Decimal(decimalText: text)).description == written)
    }

    @Test(arguments: ["", "-", "1.2.3", "1e", "1x", "e5", "1e9999", "NaN"])
    func otherTextIsNoDecimal(_ text: String) { #expect(Decimal(decimalText: text) == nil) }

    @Test(arguments: [
        ("", "not JSON"), ("{}", "expected an array"), ("[]", "no providers"), ("[{\"id\":\"a\"}]", "[0].models"),
        ("[1]", "expected an object"),
        ("[{\"id\":\"a\",\"api_pattern\":\"(\",\"models\":[]}]", "api_pattern"),
        (file(models: "[{\"id\":\"m\",\"match\":{\"equals\":\"m\"},\"prices\":{\"input_mtok\":-1}}]"), "a.models[0].prices.input_mtok"),
        (file(models: "[{\"id\":\"m\",\"match\":{\"near\":\"m\"},\"prices\":{}}]"), "a.models[0].match.near"),
        (file(models: "[{\"id\":\"m\",\"match\":{\"equals\":\"m\"},\"prices\":{\"input_ktok\":1}}]"), "a.models[0].prices.input_ktok"),
        (file(models: "[{\"id\":\"m\",\"match\":{\"equals\":\"m\"},\"prices\":{\"cache_read_mtok\":1}}]"), "needs a price for input_mtok"),
        (file(models: "[{\"id\":\"m\",\"match\":{\"regex\":\"[\"},\"prices\":{}}]"), "a.models[0].match.regex"),
        (file(models: "[{\"id\":\"m\",\"match\":{\"equals\":\"m\"},\"prices\":[]}]"), "a.models[0].prices"),
        (
            file(
                models:
                    "[{\"id\":\"m\",\"match\":{\"equals\":\"m\"},\"prices\":[{\"constraint\":{\"start_date\":\"2025-02-30\"},\"prices\":{}}]}]"
            ),
            "a.models[0].prices[0].constraint.start_date"
        ),
    ])
    func refusesWhatIsNoPriceData(_ json: String, _ reason: String) {
        #expect {
            try PriceData(json: Array(json.utf8), version: "test").validate()
        } throws: { error in
            "\(error)".contains(reason)
        }
    }

    static func file(models: String) -> String { "[{\"id\":\"a\",\"api_pattern\":\"https://a\",\"models\":\(models)}]" }

    @Test func nestingIsBounded() {
        let deep = String(repeating: "[", count: 10_000)
        #expect(throws: PriceDataError.self) { try PriceData(json: Array(deep.utf8), version: "test") }
    }

    @Test func truncatedFilesAreRefused() throws {
        let whole = Array(Self.file(models: "[{\"id\":\"m\\u00e9\",\"match\":{\"equals\":\"m\"},\"prices\":{\"input_mtok\":1.5e0}}]").utf8)
        #expect(try PriceData(json: whole, version: "test").validate() == 1)
        for length in 0..<whole.count {
            #expect(throws: PriceDataError.self) { try PriceData(json: Array(whole[..<length]), version: "test").validate() }
        }
    }
}
