/// Writes protobuf fields into a growing array of bytes.
///
/// Values are written whether or not they are the field's default; leaving defaults out is the caller's choice.
public struct WireWriter: Sendable {
    /// The message so far. A message that was opened and not closed has no valid length yet.
    public private(set) var bytes: [UInt8] = []

    /// A nested message that is being written; made by ``WireWriter/open(_:)``.
    public struct Message: Sendable {
        fileprivate let start: Int
    }

    /// An empty writer.
    public init() {}

    /// - Parameter capacity: bytes to reserve.
    public init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Bytes written so far.
    public var count: Int { bytes.count }

    /// Empties the writer and keeps its memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    // MARK: Values

    /// A `uint64`, `int64`, `uint32` or enum; `tag` must be a varint tag.
    public mutating func varint(_ tag: WireTag, _ value: UInt64) {
        rawVarint(UInt64(tag.rawValue))
        rawVarint(value)
    }

    /// An `int32` or `int64`; negative values take ten bytes, as protobuf asks for.
    public mutating func int(_ tag: WireTag, _ value: Int64) {
        varint(tag, UInt64(bitPattern: value))
    }

    /// A `bool`, as a varint of 0 or 1.
    public mutating func bool(_ tag: WireTag, _ value: Bool) {
        varint(tag, value ? 1 : 0)
    }

    /// A `sint32`.
    public mutating func zigzag32(_ tag: WireTag, _ value: Int32) {
        varint(tag, UInt64(UInt32(bitPattern: value << 1 ^ value >> 31)))
    }

    /// A `fixed64` or `sfixed64`.
    public mutating func fixed64(_ tag: WireTag, _ value: UInt64) {
        rawVarint(UInt64(tag.rawValue))
        rawFixed64(value)
    }

    /// A `fixed32` or `sfixed32`.
    public mutating func fixed32(_ tag: WireTag, _ value: UInt32) {
        rawVarint(UInt64(tag.rawValue))
        for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    /// A `double`, infinite and undefined ones included.
    public mutating func double(_ tag: WireTag, _ value: Double) {
        fixed64(tag, value.bitPattern)
    }

    /// A `string`, behind its length in UTF-8.
    public mutating func string(_ tag: WireTag, _ value: String) {
        rawVarint(UInt64(tag.rawValue))
        var value = value
        // Copies whole buffers; the text is native and its bytes at hand nearly always.
        value.withUTF8 { utf8 in
            rawVarint(UInt64(utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    /// A `bytes` field, behind its length.
    public mutating func bytes(_ tag: WireTag, _ value: some Collection<UInt8>) {
        rawVarint(UInt64(tag.rawValue))
        rawVarint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// A `bytes` field of eight bytes, the most significant first: a span id.
    public mutating func identifier(_ tag: WireTag, _ value: UInt64) {
        rawVarint(UInt64(tag.rawValue))
        bytes.append(8)
        rawBigEndian(value)
    }

    /// A `bytes` field of sixteen bytes, the most significant first: a trace id.
    public mutating func identifier(_ tag: WireTag, high: UInt64, low: UInt64) {
        rawVarint(UInt64(tag.rawValue))
        bytes.append(16)
        rawBigEndian(high)
        rawBigEndian(low)
    }

    // MARK: Packed arrays

    /// A packed `repeated fixed64`; nothing is written for an empty array.
    public mutating func packedFixed64(_ tag: WireTag, _ values: some Collection<UInt64>) {
        guard !values.isEmpty else { return }
        rawVarint(UInt64(tag.rawValue))
        rawVarint(UInt64(values.count * 8))
        for value in values { rawFixed64(value) }
    }

    /// A packed `repeated double`; nothing is written for an empty array.
    public mutating func packedDouble(_ tag: WireTag, _ values: some Collection<Double>) {
        packedFixed64(tag, values.lazy.map(\.bitPattern))
    }

    /// A packed `repeated uint64`; nothing is written for an empty array.
    public mutating func packedVarint(_ tag: WireTag, _ values: some Collection<UInt64>) {
        guard !values.isEmpty else { return }
        let message = open(tag)
        for value in values { rawVarint(value) }
        close(message)
    }

    // MARK: Nested messages

    /// Begins a nested message; everything written until ``close(_:)`` belongs to it.
    ///
    /// Messages are closed in the reverse order of their opening.
    public mutating func open(_ tag: WireTag) -> Message {
        rawVarint(UInt64(tag.rawValue))
        // Room for a length below 128; close(_:) moves longer messages.
        bytes.append(0)
        return Message(start: bytes.count)
    }

    /// Ends a nested message by filling in its length.
    public mutating func close(_ message: Message) {
        var length = UInt64(bytes.count - message.start)
        guard length >= 0x80 else {
            bytes[message.start - 1] = UInt8(truncatingIfNeeded: length)
            return
        }
        bytes[message.start - 1] = UInt8(truncatingIfNeeded: length) | 0x80
        length >>= 7
        var rest: [UInt8] = []
        while length >= 0x80 {
            rest.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        rest.append(UInt8(truncatingIfNeeded: length))
        bytes.insert(contentsOf: rest, at: message.start)
    }

    // MARK: Raw

    /// Writes the tag and length of a nested message whose bytes are known and follow by ``append(_:)``.
    public mutating func begin(_ tag: WireTag, length: Int) {
        rawVarint(UInt64(tag.rawValue))
        rawVarint(UInt64(length))
    }

    /// Copies bytes that are already encoded.
    public mutating func append(_ encoded: ArraySlice<UInt8>) {
        bytes.append(contentsOf: encoded)
    }

    /// Bytes of a number as a varint, from 1 to 10.
    @inlinable
    @inline(__always)
    package static func varintSize(_ value: UInt64) -> Int { value < 0x80 ? 1 : (70 - value.leadingZeroBitCount) / 7 }

    /// Bytes of a length as a varint.
    @inlinable
    @inline(__always)
    package static func varintSize(_ value: Int) -> Int { varintSize(UInt64(truncatingIfNeeded: value)) }

    @inline(__always)
    private mutating func rawVarint(_ value: UInt64) {
        // Nearly all tags and lengths have one byte.
        if value < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value))
        } else {
            longVarint(value)
        }
    }

    private mutating func longVarint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    private mutating func rawFixed64(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func rawBigEndian(_ value: UInt64) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
