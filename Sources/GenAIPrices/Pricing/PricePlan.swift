#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Prices prepared for the arithmetic: which unit contains which, and in what order counts are taken apart.
public final class PricePlan: Sendable {
    struct Step: Sendable {
        var unit: UsageUnit
        var price: UnitPrice
        /// What the rate is for; 1 when it was worked into the rates.
        var per: Decimal
        /// The price as a whole number of ``PricePlan/scale``; nil without a scale.
        var whole: WholePrice?
        var direction: PriceDirection
        /// The steps before this one whose units are part of this one's.
        var contained: UInt64
    }

    /// The prices as they are given.
    public let prices: PriceSet
    /// Most specific units first, equally specific ones by name.
    let steps: [Step]
    let isTiered: Bool
    /// Whether every call costs something by itself, and what.
    let perRequest: UnitPrice?
    /// All prices are whole numbers of 10⁻ˢᶜᵃˡᵉ USD for one of their unit; nil when there is no such scale up to 22.
    let scale: Int?
    let wholePerRequest: WholePrice?
    /// Why these prices cannot be used (§4.4.7), nil when they can.
    public let defect: String?

    /// Prepares prices. A set that cannot be used is told by ``defect``.
    public init(_ prices: PriceSet) {
        self.prices = prices
        let table = UnitTable.shared
        let counted = prices.entries.filter { $0.unit != .requests }.map { ($0.unit, table.definitions[Int($0.unit.index)], $0.price) }
            .sorted { a, b in (b.1.dimensionCount, a.1.usageKey) < (a.1.dimensionCount, b.1.usageKey) }
        var steps: [Step] = []
        for (unit, definition, price) in counted {
            var contained: UInt64 = 0
            for (index, step) in steps.enumerated() where definition.isAncestor(of: step.unit.definition) {
                contained |= 1 << UInt64(index)
            }
            let (scaled, per) = Self.scaled(price, per: definition.per)
            steps.append(Step(unit: unit, price: scaled, per: per, direction: definition.direction, contained: contained))
        }
        let request = prices[.requests].map { Self.scaled($0, per: UsageUnit.requests.per).0 }
        scale = Self.commonScale(steps, request)
        wholePerRequest = scale.flatMap { scale in request.flatMap { WholePrice($0, scale: scale) } }
        if let scale {
            for index in steps.indices { steps[index].whole = WholePrice(steps[index].price, scale: scale) }
        }
        self.steps = steps
        isTiered = prices.entries.contains { !$0.price.tiers.isEmpty }
        perRequest = prices[.requests]
        defect = Self.defect(counted.map(\.1), table)
    }

    /// The price with the power of ten that `per` is worked in: exact, and cheaper than a division for every call.
    private static func scaled(_ price: UnitPrice, per: Int) -> (UnitPrice, Decimal) {
        var exponent = 0
        var rest = per
        while rest > 1, rest % 10 == 0 {
            rest /= 10
            exponent -= 1
        }
        guard rest == 1 else { return (price, Decimal(per)) }
        func shifted(_ amount: Decimal) -> Decimal {
            amount == 0 ? amount : Decimal(sign: .plus, exponent: exponent, significand: amount)
        }
        let tiers = price.tiers.map { UnitPrice.Tier(start: $0.start, price: shifted($0.price)) }
        return (UnitPrice(base: shifted(price.base), tiers: tiers), 1)
    }

    private static func commonScale(_ steps: [Step], _ request: UnitPrice?) -> Int? {
        var scale = 0
        for price in steps.map(\.price) + (request.map { [$0] } ?? []) {
            for amount in [price.base] + price.tiers.map(\.price) where amount != 0 { scale = max(scale, -amount.exponent) }
        }
        guard scale <= 22, steps.allSatisfy({ $0.per == 1 && WholePrice($0.price, scale: scale) != nil }) else { return nil }
        if let request, WholePrice(request, scale: scale) == nil { return nil }
        return scale
    }

    /// A set must price everything its units are part of, and everything that two of its units have in common.
    private static func defect(_ units: [UnitDefinition], _ table: UnitTable) -> String? {
        let priced = Set(units.map(\.dimensions))
        for unit in units.sorted(by: { $0.usageKey < $1.usageKey }) {
            for wider in table.definitions where wider.isAncestor(of: unit) && !priced.contains(wider.dimensions) {
                return "\(unit.priceKey) needs a price for \(wider.priceKey) too"
            }
        }
        for (index, first) in units.enumerated() {
            for second in units[(index + 1)...] {
                guard let union = table.union(first.dimensions, second.dimensions), !priced.contains(union) else { continue }
                guard let join = table.unit(dimensions: union) else {
                    return "\(first.priceKey) and \(second.priceKey) overlap in a unit that does not exist"
                }
                return "\(first.priceKey) and \(second.priceKey) together need a price for \(join.priceKey)"
            }
        }
        return nil
    }
}
