/// A reference to UTF-8 text held by a ``TextStore``; eight bytes, no ownership.
///
/// The highest bit of the offset tells which of the store's two buffers is meant, so text that is already
/// valid UTF-8 in the request body is referred to in place and only derived text is copied.
public struct TextRef: Sendable, Equatable {
    @usableFromInline var position: UInt32
    @usableFromInline var length: UInt32

    @usableFromInline static var arenaFlag: UInt32 { 0x8000_0000 }

    /// No text at all: NULL, as opposed to the empty string.
    @inlinable public static var null: TextRef { TextRef(position: 0, length: .max) }
    /// The empty string.
    @inlinable public static var empty: TextRef { TextRef(position: 0, length: 0) }

    @inlinable init(position: UInt32, length: UInt32) {
        self.position = position
        self.length = length
    }

    /// Refers to `range` of the request body.
    public init(source range: Range<Int>) {
        self.init(position: UInt32(truncatingIfNeeded: range.lowerBound), length: UInt32(truncatingIfNeeded: range.count))
    }

    @inlinable public var isNull: Bool { length == .max }
    /// Number of bytes; 0 for NULL.
    @inlinable public var count: Int { isNull ? 0 : Int(length) }
    @inlinable public var isEmpty: Bool { isNull || length == 0 }
    /// Whether the text lies in the store's arena instead of its source.
    @inlinable public var isInArena: Bool { position & TextRef.arenaFlag != 0 }
    /// Byte offsets into the buffer that ``isInArena`` tells; empty for NULL.
    @inlinable public var range: Range<Int> {
        let start = Int(position & ~TextRef.arenaFlag)
        return start..<(start + count)
    }
}

/// The bytes behind the ``TextRef`` values of one batch: the request body itself and an arena for derived text.
///
/// Bodies and arenas are limited to 2 GiB each; request limits keep them far below.
public struct TextStore: Sendable {
    /// The decompressed request body. Never changes after the store is made.
    public let source: [UInt8]
    /// Text that does not stand in the body as it is needed: repaired UTF-8, unescaped JSON, rendered JSON.
    public var arena: [UInt8]

    /// - Parameter source: the request body; its strings may be referred to without a copy.
    public init(source: [UInt8] = []) {
        self.source = source
        self.arena = []
    }

    /// Marks the current end of the arena; pass it to ``reference(from:)`` after appending bytes to ``arena``.
    public var mark: Int { arena.count }

    /// The text appended to the arena since `mark`.
    public func reference(from mark: Int) -> TextRef {
        TextRef(position: UInt32(truncatingIfNeeded: mark) | TextRef.arenaFlag, length: UInt32(truncatingIfNeeded: arena.count - mark))
    }

    /// A part of arena text by byte offsets into ``arena``.
    public static func arenaReference(_ range: Range<Int>) -> TextRef {
        TextRef(
            position: UInt32(truncatingIfNeeded: range.lowerBound) | TextRef.arenaFlag,
            length: UInt32(truncatingIfNeeded: range.count)
        )
    }

    /// Copies `text` into the arena.
    public mutating func append(_ text: String) -> TextRef {
        let start = mark
        arena.append(contentsOf: text.utf8)
        return reference(from: start)
    }

    /// A slice of `ref`, by byte offsets relative to its start.
    public static func slice(_ ref: TextRef, _ range: Range<Int>) -> TextRef {
        TextRef(position: ref.position + UInt32(truncatingIfNeeded: range.lowerBound), length: UInt32(truncatingIfNeeded: range.count))
    }

    /// Calls `body` with the bytes of `ref` (no bytes for NULL).
    @inlinable
    public func withBytes<R>(_ ref: TextRef, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        if ref.isNull { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
        return try (ref.isInArena ? arena : source).withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[ref.range])) }
    }

    /// The text as a `String`, nil for NULL. Allocates: for resources, scopes, logs and tests, not per span.
    public func string(_ ref: TextRef) -> String? {
        ref.isNull ? nil : withBytes(ref) { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether two references of this store hold the same bytes (NULL equals only NULL).
    public func equal(_ a: TextRef, _ b: TextRef) -> Bool {
        if a == b { return true }
        guard a.isNull == b.isNull, a.count == b.count else { return false }
        return withBytes(a) { left in withBytes(b) { right in left.elementsEqual(right) } }
    }

    /// Whether `ref` holds exactly the bytes of `literal`.
    public func equal(_ ref: TextRef, _ literal: StaticString) -> Bool {
        guard !ref.isNull, ref.count == literal.utf8CodeUnitCount else { return false }
        return withBytes(ref) { $0.elementsEqual(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)) }
    }
}
