import Foundation
import TelemetryModel

typealias AnyValue = Opentelemetry_Proto_Common_V1_AnyValue
typealias KeyValue = Opentelemetry_Proto_Common_V1_KeyValue

/// The rules for attribute values, written over swift-protobuf's types in the plainest way.
enum ReferenceValues {
    static let deepest = 64

    /// An attribute value as it appears in the JSON columns.
    static func json(_ value: AnyValue, depth: Int = deepest) -> JSON {
        switch value.value {
        case nil, .stringValueStrindex: .null
        case .stringValue(let text): .string(text)
        case .boolValue(let flag): .bool(flag)
        case .intValue(let number): .int(String(number))
        case .doubleValue(let number): double(number)
        case .bytesValue(let data): .string(data.base64EncodedString())
        case .arrayValue(let array):
            depth == 0 ? .string("...") : .array(array.values.map { json($0, depth: depth - 1) })
        case .kvlistValue(let list):
            depth == 0 ? .string("...") : .object(members(list.values, depth: depth - 1))
        }
    }

    static func double(_ number: Double) -> JSON {
        if number.isNaN { return .string("NaN") }
        if number.isInfinite { return .string(number < 0 ? "-Infinity" : "Infinity") }
        return .double(number)
    }

    /// Of several equal names the last one counts.
    static func members(_ attributes: [KeyValue], depth: Int = deepest) -> [[UInt8]: JSON] {
        var members: [[UInt8]: JSON] = [:]
        for attribute in attributes { members[Array(attribute.key.utf8)] = json(attribute.value, depth: depth) }
        return members
    }

    /// The attributes without repeated names: the first one's place, the last one's value.
    static func unique(_ attributes: [KeyValue]) -> [KeyValue] {
        var result: [KeyValue] = []
        for attribute in attributes {
            if let earlier = result.firstIndex(where: { $0.key.utf8.elementsEqual(attribute.key.utf8) }) {
                result[earlier] = attribute
            } else {
                result.append(attribute)
            }
        }
        return result
    }

    static func find(_ name: String, in attributes: [KeyValue]) -> AnyValue.OneOf_Value? {
        attributes.last { $0.key.utf8.elementsEqual(name.utf8) }?.value.value
    }

    static func string(_ name: String, in attributes: [KeyValue]) -> String? {
        if case .stringValue(let text) = find(name, in: attributes) { text } else { nil }
    }

    /// An int, a double without fraction, or a string of decimal digits.
    static func integer(_ name: String, in attributes: [KeyValue]) -> Int64? {
        switch find(name, in: attributes) {
        case .intValue(let number): number
        case .doubleValue(let number): Int64(exactly: number)
        case .stringValue(let text): text.utf8.allSatisfy { $0 < 0x80 } ? Int64(text) : nil
        default: nil
        }
    }

    static func hex(_ data: Data, count: Int) -> String {
        data.count == count ? data.map { String(format: "%02x", $0) }.joined() : String(repeating: "0", count: count * 2)
    }

    static func clamped(_ time: UInt64) -> Int64 { time > UInt64(Int64.max) ? .max : Int64(time) }

    static func timestamp(_ time: UInt64) -> JSON {
        let time = clamped(time)
        var seconds = time_t(time / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = String(format: "%04d-%02d-%02dT", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday)
        let clock = String(format: "%02d:%02d:%02d.%06dZ", parts.tm_hour, parts.tm_min, parts.tm_sec, time % 1_000_000_000 / 1000)
        return .string(date + clock)
    }

    /// At most 512 bytes, never cut inside a character.
    static func cut(_ text: String, to limit: Int = 512) -> String {
        guard text.utf8.count > limit else { return text }
        var scalars = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            if count > limit { break }
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
