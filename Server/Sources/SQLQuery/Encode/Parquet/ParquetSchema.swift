/// The schema of a Parquet file: a tree flattened in pre-order, and its leaves.
struct ParquetSchema {
    /// Physical types by their number in the format.
    enum Physical: Int {
        case boolean = 0, int32 = 1, int64 = 2, float = 4, double = 5, bytes = 6, fixed = 7
    }

    /// What a number or text means, in the current and the older notation.
    enum Meaning {
        case none, text, list, map, unknown, date
        case integer(bits: Int, isSigned: Bool)
        case decimal(width: Int, scale: Int)
        case time(places: Int)
        case timestamp(places: Int, isUTC: Bool)
    }

    private enum Repetition: Int { case required, optional, repeated }

    private struct Element {
        var name: String
        var repetition: Repetition?
        var physical: Physical?
        var childCount: Int?
        var meaning = Meaning.none
    }

    /// A column of values, with the deepest levels that it has.
    struct Leaf {
        var path: [String]
        var physical: Physical
        var definition: Int
        var repetition: Int
    }

    private var elements: [Element] = []
    private(set) var leaves: [Leaf] = []

    init(names: [String], types: [WireType]) {
        elements.append(Element(name: "schema", repetition: nil, physical: nil, childCount: names.count))
        for (name, type) in zip(names, types) {
            add(WireType.Field(name: name, type: type), path: [], definition: 0, repetition: 0)
        }
    }

    private mutating func add(_ field: WireType.Field, path: [String], definition: Int, repetition: Int) {
        let path = path + [field.name]
        let definition = definition + (field.isNullable ? 1 : 0)
        let own: Repetition = field.isNullable ? .optional : .required
        switch field.type {
        case .structure(let members):
            elements.append(Element(name: field.name, repetition: own, physical: nil, childCount: members.count))
            for member in members { add(member, path: path, definition: definition, repetition: repetition) }
        case .list(let element):
            elements.append(Element(name: field.name, repetition: own, physical: nil, childCount: 1, meaning: .list))
            elements.append(Element(name: "list", repetition: .repeated, physical: nil, childCount: 1))
            add(
                WireType.Field(name: "element", type: element), path: path + ["list"], definition: definition + 1,
                repetition: repetition + 1)
        case .map(let key, let value):
            elements.append(Element(name: field.name, repetition: own, physical: nil, childCount: 1, meaning: .map))
            elements.append(Element(name: "key_value", repetition: .repeated, physical: nil, childCount: 2))
            let inner = path + ["key_value"]
            add(
                WireType.Field(name: "key", type: key, isNullable: false), path: inner, definition: definition + 1,
                repetition: repetition + 1)
            add(WireType.Field(name: "value", type: value), path: inner, definition: definition + 1, repetition: repetition + 1)
        default:
            let (physical, meaning) = Self.leaf(field.type)
            elements.append(Element(name: field.name, repetition: own, physical: physical, childCount: nil, meaning: meaning))
            leaves.append(Leaf(path: path, physical: physical, definition: definition, repetition: repetition))
        }
    }

    private static func leaf(_ type: WireType) -> (Physical, Meaning) {
        switch type {
        case .boolean: (.boolean, .none)
        case .integer(let bits, let isSigned):
            (bits == 64 ? .int64 : .int32, isSigned && bits >= 32 ? .none : .integer(bits: bits, isSigned: isSigned))
        case .float: (.float, .none)
        case .double: (.double, .none)
        case .decimal(let width, let scale): (.fixed, .decimal(width: width, scale: scale))
        case .date: (.int32, .date)
        case .time(let places): (.int64, .time(places: places))
        // The format has no seconds.
        case .timestamp(let places, let isUTC): (.int64, .timestamp(places: max(places, 3), isUTC: isUTC))
        case .binary: (.bytes, .none)
        // The format's own intervals end at milliseconds, so they are ISO 8601 texts.
        case .utf8, .interval: (.bytes, .text)
        case .null, .list, .structure, .map: (.int32, .unknown)
        }
    }

    func write(_ id: Int16, to thrift: inout ThriftCompact) {
        thrift.list(id, elements) { thrift, element in
            if let physical = element.physical { thrift.int32(1, physical.rawValue) }
            if element.physical == .fixed { thrift.int32(2, 16) }
            if let repetition = element.repetition { thrift.int32(3, repetition.rawValue) }
            thrift.text(4, element.name)
            if let count = element.childCount { thrift.int32(5, count) }
            Self.write(element.meaning, to: &thrift)
        }
    }

    private static func write(_ meaning: Meaning, to thrift: inout ThriftCompact) {
        func both(converted: Int?, _ kind: Int16, _ body: (inout ThriftCompact) -> Void = { _ in }) {
            if let converted { thrift.int32(6, converted) }
            if case .decimal(let width, let scale) = meaning {
                thrift.int32(7, scale)
                thrift.int32(8, width)
            }
            thrift.structure(10) { $0.structure(kind, body) }
        }
        switch meaning {
        case .none: return
        case .text: both(converted: 0, 1)
        case .map: both(converted: 1, 2)
        case .list: both(converted: 3, 3)
        case .unknown: both(converted: nil, 11)
        case .date: both(converted: 6, 6)
        case .integer(let bits, let isSigned):
            let step = bits == 8 ? 0 : bits == 16 ? 1 : bits == 32 ? 2 : 3
            both(converted: (isSigned ? 15 : 11) + step, 10) {
                $0.byte(1, Int8(bits))
                $0.bool(2, isSigned)
            }
        case .decimal(let width, let scale):
            both(converted: 5, 5) {
                $0.int32(1, scale)
                $0.int32(2, width)
            }
        case .time(let places):
            both(converted: places == 6 ? 8 : nil, 7) { Self.unit(places, isUTC: false, to: &$0) }
        case .timestamp(let places, let isUTC):
            // The older notation always means UTC.
            let old = !isUTC ? nil : places == 3 ? 9 : places == 6 ? 10 : nil
            both(converted: old, 8) { Self.unit(places, isUTC: isUTC, to: &$0) }
        }
    }

    private static func unit(_ places: Int, isUTC: Bool, to thrift: inout ThriftCompact) {
        thrift.bool(1, isUTC)
        thrift.structure(2) { $0.structure(Int16(places / 3)) { _ in } }
    }
}
