#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a call costs, in USD.
public struct PriceAmounts<Amount: Sendable & Equatable>: Sendable, Equatable {
    /// USD for what the model was given, cache included.
    public var input: Amount
    /// USD for what the model gave.
    public var output: Amount
    /// Input, output and what is neither (requests, searches): never less than their sum.
    public var total: Amount
}

/// The numbers a calculation is done with.
protocol PriceArithmetic {
    associatedtype Count: Comparable & SignedNumeric & Sendable
    associatedtype Amount: SignedNumeric & Sendable
    /// What `count` of a step's unit costs in a call with that many input tokens.
    static func amount(_ count: Count, _ step: PricePlan.Step, inputTokens: Count) -> Amount
    /// What a call costs by itself.
    static func request(_ plan: PricePlan, inputTokens: Count) -> Amount
}

extension PricePlan {
    /// Prices a usage (`spec/prices.md` §4.4.4–10).
    ///
    /// - Throws: ``PriceError`` with ``PriceError/Code/usage``.
    public func amounts(_ usage: Usage) throws(PriceError) -> PriceAmounts<Decimal> {
        let amounts = try amounts(usage, DecimalArithmetic.self)
        guard !amounts.total.isNaN else { throw PriceError(.usage, "the counts are too large to be priced") }
        return amounts
    }

    func amounts<A: PriceArithmetic>(_ usage: UsageCounts<A.Count>, _: A.Type) throws(PriceError) -> PriceAmounts<A.Amount> {
        if let defect { throw PriceError(.usage, "these prices cannot be used: \(defect)") }
        for entry in usage.entries where !(entry.count >= 0) {
            throw PriceError(.usage, "\(entry.unit.usageKey) must be a number ≥ 0, not \(entry.count)")
        }
        let inputTokens = isTiered ? try value(.inputTokens, usage) : 0
        var amounts = PriceAmounts<A.Amount>(input: 0, output: 0, total: 0)
        try withUnsafeTemporaryAllocation(of: A.Count.self, capacity: max(steps.count, 1)) { (parts) throws(PriceError) in
            for (index, step) in steps.enumerated() {
                var part = try value(step.unit, usage)
                var contained = step.contained
                while contained != 0 {
                    part -= parts[contained.trailingZeroBitCount]
                    contained &= contained - 1
                }
                if part < 0 { throw exceeds(step, usage) }
                parts.baseAddress.unsafelyUnwrapped.advanced(by: index).initialize(to: part)
                if part == 0 { continue }
                let amount = A.amount(part, step, inputTokens: inputTokens)
                amounts.total += amount
                switch step.direction {
                case .input: amounts.input += amount
                case .output: amounts.output += amount
                case .none: break
                }
            }
        }
        if perRequest != nil { amounts.total += A.request(self, inputTokens: inputTokens) }
        return amounts
    }

    /// The count of a priced unit. What is not reported is zero, unless something reported is part of it (§4.4.6).
    private func value<Count>(_ unit: UsageUnit, _ usage: UsageCounts<Count>) throws(PriceError) -> Count {
        if let reported = usage[unit] { return reported }
        let table = UnitTable.shared
        let wanted = unit.definition
        for entry in usage.entries where entry.count > 0 && wanted.isAncestor(of: entry.unit.definition) {
            throw PriceError(.usage, "\(entry.unit.usageKey) is reported, but \(unit.usageKey), which contains it, is not")
        }
        // Both parts of a common part: only then can that be missing.
        for (index, first) in usage.entries.enumerated() where first.count > 0 {
            let a = first.unit.definition
            guard a.isAncestor(of: wanted) else { continue }
            for second in usage.entries[(index + 1)...] where second.count > 0 {
                let b = second.unit.definition
                guard a.dimensions | b.dimensions == wanted.dimensions, !a.isAncestor(of: b), !b.isAncestor(of: a),
                    table.union(a.dimensions, b.dimensions) != nil
                else { continue }
                throw PriceError(
                    .usage, "\(a.usageKey) and \(b.usageKey) are reported, but \(unit.usageKey), which they have in common, is not")
            }
        }
        return 0
    }

    private func exceeds<Count>(_ step: Step, _ usage: UsageCounts<Count>) -> PriceError {
        let whole = usage[step.unit] ?? 0
        let parts = steps.enumerated().filter { step.contained & 1 << UInt64($0.offset) != 0 }
            .compactMap { part in usage[part.element.unit].map { (part.element.unit.usageKey, $0) } }.filter { $0.1 > 0 }
        if let larger = parts.first(where: { $0.1 > whole }) {
            return PriceError(.usage, "\(larger.0) (\(larger.1)) exceeds \(step.unit.usageKey) (\(whole)), which contains it")
        }
        let names = parts.map { "\($0.0) (\($0.1))" }.joined(separator: " and ")
        return PriceError(.usage, "\(names) together exceed \(step.unit.usageKey) (\(whole)), which contains them")
    }
}

enum DecimalArithmetic: PriceArithmetic {
    static func amount(_ count: Decimal, _ step: PricePlan.Step, inputTokens: Decimal) -> Decimal {
        let amount = count * (step.price.tiers.isEmpty ? step.price.base : step.price.rate(inputTokens: inputTokens))
        return step.per == 1 ? amount : amount / step.per
    }

    static func request(_ plan: PricePlan, inputTokens: Decimal) -> Decimal {
        (plan.perRequest?.rate(inputTokens: inputTokens) ?? 0) / Decimal(UsageUnit.requests.per)
    }
}
