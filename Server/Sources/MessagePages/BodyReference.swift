/// Where a body is: the number of its page in the file, and its place in the page.
public struct BodyReference: Sendable, Hashable {
    public var rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// - Parameters:
    ///   - page: below 2^32.
    ///   - slot: below 2^16.
    init(page: Int, slot: Int) { rawValue = UInt64(page) << 16 | UInt64(slot) }

    var page: Int { Int(rawValue >> 16) }
    var slot: Int { Int(rawValue & 0xFFFF) }
}
