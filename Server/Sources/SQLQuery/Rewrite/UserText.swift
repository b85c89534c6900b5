/// SQL text of a user, repaired for the parser, with the way back to its places.
struct UserText {
    let original: [UInt8]
    let repaired: [UInt8]
    private let positions: PositionMap

    init(_ text: String) throws(QueryError) {
        original = Array(text.utf8)
        guard original.count <= QueryCompiler.maximumBytes else {
            throw QueryError(
                code: .tooComplex, message: "a query may have \(QueryCompiler.maximumBytes) bytes, this one has \(original.count)")
        }
        do throws(QueryError) {
            let repair = try TextRepair(original)
            repaired = repair.output
            positions = repair.positions
        } catch {
            var error = error
            error.position = error.position.map { [original] in Self.scalars(in: original, before: $0) }
            throw error
        }
    }

    /// Whether there is more than space and comments.
    var hasContent: Bool { ((try? SQLLexer.tokens(of: repaired)) ?? []).contains(where: \.isSignificant) }

    func startsWith(_ keyword: String) -> Bool {
        guard let first = (try? SQLLexer.tokens(of: repaired))?.first(where: \.isSignificant) else { return false }
        return String(decoding: repaired[first.start..<first.end], as: UTF8.self).lowercased() == keyword
    }

    /// The error with its byte offset into ``repaired`` turned into a character offset into ``original``.
    func located(_ error: QueryError) -> QueryError {
        var error = error
        error.position = error.position.map { Self.scalars(in: original, before: positions.input(at: $0)) }
        return error
    }

    /// Unicode scalars before the byte at `offset`.
    static func scalars(in text: [UInt8], before offset: Int) -> Int {
        text.prefix(offset).reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : 1) }
    }

    /// The character offset of the `count`-th token (from 0) that reads like `token`.
    func position(of token: String, count: Int) -> Int? {
        guard let tokens = try? SQLLexer.tokens(of: original) else { return nil }
        let same = tokens.filter { $0.isSignificant && Self.name(of: $0, in: original) == token }
        guard let found = same.indices.contains(count) ? same[count] : same.first else { return nil }
        return Self.scalars(in: original, before: found.start)
    }

    /// A token's text for comparing: names without quotes and in lower case.
    static func name(of token: SQLToken, in text: [UInt8]) -> String {
        let piece = String(decoding: text[token.start..<token.end], as: UTF8.self)
        switch token.kind {
        case .identifier: return piece.lowercased()
        case .quotedIdentifier: return piece.dropFirst().dropLast().replacing("\"\"", with: "\"").lowercased()
        default: return piece
        }
    }
}
