/// Text of bodies that are recorded up to a limit.
package enum BodyText {
    /// The bytes as text; nil when they are none.
    ///
    /// - Parameters:
    ///   - bytes: the body or its beginning.
    ///   - isCut: whether there was more; a character that the cut has divided is left out.
    package static func text(of bytes: some BidirectionalCollection<UInt8>, isCut: Bool) -> String? {
        let whole = String(validating: bytes, as: UTF8.self)
        guard whole == nil, isCut else { return whole }
        // A character has at most four bytes, of which the first says how many.
        var end = bytes.endIndex
        for _ in 0..<3 where end > bytes.startIndex {
            end = bytes.index(before: end)
            if bytes[end] & 0xc0 == 0xc0 { return String(validating: bytes[..<end], as: UTF8.self) }
        }
        return nil
    }
}
