/// How much of one streamed answer may be kept, so that none takes all memory; what is beyond is left out.
struct TextBudget: Sendable {
    private var left = ModelExchange.maximumTextBytes

    /// Appends a piece while there is room for it.
    mutating func append(_ piece: String, to text: inout String) {
        if take(piece.utf8.count) { text += piece }
    }

    /// Whether something of this size may still be kept.
    mutating func take(_ bytes: Int) -> Bool {
        guard bytes <= left else { return false }
        left -= bytes
        return true
    }
}
