import Foundation
import Testing

@testable import SQLQuery

@Suite("JSON text, against Foundation's reader")
struct JSONTextTests {
    private func string(_ text: String) throws -> String? {
        var json = JSONText()
        json.string(text)
        return try JSONSerialization.jsonObject(with: Data(json.bytes), options: .fragmentsAllowed) as? String
    }

    @Test("Every byte that a string must not have as it is, at every place of texts shorter and longer than a word")
    func escapes() throws {
        for length in 0..<20 {
            #expect(try string(String(repeating: "é", count: length)) == String(repeating: "é", count: length))
            for place in 0..<length {
                for special in (0..<0x20).map({ Character(UnicodeScalar($0)) }) + ["\"", "\\", "\u{7f}", "\u{ff}"] {
                    var text = Array(repeating: Character("x"), count: length)
                    text[place] = special
                    text[length - 1 - place] = special
                    #expect(try string(String(text)) == String(text))
                }
            }
        }
    }

    @Test(arguments: [0, 1, 9, 10, 99, 1_234_567, UInt64(Int64.max), .max])
    func digits(_ value: UInt64) {
        for width in [1, 2, 18, 20, 25] {
            var json = JSONText()
            TimeText.digits(value, width: width, to: &json)
            let text = String(value)
            #expect(String(decoding: json.bytes, as: UTF8.self) == String(repeating: "0", count: max(0, width - text.count)) + text)
        }
    }

    @Test("The usual timestamps are written like all others")
    func timestamps() {
        func text(_ units: Int64, isUTC: Bool) -> String {
            var json = JSONText()
            TimeText.timestamp(units, places: 6, isUTC: isUTC, to: &json)
            return String(decoding: json.bytes, as: UTF8.self)
        }
        #expect(text(1_767_225_600_000_001, isUTC: true) == "\"2026-01-01T00:00:00.000001Z\"")
        let (first, last): (Int64, Int64) = (-719_468 * 86_400_000_000, 2_932_897 * 86_400_000_000)
        let edges: [Int64] = [
            first - 1, first, first + 1, -1, 0, 1, 951_782_399_999_999, 951_782_400_000_000, last - 1, last, last + 1, .max - 1, .min + 1,
        ]
        var random = SystemRandomNumberGenerator()
        for units in edges + (0..<2_000).map({ _ in Int64.random(in: first - 1_000...last, using: &random) }) {
            guard units != -.max else { continue }
            #expect(text(units, isUTC: true) == text(units, isUTC: false).dropLast() + "Z\"", "\(units)")
        }
    }

    @Test("NaN and the infinities become null wherever they stand, and stay in strings")
    func numbersWithoutForm() {
        for padding in 0..<20 {
            let text = "\"" + String(repeating: "N", count: padding) + ":NaN,-Infinity\""
            var json = JSONText()
            let document = Array("[\(text),NaN,{\"a\":-Infinity},\(text),Infinity,1]".utf8)
            document.withUnsafeBufferPointer { NumberText.document($0, to: &json) }
            #expect(String(decoding: json.bytes, as: UTF8.self) == "[\(text),null,{\"a\":null},\(text),null,1]")
        }
    }
}
