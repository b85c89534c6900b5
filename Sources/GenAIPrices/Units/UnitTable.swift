/// The units of the data, read once from the program's own table.
struct UnitTable: Sendable {
    private(set) var definitions: [UnitDefinition] = []
    private(set) var byUsageKey: [String: UsageUnit] = [:]
    private(set) var byPriceKey: [String: UsageUnit] = [:]
    private var byDimensions: [UInt64: UsageUnit] = [:]
    /// For every dimension the bits of its values.
    private var dimensionMasks: [String: UInt64] = [:]
    private var dimensionBits: [String: UInt64] = [:]

    /// The table of the program. Should the program's own table be unreadable, it is empty and every price is refused; the tests make
    /// sure that it is not.
    static let shared: UnitTable = {
        do {
            return try UnitTable(PriceBytes.embeddedUnits)
        } catch {
            assertionFailure("the embedded unit table cannot be read: \(error)")
            return UnitTable()
        }
    }()

    private init() {}

    init(_ source: PriceBytes) throws(PriceDataError) {
        var scanner = JSONScanner(source.bytes)
        guard case .object(let members) = try scanner.value() else { throw .invalid("", "expected an object of units") }
        try scanner.end()
        for member in members {
            guard case .number(let perText)? = member.value["per"], let per = Int(perText), per > 0,
                let priceKey = member.value["price_key"]?.string ?? Optional(member.name),
                let dimensions = member.value["dimensions"]?.object, definitions.count < 255
            else { throw .invalid(member.name, "expected per, price_key and dimensions") }
            var bits: UInt64 = 0
            for dimension in dimensions {
                guard let value = dimension.value.string else { throw .invalid(member.name, "a dimension is no string") }
                bits |= try bit(of: dimension.name, value)
            }
            let direction: PriceDirection =
                switch member.value["dimensions"]?["direction"]?.string {
                case "input": .input
                case "output": .output
                default: .none
                }
            let unit = UsageUnit(definitions.count)
            definitions.append(
                UnitDefinition(usageKey: member.name, priceKey: priceKey, per: per, direction: direction, dimensions: bits))
            byUsageKey[member.name] = unit
            byPriceKey[priceKey] = unit
            byDimensions[bits] = unit
        }
    }

    private mutating func bit(of dimension: String, _ value: String) throws(PriceDataError) -> UInt64 {
        let name = "\(dimension)=\(value)"
        if let known = dimensionBits[name] { return known }
        guard dimensionBits.count < 64 else { throw .invalid(name, "more than 64 values of dimensions") }
        let bit = UInt64(1) << UInt64(dimensionBits.count)
        dimensionBits[name] = bit
        dimensionMasks[dimension, default: 0] |= bit
        return bit
    }

    /// The bits of what both units say; nil when they contradict each other in a dimension.
    func union(_ a: UInt64, _ b: UInt64) -> UInt64? {
        let union = a | b
        for mask in dimensionMasks.values where (union & mask).nonzeroBitCount > 1 { return nil }
        return union
    }

    /// The unit that exactly these dimensions describe.
    func unit(dimensions: UInt64) -> UsageUnit? { byDimensions[dimensions] }

    /// A unit that the program refers to by name. Missing ones share the last number, which no table reaches.
    static func known(_ usageKey: String) -> UsageUnit {
        guard let unit = shared.byUsageKey[usageKey] else {
            assertionFailure("the embedded unit table has no \(usageKey)")
            return UsageUnit(255)
        }
        return unit
    }
}
