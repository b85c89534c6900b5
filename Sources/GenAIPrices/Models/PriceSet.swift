#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a unit costs.
public struct UnitPrice: Sendable, Equatable {
    /// From how many input tokens on another rate holds.
    public struct Tier: Sendable, Equatable {
        /// The rate holds for calls with more input tokens than this.
        public var start: Int
        /// USD for ``UsageUnit/per`` of the unit, for all of the call's, not only those beyond the start.
        public var price: Decimal

        /// A rate for calls with more than `start` input tokens.
        public init(start: Int, price: Decimal) {
            self.start = start
            self.price = price
        }
    }

    /// USD for ``UsageUnit/per`` of the unit.
    public var base: Decimal
    /// With rising starts; empty when the price does not depend on the size of the call.
    public var tiers: [Tier]

    /// A price in USD; without tiers it is the same for calls of any size.
    public init(base: Decimal, tiers: [Tier] = []) {
        self.base = base
        self.tiers = tiers
    }

    /// A price without tiers from a decimal number ≥ 0; nil for other text.
    public init?(decimalText text: String) {
        guard let amount = Decimal(decimalText: text), amount >= 0 else { return nil }
        self.init(base: amount)
    }

    init(_ value: JSONValue) throws(PriceDataError) {
        switch value {
        case .number: self.init(base: try Self.amount(value))
        case .object:
            guard let base = value["base"], let written = value["tiers"]?.array else { throw .invalid("", "expected base and tiers") }
            var tiers: [Tier] = []
            for (index, tier) in written.enumerated() {
                guard case .number(let startText)? = tier["start"], let start = Int(startText), start >= 0, let price = tier["price"] else {
                    throw .invalid("tiers[\(index)]", "expected start (an integer ≥ 0) and price")
                }
                if let last = tiers.last, start < last.start { throw .invalid("tiers[\(index)]", "tiers must have rising starts") }
                tiers.append(Tier(start: start, price: try Self.amount(price)))
            }
            self.init(base: try Self.amount(base), tiers: tiers)
        default: throw .invalid("", "expected a number or an object with base and tiers, not \(value.kindName)")
        }
    }

    private static func amount(_ value: JSONValue) throws(PriceDataError) -> Decimal {
        guard let amount = value.decimal, amount >= 0 else { throw .invalid("", "expected a number ≥ 0") }
        return amount
    }

    /// The rate for a call with that many input tokens.
    func rate(inputTokens: Decimal) -> Decimal {
        for tier in tiers.reversed() where inputTokens > Decimal(tier.start) { return tier.price }
        return base
    }
}

/// The prices of a model: what each unit costs. Units without a price are part of a wider unit that has one.
public struct PriceSet: Sendable, Equatable {
    /// A unit with its price.
    public struct Entry: Sendable, Equatable {
        /// What is priced.
        public var unit: UsageUnit
        /// What it costs, in USD.
        public var price: UnitPrice

        /// A unit and what it costs.
        public init(unit: UsageUnit, price: UnitPrice) {
            self.unit = unit
            self.price = price
        }
    }

    /// In the order of the data.
    public private(set) var entries: [Entry] = []

    /// A set in which nothing has a price.
    public init() {}

    init(_ value: JSONValue) throws(PriceDataError) {
        guard case .object(let members) = value else { throw .invalid("", "expected an object of prices, not \(value.kindName)") }
        for member in members where member.value != .null {
            guard let unit = UsageUnit(priceKey: member.name) else { throw .invalid(member.name, "is no unit that can have a price") }
            do throws(PriceDataError) {
                self[unit] = try UnitPrice(member.value)
            } catch {
                throw error.under(member.name)
            }
        }
    }

    /// The price of a unit; nil when it has none of its own. Setting nil removes it.
    public subscript(unit: UsageUnit) -> UnitPrice? {
        get { entries.first { $0.unit == unit }?.price }
        set {
            let index = entries.firstIndex { $0.unit == unit }
            switch (index, newValue) {
            case (let index?, let price?): entries[index].price = price
            case (let index?, nil): entries.remove(at: index)
            case (nil, let price?): entries.append(Entry(unit: unit, price: price))
            case (nil, nil): break
            }
        }
    }

    /// Whether nothing has a price.
    public var isEmpty: Bool { entries.isEmpty }

    /// These prices with those of `other` put over them.
    public func replacing(with other: PriceSet) -> PriceSet {
        var result = self
        for entry in other.entries { result[entry.unit] = entry.price }
        return result
    }
}
