import OTLPWire
import Testing

@Suite struct WireWriterTests {
    /// Examples of the protobuf encoding guide.
    @Test func knownEncodings() {
        var writer = WireWriter()
        writer.varint(.varint(1), 150)
        writer.string(.bytes(2), "testing")
        #expect(writer.bytes == [0x08, 0x96, 0x01, 0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67])
        writer.removeAll()
        writer.int(.varint(1), -2)
        #expect(writer.bytes == [0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])
        writer.removeAll()
        writer.packedVarint(.bytes(6), [3, 270, 86942])
        #expect(writer.bytes == [0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05])
        writer.removeAll()
        writer.double(.fixed64(1), 1)
        writer.fixed32(.fixed32(2), 0x0102_0304)
        writer.identifier(.bytes(3), 0x0102_0304_0506_0708)
        #expect(
            writer.bytes == [0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x15, 4, 3, 2, 1, 0x1a, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        )
    }

    @Test func emptyPackedArraysAreLeftOut() {
        var writer = WireWriter()
        writer.packedDouble(.bytes(1), [])
        writer.packedVarint(.bytes(2), [])
        #expect(writer.bytes.isEmpty)
    }

    /// Lengths of one to four bytes, nested.
    @Test(arguments: [0, 1, 127, 128, 16383, 16384, 2_097_152]) func nestedLengths(count: Int) throws {
        let content = [UInt8](repeating: 0x61, count: count)
        var writer = WireWriter()
        let outer = writer.open(.bytes(1))
        let inner = writer.open(.bytes(2))
        writer.bytes(.bytes(3), content)
        writer.close(inner)
        writer.varint(.varint(4), 5)
        writer.close(outer)
        let bytes = writer.bytes
        var reader = WireReader(bytes.span)
        #expect(try reader.next(bytes.span) == .bytes(1))
        var outerReader = WireReader(bytes.span, in: try reader.range(bytes.span))
        #expect(reader.isAtEnd)
        #expect(try outerReader.next(bytes.span) == .bytes(2))
        var innerReader = WireReader(bytes.span, in: try outerReader.range(bytes.span))
        #expect(try innerReader.next(bytes.span) == .bytes(3))
        #expect(Array(bytes[try innerReader.range(bytes.span)]) == content)
        #expect(innerReader.isAtEnd)
        #expect(try outerReader.next(bytes.span) == .varint(4))
        #expect(try outerReader.varint(bytes.span) == 5)
        #expect(outerReader.isAtEnd)
    }

    @Test func requestWithoutResourceOrScope() throws {
        var writer = OTLPTraceWriter()
        writer.add(OTLPSpan(traceID: OTLPTraceID(high: 1, low: 2), spanID: 3, name: "n", start: 4, end: 5))
        #expect(writer.spanCount == 1)
        #expect(writer.byteCount > 40)
        let bytes = writer.finish()
        #expect(writer.spanCount == 0)
        #expect(writer.byteCount == 0)
        var reader = WireReader(bytes.span)
        #expect(try reader.next(bytes.span) == OTLPFields.TracesData.resourceSpans)
        _ = try reader.range(bytes.span)
        #expect(reader.isAtEnd)
        #expect(writer.finish().isEmpty)
    }
}
