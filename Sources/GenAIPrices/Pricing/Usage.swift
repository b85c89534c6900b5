#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a call used: counts by unit. A unit that is absent was not reported, which is not the same as zero.
///
/// Counts of parts (cached tokens, audio tokens) are contained in the counts of the whole (input tokens).
public struct UsageCounts<Count: Comparable & SignedNumeric & Sendable>: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        var unit: UsageUnit
        var count: Count
    }

    private(set) var entries: [Entry] = []

    /// Counts in which nothing is reported.
    public init() {}

    /// The count of a unit, ≥ 0; nil when not reported.
    ///
    /// Setting a negative or undefined number is remembered and refused by the calculation.
    public subscript(unit: UsageUnit) -> Count? {
        get { entries.first { $0.unit == unit }?.count }
        set {
            let index = entries.firstIndex { $0.unit == unit }
            switch (index, newValue) {
            case (let index?, let count?): entries[index].count = count
            case (let index?, nil): entries.remove(at: index)
            case (nil, let count?): entries.append(Entry(unit: unit, count: count))
            case (nil, nil): break
            }
        }
    }

    /// Forgets everything and keeps the memory.
    public mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    /// Whether nothing is reported.
    public var isEmpty: Bool { entries.isEmpty }

    /// What is reported, in the order it was set.
    public var counts: [(unit: UsageUnit, count: Count)] { entries.map { ($0.unit, $0.count) } }

    /// Adds the counts of another call of the same model, or of another part of a stream.
    public static func + (a: Self, b: Self) -> Self {
        var sum = a
        for entry in b.entries { sum[entry.unit] = (sum[entry.unit] ?? 0) + entry.count }
        return sum
    }
}

/// Counts of any kind, exact to 38 digits.
public typealias Usage = UsageCounts<Decimal>

/// Whole counts, which most are: priced many times faster.
public typealias TokenUsage = UsageCounts<Int64>

extension UsageCounts<Decimal> {
    /// The same counts as decimals, exactly.
    public init(_ usage: TokenUsage) {
        for entry in usage.entries { self[entry.unit] = Decimal(entry.count) }
    }
}
