/// Reads protobuf fields one after another from a part of a message.
///
/// The reader is two integers; the bytes are passed to every call as a bounds-checked `Span`. A nested message is a `Range` of the
/// same bytes and gets a reader of its own, so nothing is copied and nothing allocated. Every offset is into the whole message.
///
/// ```swift
/// var reader = WireReader(bytes)
/// while let tag = try reader.next(bytes) {
///     switch tag {
///     case OTLPFields.TracesData.resourceSpans:
///         try decodeResourceSpans(bytes, try reader.range(bytes))
///     default:
///         try reader.skip(tag, bytes)
///     }
/// }
/// ```
@frozen
public struct WireReader: Sendable {
    /// Groups nested deeper than this are refused; OTLP has none, so only unknown fields can contain them.
    public static let maximumGroupDepth = 100

    @usableFromInline var position: Int
    /// Offset behind the last byte of the part that is read.
    public let end: Int

    /// Reads all of `bytes`.
    @inlinable
    public init(_ bytes: Span<UInt8>) {
        self.init(unchecked: 0, end: bytes.count)
    }

    /// Reads a part of `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: the whole message.
    ///   - range: the part, as ``range(_:)`` returned it; what lies outside `bytes` is cut off.
    @inlinable
    public init(_ bytes: Span<UInt8>, in range: Range<Int>) {
        let end = Swift.min(range.upperBound, bytes.count)
        self.init(unchecked: Swift.max(0, Swift.min(range.lowerBound, end)), end: end)
    }

    @usableFromInline
    init(unchecked offset: Int, end: Int) {
        position = offset
        self.end = end
    }

    /// Offset of the next byte.
    @inlinable public var offset: Int { position }
    /// Whether the part has no further fields.
    @inlinable public var isAtEnd: Bool { position >= end }

    /// Reads the tag of the next field.
    ///
    /// - Returns: nil at the end of the part.
    /// - Throws: ``WireError/Code/invalidTag``, ``WireError/Code/truncated``, ``WireError/Code/varintOverflow``.
    @inlinable
    public mutating func next(_ bytes: Span<UInt8>) throws(WireError) -> WireTag? {
        guard position < end else { return nil }
        let start = position
        let first = bytes[position]
        let raw: UInt64
        if first < 0x80 {
            position &+= 1
            raw = UInt64(first)
        } else {
            raw = try varint(bytes)
        }
        guard raw >= 8, raw <= UInt64(UInt32.max), raw & 7 < 6 else { throw WireError(.invalidTag, at: start) }
        return WireTag(rawValue: UInt32(truncatingIfNeeded: raw))
    }

    /// Reads a varint of at most ten bytes and 64 bits.
    @inlinable
    public mutating func varint(_ bytes: Span<UInt8>) throws(WireError) -> UInt64 {
        guard position < end else { throw WireError(.truncated, at: position) }
        let first = bytes[position]
        if first < 0x80 {
            position &+= 1
            return UInt64(first)
        }
        return try longVarint(bytes)
    }

    @usableFromInline
    mutating func longVarint(_ bytes: Span<UInt8>) throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        var cursor = position
        while cursor < end {
            let byte = bytes[cursor]
            cursor &+= 1
            // The tenth byte has room for one bit.
            if shift == 63, byte > 1 { throw WireError(.varintOverflow, at: position) }
            value |= UInt64(byte & 0x7f) &<< shift
            if byte < 0x80 {
                position = cursor
                return value
            }
            shift &+= 7
        }
        throw WireError(.truncated, at: end)
    }

    /// Reads eight bytes, little-endian.
    @inlinable
    public mutating func fixed64(_ bytes: Span<UInt8>) throws(WireError) -> UInt64 {
        guard end &- position >= 8 else { throw WireError(.truncated, at: end) }
        let value = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
        position &+= 8
        return UInt64(littleEndian: value)
    }

    /// Reads four bytes, little-endian.
    @inlinable
    public mutating func fixed32(_ bytes: Span<UInt8>) throws(WireError) -> UInt32 {
        guard end &- position >= 4 else { throw WireError(.truncated, at: end) }
        let value = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt32.self)
        position &+= 4
        return UInt32(littleEndian: value)
    }

    /// Reads a double of eight bytes.
    @inlinable
    public mutating func double(_ bytes: Span<UInt8>) throws(WireError) -> Double {
        Double(bitPattern: try fixed64(bytes))
    }

    /// Reads a `sint32`: zigzag varint, cut to 32 bits.
    @inlinable
    public mutating func zigzag32(_ bytes: Span<UInt8>) throws(WireError) -> Int32 {
        let value = UInt32(truncatingIfNeeded: try varint(bytes))
        return Int32(bitPattern: value >> 1) ^ -Int32(bitPattern: value & 1)
    }

    /// Reads a length and passes that many bytes.
    ///
    /// - Returns: where those bytes are; always inside the part that is read.
    @inlinable
    public mutating func range(_ bytes: Span<UInt8>) throws(WireError) -> Range<Int> {
        let length = try varint(bytes)
        guard length <= UInt64(end &- position) else { throw WireError(.truncated, at: end) }
        let start = position
        position = start &+ Int(length)
        return Range(uncheckedBounds: (start, position))
    }

    /// Passes the value of a field that is not wanted, groups included.
    ///
    /// - Parameters:
    ///   - tag: the tag just read.
    ///   - bytes: the same bytes the reader was made with.
    @inlinable
    public mutating func skip(_ tag: WireTag, _ bytes: Span<UInt8>) throws(WireError) {
        switch tag.rawValue & 7 {
        case 0: _ = try varint(bytes)
        case 1: try advance(8)
        case 2: _ = try range(bytes)
        case 5: try advance(4)
        default: try skipGroup(tag, bytes)
        }
    }

    @usableFromInline
    mutating func advance(_ count: Int) throws(WireError) {
        guard end &- position >= count else { throw WireError(.truncated, at: end) }
        position &+= count
    }

    /// Passes a group, its start tag already read. Groups inside it are counted, not recursed into.
    @usableFromInline
    mutating func skipGroup(_ tag: WireTag, _ bytes: Span<UInt8>) throws(WireError) {
        guard tag.type == .startGroup else { throw WireError(.unbalancedGroup, at: position) }
        var open = [tag.field]
        while let field = open.last {
            let start = position
            guard let inner = try next(bytes) else { throw WireError(.truncated, at: end) }
            switch inner.type {
            case .startGroup:
                guard open.count < Self.maximumGroupDepth else { throw WireError(.tooDeep, at: start) }
                open.append(inner.field)
            case .endGroup:
                guard inner.field == field else { throw WireError(.unbalancedGroup, at: start) }
                open.removeLast()
            default:
                try skip(inner, bytes)
            }
        }
    }
}
