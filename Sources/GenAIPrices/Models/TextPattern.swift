/// A regular expression of the data, compiled once.
///
/// Matching changes nothing in it: `Regex` is not marked as sendable only because it may carry closures, which one made from text never has.
final class TextPattern: @unchecked Sendable {
    let source: String
    private let regex: Regex<AnyRegexOutput>

    /// - Throws: ``PriceDataError`` when the text is no regular expression.
    init(_ source: String) throws(PriceDataError) {
        self.source = source
        do {
            regex = try Regex(source).matchingSemantics(.unicodeScalar)
        } catch {
            throw .invalid("", "\(source) is not a regular expression: \(error)")
        }
    }

    /// Whether the expression matches anywhere.
    func isFound(in text: String) -> Bool { ((try? regex.firstMatch(in: text)) ?? nil) != nil }

    /// Whether the expression matches at the beginning.
    func isPrefix(of text: String) -> Bool { ((try? regex.prefixMatch(in: text)) ?? nil) != nil }
}
