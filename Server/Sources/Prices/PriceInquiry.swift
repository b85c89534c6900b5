import FoundationEssentials
public import GenAIPrices

/// A question for the price of one call, as it comes in JSON: `{"model": …, "provider": …, "api_url": …, "usage": {"input_tokens": 10},
/// "timestamp": …, "context": {"service_tier": …}}`.
public struct PriceInquiry: Sendable {
    public var model: String
    public var provider: String?
    public var apiURL: String?
    public var usage = Usage()
    public var time: PriceTime
    public var context: [String: String] = [:]

    public init(model: String, provider: String?, apiURL: String?, time: PriceTime) {
        self.model = model
        self.provider = provider
        self.apiURL = apiURL
        self.time = time
    }

    /// - Parameters:
    ///   - now: the time of calls that give none.
    /// - Throws: ``PriceInquiryError`` that names the field.
    public init(_ value: JSONValue, now: PriceTime) throws(PriceInquiryError) {
        guard case .object = value else { throw PriceInquiryError("expected an object") }
        guard let model = value["model"]?.string else { throw PriceInquiryError("model: a text is needed") }
        self.init(model: model, provider: try Self.text(value, "provider"), apiURL: try Self.text(value, "api_url"), time: now)
        if let text = try Self.text(value, "timestamp") {
            guard let time = PriceTime(text) else { throw PriceInquiryError("timestamp: must be an ISO 8601 time, not \(text)") }
            self.time = time
        }
        for member in value["usage"]?.object ?? [] where member.value != .null {
            // What the data does not count costs nothing.
            guard let unit = UsageUnit(usageKey: member.name) else { continue }
            guard let count = member.value.decimal ?? member.value.string.flatMap({ Decimal(decimalText: $0) }) else {
                throw PriceInquiryError("usage.\(member.name): must be a number")
            }
            usage[unit] = count
        }
        for member in value["context"]?.object ?? [] {
            guard let text = member.value.string else { throw PriceInquiryError("context.\(member.name): must be a text") }
            context[member.name] = text
        }
    }

    private static func text(_ value: JSONValue, _ name: String) throws(PriceInquiryError) -> String? {
        guard let member = value[name], member != .null else { return nil }
        guard let text = member.string else { throw PriceInquiryError("\(name): must be a text or null") }
        return text
    }

    /// The answer by a price list.
    public func answer(by list: PriceList) -> PriceAnswer {
        do throws(PriceError) {
            return PriceAnswer(
                try list.price(usage, model: model, provider: provider, apiURL: apiURL, at: time, context: context), model: model)
        } catch {
            return PriceAnswer(error: error.code == .usage ? "usage" : "lookup", detail: error.description)
        }
    }
}

/// Why an inquiry cannot be read.
public struct PriceInquiryError: Error, Sendable, CustomStringConvertible {
    /// One sentence that names the field.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The answer to an inquiry: a price, or why there is none.
public struct PriceAnswer: Encodable, Sendable {
    /// Ids in the price data; the provider is absent where only an override prices the model.
    public var provider: String?
    public var model: String?
    /// USD as exact decimal numbers.
    public var inputPrice: String?
    public var outputPrice: String?
    public var totalPrice: String?
    public var prices: ListedPrices?
    public var override: Int?
    /// `lookup` or `usage`.
    public var error: String?
    public var detail: String?

    init(error: String, detail: String) {
        self.error = error
        self.detail = detail
    }

    init(_ price: ExactPrice, model: String) {
        provider = price.match?.provider.id
        self.model = price.match?.model.id ?? model
        inputPrice = price.amounts.input.description
        outputPrice = price.amounts.output.description
        totalPrice = price.amounts.total.description
        prices = ListedPrices(price.prices)
        override = price.override
    }

    private enum CodingKeys: String, CodingKey {
        case provider, model, prices, override, error, detail
        case inputPrice = "input_price"
        case outputPrice = "output_price"
        case totalPrice = "total_price"
    }
}

/// Prices in JSON: a decimal number in a text, or `{"base": …, "tiers": [{"start": …, "price": …}]}`, by price key.
public struct ListedPrices: Encodable, Sendable {
    private let set: PriceSet

    public init(_ set: PriceSet) { self.set = set }

    private struct Tiered: Encodable {
        struct Tier: Encodable {
            var start: Int
            var price: String
        }
        var base: String
        var tiers: [Tier]
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for entry in set.entries {
            let key = Key(stringValue: entry.unit.priceKey)
            if entry.price.tiers.isEmpty {
                try container.encode(entry.price.base.description, forKey: key)
            } else {
                let tiers = entry.price.tiers.map { Tiered.Tier(start: $0.start, price: $0.price.description) }
                try container.encode(Tiered(base: entry.price.base.description, tiers: tiers), forKey: key)
            }
        }
    }
}
