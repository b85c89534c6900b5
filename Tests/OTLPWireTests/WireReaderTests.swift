import OTLPWire
import Testing

/// Everything a reader finds in a message, or the error it ends with.
private func read(_ bytes: [UInt8]) throws(WireError) -> [(field: UInt32, type: WireType?, range: Range<Int>)] {
    var fields: [(field: UInt32, type: WireType?, range: Range<Int>)] = []
    var reader = WireReader(bytes.span)
    while let tag = try reader.next(bytes.span) {
        let start = reader.offset
        try reader.skip(tag, bytes.span)
        fields.append((tag.field, tag.type, start..<reader.offset))
    }
    return fields
}

private func varint(_ bytes: [UInt8]) throws(WireError) -> UInt64 {
    var reader = WireReader(bytes.span)
    return try reader.varint(bytes.span)
}

@Suite struct WireReaderTests {
    @Test(
        arguments: [
            ([0x00], 0), ([0x7f], 127), ([0x80, 0x01], 128), ([0xac, 0x02], 300),
            ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], UInt64.max),
            // More bytes than needed are allowed.
            ([0x80, 0x80, 0x00], 0),
        ] as [([UInt8], UInt64)])
    func varints(bytes: [UInt8], expected: UInt64) throws {
        #expect(try varint(bytes) == expected)
    }

    @Test func varintErrors() {
        #expect(throws: WireError(.truncated, at: 0)) { try varint([]) }
        #expect(throws: WireError(.truncated, at: 2)) { try varint([0x80, 0x80]) }
        let tooLarge = [UInt8](repeating: 0xff, count: 9) + [0x02]
        #expect(throws: WireError(.varintOverflow, at: 0)) { try varint(tooLarge) }
        let tooLong = [UInt8](repeating: 0x80, count: 10) + [0x00]
        #expect(throws: WireError(.varintOverflow, at: 0)) { try varint(tooLong) }
    }

    @Test(
        arguments: [
            // Field number zero, wire types 6 and 7, a tag beyond 32 bits.
            [0x00], [0x02], [0x0e], [0x0f], [0x80, 0x80, 0x80, 0x80, 0x10],
        ] as [[UInt8]])
    func invalidTags(bytes: [UInt8]) {
        #expect(throws: WireError(.invalidTag, at: 0)) { try read(bytes) }
    }

    @Test func largestTag() throws {
        var writer = WireWriter()
        writer.varint(.varint(536_870_911), 1)
        let fields = try read(writer.bytes)
        #expect(fields.map(\.field) == [536_870_911])
    }

    @Test func skipsEveryWireType() throws {
        var writer = WireWriter()
        writer.varint(.varint(1), .max)
        writer.fixed64(.fixed64(2), 7)
        writer.string(.bytes(3), "three")
        writer.fixed32(.fixed32(4), 7)
        let group: [UInt8] = [0x2b, 0x08, 0x01, 0x33, 0x34, 0x2c]
        let fields = try read(writer.bytes + group)
        #expect(fields.map(\.field) == [1, 2, 3, 4, 5])
        #expect(fields.map(\.range.count) == [10, 8, 6, 4, 5])
    }

    @Test func truncatedValues() {
        #expect(throws: WireError(.truncated, at: 3)) { try read([0x0a, 0x02, 0x00]) }
        #expect(throws: WireError(.truncated, at: 8)) { try read([0x09, 1, 2, 3, 4, 5, 6, 7]) }
        #expect(throws: WireError(.truncated, at: 4)) { try read([0x0d, 1, 2, 3]) }
        #expect(throws: WireError(.truncated, at: 1)) { try read([0x08]) }
        // A length that does not fit an Int.
        #expect(throws: WireError.self) { try read([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]) }
    }

    @Test func groups() {
        #expect(throws: WireError(.unbalancedGroup, at: 1)) { try read([0x0c]) }
        #expect(throws: WireError(.unbalancedGroup, at: 1)) { try read([0x0b, 0x14]) }
        #expect(throws: WireError(.truncated, at: 1)) { try read([0x0b]) }
        let deep = [UInt8](repeating: 0x0b, count: 101) + [UInt8](repeating: 0x0c, count: 101)
        #expect(throws: WireError(.tooDeep, at: 100)) { try read(deep) }
        let allowed = [UInt8](repeating: 0x0b, count: 100) + [UInt8](repeating: 0x0c, count: 100)
        #expect(throws: Never.self) { try read(allowed) }
    }

    @Test func nestedRangesStayInside() throws {
        // The inner message claims one byte more than the outer one has.
        let bytes: [UInt8] = [0x0a, 0x03, 0x12, 0x02, 0x41, 0x18, 0x01]
        var outer = WireReader(bytes.span)
        #expect(try outer.next(bytes.span) == .bytes(1))
        var inner = WireReader(bytes.span, in: try outer.range(bytes.span))
        #expect(try inner.next(bytes.span) == .bytes(2))
        #expect(throws: WireError(.truncated, at: 5)) { try inner.range(bytes.span) }
        #expect(try outer.next(bytes.span) == .varint(3))
    }

    @Test func rangesBeyondTheBytesAreCut() throws {
        let bytes: [UInt8] = [0x08, 0x01]
        var reader = WireReader(bytes.span, in: 0..<100)
        #expect(reader.end == 2)
        #expect(try reader.next(bytes.span) == .varint(1))
        #expect(try reader.varint(bytes.span) == 1)
        #expect(try reader.next(bytes.span) == nil)
        #expect(WireReader(bytes.span, in: 50..<60).isAtEnd)
    }

    @Test(arguments: [0, -1, 1, .min, .max] as [Int32]) func zigzag(value: Int32) throws {
        var writer = WireWriter()
        writer.zigzag32(.varint(1), value)
        var reader = WireReader(writer.bytes.span)
        _ = try reader.next(writer.bytes.span)
        #expect(try reader.zigzag32(writer.bytes.span) == value)
    }

    /// The example of the module's documentation.
    @Test func documentedExample() throws {
        var writer = OTLPTraceWriter()
        writer.begin(OTLPResource(attributes: [OTLPAttribute("service.name", "shop")]))
        writer.begin(OTLPScope(name: "lib"))
        for name in ["first", "second"] {
            writer.add(OTLPSpan(traceID: OTLPTraceID(high: 1, low: 2), spanID: 3, name: name, start: 1, end: 2))
        }
        #expect(try spanNames(writer.finish()) == ["first", "second"])
    }

    /// Whatever the bytes, reading ends and never leaves them.
    @Test func randomBytes() {
        var random = SplitMix(seed: 1)
        for _ in 0..<20_000 {
            let bytes = (0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            do {
                for field in try read(bytes) { #expect(field.range.upperBound <= bytes.count) }
            } catch {
                #expect(error.offset >= 0 && error.offset <= bytes.count)
            }
        }
    }
}

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
}

private func spanNames(_ request: [UInt8]) throws(WireError) -> [String] {
    var names: [String] = []
    try forEach(OTLPFields.TracesData.resourceSpans, request.span, 0..<request.count) { resourceSpans throws(WireError) in
        try forEach(OTLPFields.ResourceSpans.scopeSpans, request.span, resourceSpans) { scopeSpans throws(WireError) in
            try forEach(OTLPFields.ScopeSpans.spans, request.span, scopeSpans) { span throws(WireError) in
                try forEach(OTLPFields.Span.name, request.span, span) { name throws(WireError) in
                    names.append(String(decoding: request[name], as: UTF8.self))
                }
            }
        }
    }
    return names
}

private func forEach(
    _ wanted: WireTag,
    _ bytes: Span<UInt8>,
    _ message: Range<Int>,
    _ body: (Range<Int>) throws(WireError) -> Void
) throws(WireError) {
    var reader = WireReader(bytes, in: message)
    while let tag = try reader.next(bytes) {
        if tag == wanted { try body(try reader.range(bytes)) } else { try reader.skip(tag, bytes) }
    }
}
