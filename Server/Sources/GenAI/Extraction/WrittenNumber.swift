/// A number as people write it into attributes: with a dollar sign in front, commas between thousands and a unit behind.
struct WrittenNumber {
    var value: Double
    /// Seconds that one of its unit of time lasts; nil without such a unit.
    var secondsPerUnit: Double?

    private static let units: [(name: StaticString, seconds: Double)] = [
        ("ms", 0.001), ("msec", 0.001), ("s", 1), ("sec", 1), ("us", 1e-6), ("ns", 1e-9), ("min", 60), ("milliseconds", 0.001),
        ("seconds", 1),
    ]
    /// Units that say nothing about the value.
    private static let names: [StaticString] = ["tokens", "token", "USD", "usd", "$"]

    /// nil when `text` is no such number.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        let space = UInt8(ascii: " ")
        var rest = text[...]
        while rest.first == space || rest.first == UInt8(ascii: "$") { rest = rest.dropFirst() }
        let isNumeric = { (byte: UInt8) in JSONText.isPartOfNumber(byte) || byte == UInt8(ascii: ",") }
        // An exponent's letter may as well start a unit, so the digits end where no number goes on.
        let digits = rest.prefix { isNumeric($0) }
        var plain = digits.filter { $0 != UInt8(ascii: ",") }
        guard Self.hasThousands(digits) else { return nil }
        var unit = rest.dropFirst(digits.count)
        if let last = plain.last, last == UInt8(ascii: "e") || last == UInt8(ascii: "E") {
            plain.removeLast()
            unit = rest.dropFirst(digits.count - 1)
        }
        guard let value = plain.withUnsafeBufferPointer(JSONText.double) else { return nil }
        self.value = value
        while unit.first == space { unit = unit.dropFirst() }
        while unit.last == space { unit = unit.dropLast() }
        if unit.isEmpty { return }
        func matches(_ name: StaticString) -> Bool {
            unit.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }
        if let known = Self.units.first(where: { matches($0.name) }) {
            secondsPerUnit = known.seconds
        } else if !Self.names.contains(where: matches) {
            return nil
        }
    }

    /// Whether commas stand only where they part thousands.
    private static func hasThousands(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let comma = UInt8(ascii: ",")
        guard digits.contains(comma) else { return true }
        let groups = digits.prefix { $0 != UInt8(ascii: ".") }.split(separator: comma, omittingEmptySubsequences: false)
        guard let first = groups.first, 1...3 ~= first.count else { return false }
        return groups.dropFirst().allSatisfy { $0.count == 3 }
    }
}
