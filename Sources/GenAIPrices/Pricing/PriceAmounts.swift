#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a call costs, in USD.
public struct PriceAmounts: Sendable, Equatable {
    public var input: Decimal
    public var output: Decimal
    /// Input, output and what is neither (requests, searches): never less than their sum.
    public var total: Decimal
}

extension PricePlan {
    /// Prices a usage (`spec/prices.md` §4.4.4–10).
    ///
    /// - Throws: ``PriceError`` with ``PriceError/Code/usage``.
    public func amounts(_ usage: Usage) throws(PriceError) -> PriceAmounts {
        if let defect { throw PriceError(.usage, "these prices cannot be used: \(defect)") }
        for entry in usage.entries where !(entry.count >= 0) {
            throw PriceError(.usage, "\(entry.unit.usageKey) must be a number ≥ 0, not \(entry.count)")
        }
        let inputTokens = isTiered ? try value(.inputTokens, usage) : 0
        var amounts = PriceAmounts(input: 0, output: 0, total: 0)
        try withUnsafeTemporaryAllocation(of: Decimal.self, capacity: max(steps.count, 1)) { (parts) throws(PriceError) in
            for (index, step) in steps.enumerated() {
                var part = try value(step.unit, usage)
                var contained = step.contained
                while contained != 0 {
                    let inner = contained.trailingZeroBitCount
                    part -= parts[inner]
                    contained &= contained - 1
                }
                if part < 0 { throw exceeds(step, usage) }
                parts.baseAddress.unsafelyUnwrapped.advanced(by: index).initialize(to: part)
                if part == 0 { continue }
                var amount = part * (step.price.tiers.isEmpty ? step.price.base : step.price.rate(inputTokens: inputTokens))
                if step.per != 1 { amount /= step.per }
                amounts.total += amount
                switch step.direction {
                case .input: amounts.input += amount
                case .output: amounts.output += amount
                case .none: break
                }
            }
        }
        if let perRequest {
            amounts.total += perRequest.rate(inputTokens: inputTokens) / Decimal(UsageUnit.requests.per)
        }
        guard !amounts.total.isNaN else { throw PriceError(.usage, "the counts are too large to be priced") }
        return amounts
    }

    /// The count of a priced unit. What is not reported is zero, unless something reported is part of it (§4.4.6).
    private func value(_ unit: UsageUnit, _ usage: Usage) throws(PriceError) -> Decimal {
        if let reported = usage[unit] { return reported }
        let table = UnitTable.shared
        let dimensions = unit.definition.dimensions
        for entry in usage.entries where entry.count > 0 && unit.definition.isAncestor(of: entry.unit.definition) {
            throw PriceError(.usage, "\(entry.unit.usageKey) is reported, but \(unit.usageKey), which contains it, is not")
        }
        // Both parts of a common part: only then can that be missing.
        for (index, first) in usage.entries.enumerated() where first.count > 0 {
            let a = first.unit.definition
            guard a.dimensions & dimensions == a.dimensions else { continue }
            for second in usage.entries[(index + 1)...] where second.count > 0 {
                let b = second.unit.definition
                guard a.dimensions | b.dimensions == dimensions, !a.isAncestor(of: b), !b.isAncestor(of: a),
                    table.union(a.dimensions, b.dimensions) != nil
                else { continue }
                throw PriceError(
                    .usage, "\(a.usageKey) and \(b.usageKey) are reported, but \(unit.usageKey), which they have in common, is not")
            }
        }
        return 0
    }

    private func exceeds(_ step: Step, _ usage: Usage) -> PriceError {
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
