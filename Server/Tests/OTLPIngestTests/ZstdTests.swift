import CZstd
import OTLPIngest
import Testing

@Suite struct ZstdTests {
    private static let text = Array(String(repeating: "Hearth keeps what was sent. ", count: 4000).utf8)

    @Test(arguments: [1, 3, 19]) func unpacks(level: Int32) throws {
        #expect(try Zstd.unpack(Self.pack(Self.text, level: level), limit: Self.text.count) == Self.text)
        #expect(try Zstd.unpack(Self.pack([], level: level), limit: 0) == [])
    }

    @Test func severalFramesAndSkippableOnes() throws {
        let packed = Self.pack(Self.text)
        let skippable: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]
        #expect(try Zstd.unpack(packed + skippable + packed, limit: 1 << 20) == Self.text + Self.text)
    }

    @Test func limit() {
        let packed = Self.pack(Self.text)
        expect(.tooLarge) { try Zstd.unpack(packed, limit: Self.text.count - 1) }
        expect(.tooLarge) { try Zstd.unpack(packed + packed, limit: Self.text.count * 2 - 1) }
        expect(.tooLarge) { try Zstd.unpack(packed, limit: 0) }
    }

    /// A gigabyte of zeros in some 40 KB.
    @Test func bomb() {
        let frame = Self.pack([UInt8](repeating: 0, count: 8 << 20))
        var bomb: [UInt8] = []
        for _ in 0..<128 { bomb += frame }
        expect(.tooLarge) { try Zstd.unpack(bomb, limit: 8 << 20) }
    }

    /// A frame may ask for a window of any size; the decoder takes 8 MiB at most.
    @Test func greatWindow() {
        expect(.corrupt) { try Zstd.unpack([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00], limit: 1 << 20) }
    }

    @Test func truncatedAndDamaged() {
        let packed = Self.pack(Self.text)
        for count in 0..<packed.count { expect(.corrupt) { try Zstd.unpack(Array(packed[..<count]), limit: 1 << 20) } }
        expect(.corrupt) { try Zstd.unpack(packed + [1, 2, 3, 4, 5], limit: 1 << 20) }
        expect(.corrupt) { try Zstd.unpack(Self.text, limit: 1 << 20) }
        var random = SplitMix(seed: 6)
        for _ in 0..<2000 {
            var damaged = packed
            for _ in 0...random.below(4) { damaged[random.below(damaged.count)] = UInt8(truncatingIfNeeded: random.next()) }
            _ = try? Zstd.unpack(damaged, limit: 1 << 18)
        }
    }

    @Test func names() {
        #expect(ContentCoding(nil) == .identity)
        #expect(ContentCoding("GZIP") == .gzip)
        #expect(ContentCoding("x-gzip") == .gzip)
        #expect(ContentCoding(" zstd ") == .zstd)
        for name in ["br", "gzip, zstd", "gzip,gzip", "snappy"] { #expect(ContentCoding(name) == nil) }
    }

    private func expect(_ code: UnpackError.Code, _ body: () throws -> [UInt8]) {
        #expect {
            _ = try body()
        } throws: { error in
            (error as? UnpackError)?.code == code && (error as? UnpackError)?.message.isEmpty == false
        }
    }

    static func pack(_ bytes: [UInt8], level: Int32 = 3) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { output, count in
            count = bytes.withUnsafeBytes { ZSTD_compress(output.baseAddress, output.count, $0.baseAddress, $0.count, level) }
        }
    }
}
