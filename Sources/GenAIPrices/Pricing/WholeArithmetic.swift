#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A price as a whole number of some small fraction of a dollar.
struct WholePrice: Sendable {
    var base: Int64
    var tiers: [(start: Int64, price: Int64)]

    func rate(inputTokens: Int64) -> Int64 {
        if tiers.isEmpty { return base }
        for tier in tiers.reversed() where inputTokens > tier.start { return tier.price }
        return base
    }
}

extension WholePrice {
    /// - Parameter scale: the price is counted in 10⁻ˢᶜᵃˡᵉ USD; nil when it is no whole number of that or does not fit.
    init?(_ price: UnitPrice, scale: Int) {
        func whole(_ amount: Decimal) -> Int64? {
            if amount == 0 { return 0 }
            let shifted = Decimal(sign: .plus, exponent: scale, significand: amount)
            // The only exact way out of a decimal that needs no other library; done once for every price.
            guard let number = Int64(shifted.description), number < 1 << 62 else { return nil }
            return number
        }
        guard let base = whole(price.base) else { return nil }
        var tiers: [(start: Int64, price: Int64)] = []
        for tier in price.tiers {
            guard let rate = whole(tier.price) else { return nil }
            tiers.append((Int64(tier.start), rate))
        }
        self.base = base
        self.tiers = tiers
    }
}

/// Whole counts times whole prices: exact, without a decimal in sight.
enum WholeArithmetic: PriceArithmetic {
    /// Counts below this cannot overflow a sum of products.
    static let limit: Int64 = 1 << 53

    static func amount(_ count: Int64, _ step: PricePlan.Step, inputTokens: Int64) -> Int128 {
        Int128(count) * Int128(step.whole?.rate(inputTokens: inputTokens) ?? 0)
    }

    static func request(_ plan: PricePlan, inputTokens: Int64) -> Int128 {
        Int128(plan.wholePerRequest?.rate(inputTokens: inputTokens) ?? 0)
    }
}

extension PricePlan {
    /// Prices whole counts. As exact as ``amounts(_:)-(Usage)``, rounded once to the nearest `Double`.
    ///
    /// - Throws: ``PriceError`` with ``PriceError/Code/usage``.
    public func dollars(_ usage: TokenUsage) throws(PriceError) -> PriceAmounts<Double> {
        guard let scale, usage.entries.allSatisfy({ $0.count < WholeArithmetic.limit }) else { return try decimalDollars(usage) }
        let amounts = try amounts(usage, WholeArithmetic.self)
        // Beyond, the number itself would be rounded before it is divided: twice, where decimals are rounded once.
        let largest = max(amounts.input.magnitude, amounts.output.magnitude, amounts.total.magnitude)
        guard largest <= 1 << 53 else { return try decimalDollars(usage) }
        let unit = Self.powers[scale]
        return PriceAmounts(input: Double(amounts.input) / unit, output: Double(amounts.output) / unit, total: Double(amounts.total) / unit)
    }

    private func decimalDollars(_ usage: TokenUsage) throws(PriceError) -> PriceAmounts<Double> {
        let amounts = try amounts(Usage(usage))
        return PriceAmounts(
            input: Double(amounts.input.description) ?? .nan, output: Double(amounts.output.description) ?? .nan,
            total: Double(amounts.total.description) ?? .nan)
    }

    /// 10⁰ … 10²², each exact.
    static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
