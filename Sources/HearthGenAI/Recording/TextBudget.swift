/// Text that grows by pieces up to a limit; what is beyond is left out.
struct GrowingText: Sendable {
    private(set) var text = ""
    private(set) var isCut = false

    var isEmpty: Bool { text.isEmpty }

    mutating func append(_ piece: String) {
        guard text.utf8.count + piece.utf8.count <= ModelExchange.maximumTextBytes else {
            isCut = true
            return
        }
        text += piece
    }
}
