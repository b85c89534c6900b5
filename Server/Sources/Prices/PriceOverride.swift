import GenAIPrices

/// A price that a project has set itself: negotiated, or of a model that no price list has.
public struct PriceOverride: Codable, Sendable, Equatable {
    /// Number within the project; never used again.
    public var id: Int
    /// The provider it holds for, as senders call it or by its id in the price data; nil for every provider.
    public var provider: String?
    /// The model, of any case; with `*` at the end every model that starts so.
    public var model: String
    /// Decimal numbers in USD by price key (`input_mtok`). What is not named keeps the listed price.
    public var prices: [String: String]
    /// First day (UTC) on which it holds, `YYYY-MM-DD`; nil for always.
    public var startDate: String?
    /// First day on which it no longer holds; nil for ever.
    public var endDate: String?
    public var note: String?
    /// RFC 3339.
    public var createdAt: String

    public init(
        id: Int, provider: String?, model: String, prices: [String: String], startDate: String?, endDate: String?, note: String?,
        createdAt: String
    ) {
        self.id = id
        self.provider = provider
        self.model = model
        self.prices = prices
        self.startDate = startDate
        self.endDate = endDate
        self.note = note
        self.createdAt = createdAt
    }
}

/// An override made ready for use.
struct PreparedOverride: Sendable {
    let id: Int
    let provider: String?
    let model: String
    let isPrefix: Bool
    let prices: PriceSet
    let firstDay: Int?
    let endDay: Int?

    /// - Throws: ``PriceOverrideError`` for what is no valid override.
    init(_ override: PriceOverride) throws(PriceOverrideError) {
        id = override.id
        provider = override.provider.flatMap { $0.isEmpty ? nil : $0.lowercased() }
        let name = override.model.lowercased()
        isPrefix = name.hasSuffix("*")
        model = isPrefix ? String(name.dropLast()) : name
        guard !model.isEmpty || isPrefix && provider != nil else {
            throw PriceOverrideError("model: a model is needed, or * with a provider")
        }
        guard !override.prices.isEmpty else { throw PriceOverrideError("prices: at least one price is needed") }
        var prices = PriceSet()
        for (key, text) in override.prices.sorted(by: { $0.key < $1.key }) {
            guard let unit = UsageUnit(priceKey: key) else {
                throw PriceOverrideError("prices.\(key): is no unit that can have a price; use input_mtok, output_mtok, cache_read_mtok, …")
            }
            guard let price = UnitPrice(decimalText: text) else {
                throw PriceOverrideError("prices.\(key): must be a number of USD ≥ 0, not \(text)")
            }
            prices[unit] = price
        }
        self.prices = prices
        firstDay = try Self.day(override.startDate, "start_date")
        endDay = try Self.day(override.endDate, "end_date")
        if let firstDay, let endDay, endDay <= firstDay { throw PriceOverrideError("end_date: must be after start_date") }
    }

    private static func day(_ text: String?, _ name: String) throws(PriceOverrideError) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let day = PriceTime.days(date: text) else {
            throw PriceOverrideError("\(name): must be a day such as 2026-01-31, not \(text)")
        }
        return day
    }

    func isActive(at time: PriceTime) -> Bool {
        if let firstDay, time.days < firstDay { return false }
        if let endDay, time.days >= endDay { return false }
        return true
    }

    /// Whether one of `names` (in lower case) is meant.
    func means(models names: [String], providers: [String]) -> Bool {
        if let provider, !providers.contains(provider) { return false }
        return names.contains { isPrefix ? $0.hasPrefix(model) : $0 == model }
    }

    /// Of several that fit the most particular comes first: with a provider, with a whole model name, the latest start, the newest.
    static func precedes(_ a: PreparedOverride, _ b: PreparedOverride) -> Bool {
        func rank(_ override: PreparedOverride) -> (Int, Int, Int, Int) {
            (override.provider == nil ? 0 : 1, override.isPrefix ? 0 : 1, override.firstDay ?? .min, override.id)
        }
        return rank(a) > rank(b)
    }
}

/// Why an override cannot be used.
public struct PriceOverrideError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence that names the field.
    public let description: String

    init(_ description: String) { self.description = description }
}
