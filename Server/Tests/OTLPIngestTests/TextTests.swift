import Foundation
import Testing

@testable import OTLPIngest

/// The pieces that write and check text, against Foundation, the standard library and the test's own parser.
@Suite struct TextTests {
    private func text(_ body: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        body(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func integers() {
        for value in [0, 1, -1, 9, 10, -10, 1234567890, .max, .min] as [Int64] {
            #expect(text { JSONText.appendInt(value, to: &$0) } == value.description)
        }
        #expect(text { JSONText.appendUInt(.max, to: &$0) } == UInt64.max.description)
    }

    @Test func integersFromText() {
        func integer(_ text: String) -> Int64? { Array(text.utf8).withUnsafeBufferPointer { DecimalText.integer($0) } }
        for text in ["0", "-0", "+5", "-5", "007", "9223372036854775807", "-9223372036854775808"] {
            #expect(integer(text) == Int64(text), "\(text)")
        }
        for text in ["", "-", "+", "--1", "1.0", "0x1", " 1", "1 ", "9223372036854775808", "-9223372036854775809", "99999999999999999999"] {
            #expect(integer(text) == nil, "\(text)")
        }
    }

    /// Every double reads back as itself, and no text is longer than the shortest one.
    @Test func doubles() {
        var random = SplitMix(seed: 11)
        var values: [Double] = [0, -0.0, 1, 0.1, 0.3, 1e15, 999_999_999_999_999, 1e-5, 123456.789, 5e-324, .greatestFiniteMagnitude]
        for _ in 0..<20000 {
            let number = Double(bitPattern: random.next())
            if number.isFinite { values.append(number) }
            values.append(Double(random.below(10_000_000)) / Double(random.pick([1, 10, 1000, 1_000_000, 1_000_000_000])))
            values.append(-Double(random.below(1000)) * 0.001)
        }
        for value in values {
            let text = text { JSONText.appendDouble(value, to: &$0) }
            #expect(Double(text)?.bitPattern == value.bitPattern, "\(text)")
            #expect(text.utf8.count <= value.description.utf8.count + 4, "\(text) \(value)")
            #expect((try? JSON(text)) == .double(value))
        }
    }

    @Test func timestamps() throws {
        var random = SplitMix(seed: 12)
        for _ in 0..<2000 {
            let time = random.next() >> 1
            let written = text { JSONText.appendTimestamp(Int64(time), to: &$0) }
            #expect(try JSON(written) == ReferenceValues.timestamp(time))
        }
        #expect(text { JSONText.appendTimestamp(0, to: &$0) } == "\"1970-01-01T00:00:00.000000Z\"")
        #expect(text { JSONText.appendTimestamp(951_827_696_789_000_999, to: &$0) } == "\"2000-02-29T12:34:56.789000Z\"")
        #expect(text { JSONText.appendTimestamp(.max, to: &$0) } == "\"2262-04-11T23:47:16.854775Z\"")
    }

    /// Strings of every length around the word size, with something to escape at every place.
    @Test func strings() throws {
        for count in 0..<40 {
            for place in 0..<max(count, 1) {
                for special in [0x22, 0x5c, 0x0a, 0x00, 0x1f, 0x7f, 0x20, 0x21] as [UInt8] {
                    var bytes = [UInt8](repeating: 0x61, count: count)
                    if count > 0 { bytes[place] = special }
                    let written = text { JSONText.appendString(bytes.span, 0..<bytes.count, to: &$0) }
                    #expect(try JSON(written) == .string(bytes))
                }
            }
        }
        let long = Array(String(repeating: "é\n", count: 5000).utf8)
        let written = text { JSONText.appendString(long.span, 0..<long.count, to: &$0) }
        #expect(try JSON(written) == .string(long))
    }

    @Test func utf8() {
        var random = SplitMix(seed: 13)
        let samples = Array("plain ASCII text that is long enough é漢😀 for all steps".utf8)
        for _ in 0..<5000 {
            var bytes = samples
            for _ in 0..<random.below(3) { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
            bytes.removeFirst(random.below(bytes.count))
            #expect(UTF8Text.isValid(bytes.span, 0..<bytes.count) == (String(validating: bytes, as: UTF8.self) != nil))
        }
    }

    @Test func base64() {
        var random = SplitMix(seed: 14)
        for count in 0..<50 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let expected = Data(bytes).base64EncodedString()
            #expect(text { Base64.append(bytes.span, 0..<bytes.count, to: &$0) } == expected)
            for text in [expected, expected.replacing("=", with: ""), expected.replacing("+", with: "-").replacing("/", with: "_")] {
                var decoded: [UInt8] = []
                let utf8 = Array(text.utf8)
                #expect(Base64.decode(utf8.span, 0..<utf8.count, to: &decoded))
                #expect(decoded == bytes)
            }
        }
        for text in ["A", "A===", "AA=", "AAA==", "A A=", "====", "AAAA=", "AA\u{e9}A"] {
            var decoded: [UInt8] = []
            let utf8 = Array(text.utf8)
            #expect(!Base64.decode(utf8.span, 0..<utf8.count, to: &decoded), "\(text)")
        }
    }

    /// The validator accepts what the test's parser accepts, on damaged JSON.
    @Test func jsonValidity() {
        var generator = RandomOTLP(seed: 15)
        let samples = [
            #"{"a":[1,-2.5e+3,true,false,null,"x\n\u00e9\ud83d\ude00é"],"b":{"c":{}},"d":[]}"#, #"[[[[]]],{"":""}]"#, #" "plain" "#,
            "-0.5E-2",
        ]
        var accepted = 0
        for _ in 0..<20000 {
            let bytes = generator.mutated(Array(generator.random.pick(samples).utf8))
            guard String(validating: bytes, as: UTF8.self) != nil else { continue }
            let expected = (try? JSON(bytes, depth: 3, uniqueNames: false)) != nil
            accepted += expected ? 1 : 0
            #expect(JSONScan.isValid(bytes.span, 0..<bytes.count, depth: 3) == expected, "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(accepted > 1000)
    }
}
