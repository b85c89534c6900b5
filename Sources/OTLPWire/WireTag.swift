/// How the value after a tag is written (protobuf encoding, "Message Structure").
public enum WireType: UInt8, Sendable {
    /// Seven bits to a byte, one to ten bytes.
    case varint = 0
    /// Eight bytes, little-endian.
    case fixed64 = 1
    /// A length and that many bytes: strings, bytes, messages, packed arrays.
    case bytes = 2
    /// The beginning of a group, which only old messages have.
    case startGroup = 3
    /// The end of a group.
    case endGroup = 4
    /// Four bytes, little-endian.
    case fixed32 = 5
}

/// A field number together with the wire type of its value, as it stands before every value.
///
/// Comparing whole tags makes a field of an unexpected wire type an unknown field, which is what protobuf asks for.
@frozen
public struct WireTag: Sendable, Hashable {
    /// Field number × 8 + wire type.
    public let rawValue: UInt32

    /// A tag as it is read; any number, valid or not.
    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// A field whose value is a varint: ints, bools, enums.
    @inlinable public static func varint(_ field: UInt32) -> WireTag { WireTag(rawValue: field << 3) }
    /// A field whose value is eight bytes, little-endian.
    @inlinable public static func fixed64(_ field: UInt32) -> WireTag { WireTag(rawValue: field << 3 | 1) }
    /// A field with a length: strings, bytes, messages, packed arrays.
    @inlinable public static func bytes(_ field: UInt32) -> WireTag { WireTag(rawValue: field << 3 | 2) }
    /// A field whose value is four bytes, little-endian.
    @inlinable public static func fixed32(_ field: UInt32) -> WireTag { WireTag(rawValue: field << 3 | 5) }

    /// The field number, 1 … 2^29 − 1.
    @inlinable public var field: UInt32 { rawValue >> 3 }
    /// nil for the unassigned wire types 6 and 7, which ``WireReader`` refuses.
    @inlinable public var type: WireType? { WireType(rawValue: UInt8(truncatingIfNeeded: rawValue & 7)) }
}
