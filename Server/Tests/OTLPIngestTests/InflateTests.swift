import CZlib
import OTLPIngest
import Testing

@Suite struct InflateTests {
    private static let text = Array(String(repeating: "Hearth keeps what was sent. ", count: 4000).utf8)

    @Test func gzip() throws {
        #expect(try Inflate.gunzip(Self.pack(Self.text, windowBits: 31), limit: Self.text.count) == Self.text)
        #expect(try Inflate.gunzip(Self.pack([], windowBits: 31), limit: 0) == [])
        let body = Self.pack(Self.text, windowBits: 31)
        #expect(try body.withUnsafeBufferPointer { try Inflate.gunzip($0, limit: 1 << 20) } == Self.text)
    }

    @Test func deflate() throws {
        #expect(try Inflate.deflate(Self.pack(Self.text, windowBits: 15), limit: 1 << 20) == Self.text)
        #expect(try Inflate.deflate(Self.pack(Self.text, windowBits: -15), limit: 1 << 20) == Self.text)
        let body = Self.pack(Self.text, windowBits: -15)
        #expect(try body.withUnsafeBufferPointer { try Inflate.deflate($0, limit: 1 << 20) } == Self.text)
    }

    @Test func severalMembersAndPadding() throws {
        let packed = Self.pack(Self.text, windowBits: 31)
        #expect(try Inflate.gunzip(packed + packed, limit: 1 << 20) == Self.text + Self.text)
        #expect(try Inflate.gunzip(packed + [0, 0, 0], limit: 1 << 20) == Self.text)
    }

    @Test func limit() {
        let packed = Self.pack(Self.text, windowBits: 31)
        expect(.tooLarge) { try Inflate.gunzip(packed, limit: Self.text.count - 1) }
        expect(.tooLarge) { try Inflate.gunzip(packed + packed, limit: Self.text.count * 2 - 1) }
        expect(.tooLarge) { try Inflate.deflate(Self.pack(Self.text, windowBits: 15), limit: 0) }
    }

    /// 256 MiB of zeros in 250 KiB. Unpacking stops at the limit; the trailer's size, which the sender chooses, reserves nothing.
    @Test func bomb() {
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        let member = Self.pack(zeros, windowBits: 31)
        var bomb: [UInt8] = []
        for _ in 0..<256 { bomb += member }
        expect(.tooLarge) { try Inflate.gunzip(bomb, limit: 8 << 20) }
        var lying = Self.pack([1], windowBits: 31)
        lying.replaceSubrange(lying.count - 4..<lying.count, with: [0xff, 0xff, 0xff, 0xff])
        expect(.corrupt) { try Inflate.gunzip(lying, limit: .max) }
    }

    @Test func truncated() {
        let packed = Self.pack(Self.text, windowBits: 31)
        for count in Array(0..<30) + Array(packed.count - 30..<packed.count) {
            expect(.corrupt) { try Inflate.gunzip(Array(packed[..<count]), limit: 1 << 20) }
        }
    }

    @Test func garbage() {
        var random = SplitMix(seed: 5)
        for _ in 0..<200 {
            let bytes = (0..<random.below(200) + 3).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            expect(.corrupt) { try Inflate.gunzip(bytes, limit: 1 << 20) }
            // Raw deflate has no checksum, so garbage may pass; it must not crash.
            _ = try? Inflate.deflate(bytes, limit: 1 << 20)
        }
        var damaged = Self.pack(Self.text, windowBits: 31)
        damaged[damaged.count / 2] ^= 0x10
        expect(.corrupt) { try Inflate.gunzip(damaged, limit: 1 << 20) }
        expect(.corrupt) { try Inflate.gunzip(Self.pack(Self.text, windowBits: 31) + [1, 2, 3], limit: 1 << 20) }
        expect(.corrupt) { try Inflate.gunzip(Self.text, limit: 1 << 20) }
    }

    private func expect(_ code: UnpackError.Code, _ body: () throws -> [UInt8]) {
        #expect {
            _ = try body()
        } throws: { error in
            (error as? UnpackError)?.code == code && (error as? UnpackError)?.message.isEmpty == false
        }
    }

    /// - Parameter windowBits: 31 gzip, 15 zlib, -15 raw.
    private static func pack(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
        var stream = z_stream()
        guard
            deflateInit2_(&stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
                == Z_OK
        else { return [] }
        defer { deflateEnd(&stream) }
        var input = bytes
        return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count))) + 64) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                _ = CZlib.deflate(&stream, Z_FINISH)
                count = output.count - Int(stream.avail_out)
            }
        }
    }
}
