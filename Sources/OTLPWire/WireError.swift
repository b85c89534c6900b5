/// Why protobuf bytes could not be read, and where.
///
/// Two words without a reference, so that throwing it from the innermost loop allocates nothing.
public struct WireError: Error, Sendable, Hashable {
    /// What was wrong.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        @usableFromInline let value: UInt8

        @usableFromInline init(value: UInt8) {
            self.value = value
        }

        /// The bytes end inside a value, or a length reaches beyond its message.
        public static let truncated = Code(value: 0)
        /// A varint of more than ten bytes or more than 64 bits.
        public static let varintOverflow = Code(value: 1)
        /// A tag with field number zero, a field number above 2^29 − 1, or wire type 6 or 7.
        public static let invalidTag = Code(value: 2)
        /// The end of a group that was not begun, or of another field than the one begun.
        public static let unbalancedGroup = Code(value: 3)
        /// Groups nested deeper than ``WireReader/maximumGroupDepth``.
        public static let tooDeep = Code(value: 4)
        /// A packed field whose length is no multiple of its element's size.
        public static let partialElement = Code(value: 5)
        /// More content than the reader's caller allows.
        public static let limitExceeded = Code(value: 6)

        public var description: String {
            switch self {
            case .truncated: "the value ends too early"
            case .varintOverflow: "a varint is longer than 64 bits"
            case .invalidTag: "a field tag is invalid"
            case .unbalancedGroup: "a group ends that was not begun"
            case .tooDeep: "groups are nested too deep"
            case .partialElement: "a packed field ends inside an element"
            case .limitExceeded: "the content exceeds the limit"
            default: "the bytes are malformed"
            }
        }
    }

    /// What was wrong, for code that has to decide.
    public var code: Code
    /// Byte offset into the whole message at which reading stopped.
    public var offset: Int

    /// - Parameters:
    ///   - code: what was wrong.
    ///   - offset: byte offset into the whole message.
    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}

extension WireError: CustomStringConvertible {
    public var description: String { "\(code) at byte \(offset)" }
}
