import Foundation
import TelemetryModel

/// A small deterministic generator (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}

/// Makes random OTLP requests that reach every rule of the mapping: known and unknown names, repeated names, all kinds of values,
/// nested values, empty and odd texts, absurd times.
struct RandomOTLP {
    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    // MARK: Texts

    private static let pieces = [
        "a", "abcdefg", "abcdefgh", "abcdefghi", " ", "\"", "\\", "/", "\n", "\r\n", "\t", "\u{0}", "\u{1}", "\u{1f}", "\u{7f}", "é",
        "e\u{301}",
        "ß", "漢字", "👩‍👩‍👧", "\u{202e}rtl", "\u{fffd}", "\u{ffff}", "\u{10ffff}", "\u{2028}", "logfire", "0", "-1", "<&>", "{", "}", "[", "]",
        ":", ",",
    ]

    mutating func text(_ longest: Int = 6) -> String {
        (0..<random.below(longest + 1)).map { _ in random.pick(Self.pieces) }.joined()
    }

    /// Text that is JSON, or nearly.
    mutating func jsonText() -> String {
        random.pick([
            "{}", "[]", "null", "{\"a\":1}", " [1, 2.5e3, true, null] ", "{\"a\":{\"b\":[\"x\\u00e9\\ud83d\\ude00\"]}}", "\"text\"",
            "12.50", "-0",
            "1e999", "{\"a\":1,\"a\":2}", "[\"\\\\\\\"\\n\"]", "{\"é\":\"漢\"}",
            String(repeating: "[", count: 128) + String(repeating: "]", count: 128),
            // Not JSON:
            "", " ", "{", "[1,]", "{'a':1}", "01", "1.", ".5", "+1", "NaN", "tru", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "[1] 2",
            "\"\n\"", "{\"a\"}",
            "{\"a\":1,}", "\u{feff}1", String(repeating: "[", count: 129) + String(repeating: "]", count: 129),
        ])
    }

    // MARK: Values

    mutating func value(depth: Int = 3) -> AnyValue {
        var value = AnyValue()
        switch random.below(depth > 0 ? 11 : 8) {
        case 0: break
        case 1, 2, 3: value.stringValue = random.chance(20) ? jsonText() : text()
        case 4: value.boolValue = random.chance(50)
        case 5: value.intValue = random.pick([0, 1, -1, 42, .min, .max, 1 << 53 + 1, Int64(bitPattern: random.next())])
        case 6: value.doubleValue = double()
        case 7: value.bytesValue = Data((0..<random.below(8)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        case 8, 9: value.arrayValue.values = (0..<random.below(4)).map { _ in self.value(depth: depth - 1) }
        default:
            value.kvlistValue.values = (0..<random.below(5)).map { _ in
                pair(random.pick(["a", "b", "c", "", "é", text(2)]), self.value(depth: depth - 1))
            }
        }
        return value
    }

    mutating func double() -> Double {
        random.pick([
            0, -0.0, 1, -1, 0.1, 0.3, 2.5, 1e15, 1e16, 1e-5, 9.99e-6, 123_456.789, 0.000123456789, 1.0 / 3, .pi, 5e-324,
            .greatestFiniteMagnitude, .nan,
            .infinity, -.infinity, 100, 4_503_599_627_370_497.5, Double(random.below(1_000_000)) / 1000, Double(bitPattern: random.next()),
        ])
    }

    func pair(_ key: String, _ value: AnyValue) -> KeyValue {
        var pair = KeyValue()
        pair.key = key
        // An absent value and an empty one are both NULL.
        if value.value != nil { pair.value = value }
        return pair
    }

    func string(_ text: String) -> AnyValue {
        var value = AnyValue()
        value.stringValue = text
        return value
    }

    func int(_ number: Int64) -> AnyValue {
        var value = AnyValue()
        value.intValue = number
        return value
    }

    // MARK: Attributes

    mutating func attributes() -> [KeyValue] {
        var attributes: [KeyValue] = []
        for _ in 0..<random.below(10) {
            let name =
                switch random.below(4) {
                // Tags are made apart: the reference knows only strings and scalars in them.
                case 0: random.pick(AttributeKey.allCases.filter { $0 != .logfireTags }).rawValue
                case 1: random.pick(["a", "b", "plain", "structured", "listed.é"])
                default: text(3)
                }
            attributes.append(pair(name, value()))
        }
        if random.chance(60) { attributes.append(contentsOf: logfireAttributes()) }
        if random.chance(15) { attributes.append(contentsOf: (0..<70).map { pair("many.\($0 % 60)", int(Int64($0))) }) }
        attributes.shuffle(using: &random)
        return attributes
    }

    private mutating func logfireAttributes() -> [KeyValue] {
        var attributes: [KeyValue] = []
        let types = ["span", "log", "pending_span", "annotation", "other"]
        if random.chance(60) { attributes.append(pair("logfire.span_type", string(random.pick(types)))) }
        if random.chance(40) {
            let parents = ["0000000000000000", "00AB34567890cdef", "1234", "not hexadecimal!", ""]
            attributes.append(pair("logfire.pending_parent_id", string(random.pick(parents))))
        }
        if random.chance(40) {
            let levels = [int(17), int(-1), int(.max), string("13"), string("high"), string("+9"), value(depth: 0)]
            attributes.append(pair("logfire.level_num", random.pick(levels)))
        }
        if random.chance(40) { attributes.append(pair("logfire.msg", random.chance(80) ? string(text()) : value())) }
        if random.chance(40) { attributes.append(pair("logfire.tags", tags())) }
        if random.chance(40) {
            let statuses = [int(404), string("200"), string("2xx"), int(-5), int(1 << 40), value(depth: 0)]
            attributes.append(pair(random.pick(["http.response.status_code", "http.status_code"]), random.pick(statuses)))
        }
        if random.chance(60) {
            for name in ["a", "structured", "listed.é", "gen_ai.input.messages"] where random.chance(70) {
                attributes.append(pair(name, random.chance(80) ? string(jsonText()) : value()))
            }
            attributes.append(pair("logfire.json_schema", string(schema())))
        }
        return attributes
    }

    private mutating func tags() -> AnyValue {
        var tags = AnyValue()
        switch random.below(4) {
        case 0: return string(random.pick(["[\"a\", \"b\\n\"]", "one", "[1, null, true]", "[]", "", "{\"a\":1}"]))
        case 1: return int(1)
        default:
            tags.arrayValue.values = (0..<random.below(4)).map { _ in
                switch random.below(4) {
                case 0: int(Int64(random.below(9)))
                case 1: AnyValue()
                default: string(text(3))
                }
            }
        }
        return tags
    }

    private mutating func schema() -> String {
        if random.chance(15) { return jsonText() }
        let property: [String] = [
            "{}", "{\"type\":\"object\"}", "{\"type\":\"array\",\"x\":[1]}", "{\"type\":\"null\"}", "{\"x-python-datatype\":\"tuple\"}",
            "{\"type\":\"string\"}", "1", "{\"title\":\"T\",\"type\":\"ob\\u006aect\"}",
        ]
        let names = ["a", "structured", "listed.é", "listed.\\u00e9", "gen_ai.input.messages", "absent", "logfire.msg"]
        let properties = names.filter { _ in random.chance(60) }.map { "\"\($0)\":\(random.pick(property))" }
        return "{\"type\":\"object\",\"properties\":{\(properties.joined(separator: ", "))}}"
    }

    // MARK: Ids and times

    mutating func bytes(_ count: Int) -> Data {
        switch random.below(20) {
        case 0: Data()
        case 1: Data(count: count)
        case 2: Data((0..<random.below(20)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        default: Data((0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        }
    }

    mutating func time() -> UInt64 {
        random.pick([0, 1, 1_790_000_000_123_456_789, 951_782_400_000_000_000, UInt64(Int64.max), .max, random.next()])
    }

    mutating func resource() -> Opentelemetry_Proto_Resource_V1_Resource {
        var resource = Opentelemetry_Proto_Resource_V1_Resource()
        let names = [
            "service.name", "service.namespace", "service.version", "service.instance.id", "process.pid", "deployment.environment",
            "deployment.environment.name", "telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version",
        ]
        for name in names where random.chance(50) {
            resource.attributes.append(pair(name, random.chance(70) ? string(random.pick(["x", "", "17", text()])) : value()))
        }
        if random.chance(50) { resource.attributes += attributes() }
        return resource
    }

    mutating func scope() -> Opentelemetry_Proto_Common_V1_InstrumentationScope {
        var scope = Opentelemetry_Proto_Common_V1_InstrumentationScope()
        scope.name = text(3)
        if random.chance(50) { scope.version = text(2) }
        if random.chance(30) { scope.attributes = attributes() }
        return scope
    }
}
