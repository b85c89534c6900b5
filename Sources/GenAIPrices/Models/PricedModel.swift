import Synchronization

/// A model of a provider with its prices.
public final class PricedModel: Sendable {
    /// Prices that hold for some time, or always.
    public struct Period: Sendable {
        /// When these prices hold; nil is always.
        public let constraint: PriceConstraint?
        /// The prices of that time.
        public let prices: PriceSet
        let plan: PricePlan
    }

    /// Prices that hold instead of the standard ones for calls of a kind, such as batches or a service tier.
    public struct Variant: Sendable {
        /// The context a call must have, all of it.
        public let when: [String: String]
        /// When these prices hold; nil is always.
        public let constraint: PriceConstraint?
        /// The prices that replace standard ones, unit by unit; other units keep theirs.
        public let prices: PriceSet
    }

    /// The model's id in the data, such as `gpt-4o`.
    public let id: String
    /// The name for people; nil when the data has none.
    public let name: String?
    /// Tokens.
    public let contextWindow: Int?
    /// Whether the data marks the model as no longer offered; its calls are priced all the same.
    public let isDeprecated: Bool
    /// Position among the models of its provider.
    public let index: Int
    /// The name's condition, as it is written in the data.
    public let match: JSONValue
    /// A later one outweighs an earlier one.
    public let periods: [Period]
    /// An earlier one outweighs a later one.
    public let variants: [Variant]
    /// Plans of prices with variants, by period and variants.
    private let variantPlans = Mutex<[UInt64: PricePlan]>([:])

    init(_ value: JSONValue, index: Int) throws(PriceDataError) {
        guard let id = value["id"]?.string, !id.isEmpty else { throw .invalid("id", "expected a string") }
        self.id = id
        self.index = index
        name = value["name"]?.string
        contextWindow = value["context_window"].flatMap { if case .number(let text) = $0 { Int(text) } else { nil } }
        isDeprecated = value["deprecated"] == .bool(true)
        match = value["match"] ?? .null
        guard let prices = value["prices"] else { throw .invalid("prices", "is missing") }
        periods = try Self.periods(prices)
        variants = try Self.variants(value["price_variants"])
    }

    private static func periods(_ value: JSONValue) throws(PriceDataError) -> [Period] {
        func period(_ constraint: PriceConstraint?, _ value: JSONValue, _ path: String) throws(PriceDataError) -> Period {
            do throws(PriceDataError) {
                let prices = try PriceSet(value)
                return Period(constraint: constraint, prices: prices, plan: PricePlan(prices))
            } catch {
                throw error.under(path)
            }
        }
        guard let elements = value.array else { return [try period(nil, value, "prices")] }
        guard !elements.isEmpty else { throw .invalid("prices", "is an empty array") }
        var periods: [Period] = []
        for (index, element) in elements.enumerated() {
            guard let prices = element["prices"] else { throw .invalid("prices[\(index)].prices", "is missing") }
            periods.append(try period(try constraint(element, "prices[\(index)]"), prices, "prices[\(index)].prices"))
        }
        return periods
    }

    private static func variants(_ value: JSONValue?) throws(PriceDataError) -> [Variant] {
        guard let value, value != .null else { return [] }
        guard let elements = value.array, elements.count <= 48 else {
            throw .invalid("price_variants", "expected an array of at most 48 variants")
        }
        var variants: [Variant] = []
        for (index, element) in elements.enumerated() {
            let path = "price_variants[\(index)]"
            guard let when = element["when"]?.object, let prices = element["prices"] else {
                throw .invalid(path, "expected when and prices")
            }
            var conditions: [String: String] = [:]
            for condition in when {
                guard let text = condition.value.string else { throw .invalid("\(path).when.\(condition.name)", "expected a string") }
                conditions[condition.name] = text
            }
            do throws(PriceDataError) {
                variants.append(Variant(when: conditions, constraint: try constraint(element, ""), prices: try PriceSet(prices)))
            } catch {
                throw error.under(path)
            }
        }
        return variants
    }

    private static func constraint(_ element: JSONValue, _ path: String) throws(PriceDataError) -> PriceConstraint? {
        guard let value = element["constraint"], value != .null else { return nil }
        do throws(PriceDataError) {
            return try PriceConstraint(value)
        } catch {
            throw error.under("constraint").under(path)
        }
    }

    // MARK: What holds

    /// The standard prices that hold at a time (`spec/prices.md` §4.4.1).
    public func period(at time: PriceTime) -> Period { periods[periodIndex(at: time)] }

    /// Index of that period in ``periods``.
    public func periodIndex(at time: PriceTime) -> Int {
        if periods.count == 1 { return 0 }
        return periods.lastIndex { $0.constraint?.isActive(at: time) ?? true } ?? 0
    }

    /// The plan of the prices that hold for a call (§4.4.1–2).
    func plan(at time: PriceTime, context: [String: String]) -> PricePlan {
        let period = periodIndex(at: time)
        guard !context.isEmpty, !variants.isEmpty else { return periods[period].plan }
        var mask: UInt64 = 0
        for (index, variant) in variants.enumerated() where variant.constraint?.isActive(at: time) ?? true {
            if variant.when.allSatisfy({ context[$0.key] == $0.value }) { mask |= 1 << UInt64(index) }
        }
        guard mask != 0 else { return periods[period].plan }
        let key = mask << 16 | UInt64(period)
        return variantPlans.withLock { plans in
            if let plan = plans[key] { return plan }
            var overlay = PriceSet()
            for (index, variant) in variants.enumerated() where mask & 1 << UInt64(index) != 0 {
                for entry in variant.prices.entries where overlay[entry.unit] == nil { overlay[entry.unit] = entry.price }
            }
            let plan = PricePlan(periods[period].prices.replacing(with: overlay))
            plans[key] = plan
            return plan
        }
    }
}
