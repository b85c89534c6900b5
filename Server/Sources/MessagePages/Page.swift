import CZstd

/// An unpacked page of message bodies.
final class Page: Sendable {
    private struct Piece {
        var key: Int
        var base: Int
        var prefix: Int
        var start: Int
        var count: Int
    }

    private let raw: [UInt8]
    private let keys: [Range<Int>]
    private let pieces: [Piece]
    /// The first piece of each body, and the end.
    private let firstPieces: [Int]

    /// Bytes in memory, roughly.
    var byteCount: Int { raw.count + pieces.count * MemoryLayout<Piece>.stride }
    var bodyCount: Int { firstPieces.count - 1 }
    /// Steps from a value to the one that has its first bytes itself, of the value that is farthest away from them.
    var longestChain: Int {
        var steps = [Int](repeating: 0, count: pieces.count)
        for (index, piece) in pieces.enumerated() where piece.base >= 0 { steps[index] = steps[piece.base] + 1 }
        return steps.max() ?? 0
    }

    /// - Throws: ``PageError`` when the bytes are not those of a page.
    init(raw: [UInt8]) throws(PageError) {
        var reader = Reader(raw)
        var keys: [Range<Int>] = []
        for _ in 0..<(try reader.next16()) { keys.append(try reader.bytes(try reader.next16())) }
        var firstPieces = [0]
        for _ in 0..<(try reader.next16()) { firstPieces.append(firstPieces[firstPieces.count - 1] + (try reader.next16())) }
        let count = firstPieces[firstPieces.count - 1]
        guard count * PageFormat.pieceSize <= raw.count - reader.offset else { throw Self.damaged }
        var pieces: [Piece] = []
        pieces.reserveCapacity(count)
        var start = reader.offset + count * PageFormat.pieceSize
        for index in 0..<count {
            let at = reader.offset + index * PageFormat.pieceSize
            let piece = Piece(
                key: raw.read16(at), base: raw.read32(at + 2) - 1, prefix: raw.read32(at + 6), start: start, count: raw.read32(at + 10))
            start += piece.count
            guard piece.key < keys.count, piece.base < index, start <= raw.count,
                piece.prefix == 0 || (piece.base >= 0 && piece.prefix <= pieces[piece.base].prefix + pieces[piece.base].count)
            else { throw Self.damaged }
            pieces.append(piece)
        }
        guard start == raw.count else { throw Self.damaged }
        self.raw = raw
        self.keys = keys
        self.pieces = pieces
        self.firstPieces = firstPieces
    }

    private static let damaged = PageError(code: .damaged, message: "a page of messages is damaged")

    private struct Reader {
        let raw: [UInt8]
        var offset = 0

        init(_ raw: [UInt8]) { self.raw = raw }

        mutating func next16() throws(PageError) -> Int {
            let range = try bytes(2)
            return raw.read16(range.lowerBound)
        }

        mutating func bytes(_ count: Int) throws(PageError) -> Range<Int> {
            guard offset + count <= raw.count else { throw Page.damaged }
            defer { offset += count }
            return offset..<offset + count
        }
    }

    // MARK: Bodies

    /// The text of a body, exactly as it was added.
    ///
    /// - Parameter members: where its members are in the text, in order; nil for a text that is no object.
    /// - Returns: false when there is no such slot.
    func body(_ slot: Int, into text: inout [UInt8], members: inout [BodyMembers.Member]?) -> Bool {
        guard slot < bodyCount else { return false }
        text.removeAll(keepingCapacity: true)
        let range = firstPieces[slot]..<firstPieces[slot + 1]
        if range.count == 1, keys[pieces[range.lowerBound].key].isEmpty {
            members = nil
            appendValue(range.lowerBound, to: &text)
            return true
        }
        var found = members.take() ?? []
        found.removeAll(keepingCapacity: true)
        text.append(UInt8(ascii: "{"))
        for index in range {
            if index > range.lowerBound { text.append(UInt8(ascii: ",")) }
            let start = text.count
            text.append(contentsOf: raw[keys[pieces[index].key]])
            let end = text.count
            text.append(UInt8(ascii: ":"))
            appendValue(index, to: &text)
            found.append(BodyMembers.Member(key: start..<end, value: end + 1..<text.count))
        }
        text.append(UInt8(ascii: "}"))
        members = found
        return true
    }

    /// Appends a value: its own bytes after what it shares with its base, and so on down the chain.
    private func appendValue(_ index: Int, to text: inout [UInt8]) {
        var index = index
        var end = pieces[index].prefix + pieces[index].count
        let start = text.count
        // From the end to the beginning, so no recursion is needed; the room is made first.
        text.append(contentsOf: repeatElement(0, count: end))
        text.withUnsafeMutableBufferPointer { text in
            while true {
                let piece = pieces[index]
                if end > piece.prefix {
                    raw.withUnsafeBufferPointer { raw in
                        let source = UnsafeBufferPointer(rebasing: raw[piece.start..<piece.start + end - piece.prefix])
                        _ = UnsafeMutableBufferPointer(rebasing: text[(start + piece.prefix)..<(start + end)]).update(
                            fromContentsOf: source)
                    }
                }
                if piece.prefix == 0 || piece.base < 0 { return }
                end = min(end, piece.prefix)
                index = piece.base
            }
        }
    }

    // MARK: Search

    /// Whether the value of one of the needle's keys contains its text, for every body.
    func search(_ needle: Needle) -> [Bool] {
        var result = [Bool](repeating: false, count: bodyCount)
        let isWanted = keys.map { key in needle.quotedKeys.contains { raw[key].elementsEqual($0) } }
        guard isWanted.contains(true) else { return result }
        // Where the first match in a piece's value ends; Int.max for none. Later pieces share beginnings.
        var firstEnds = [Int](repeating: .max, count: pieces.count)
        var scratch: [UInt8] = []
        for slot in 0..<bodyCount {
            for index in firstPieces[slot]..<firstPieces[slot + 1] where isWanted[pieces[index].key] {
                let piece = pieces[index]
                if piece.base >= 0, firstEnds[piece.base] <= piece.prefix {
                    firstEnds[index] = firstEnds[piece.base]
                } else {
                    // A match may begin in the shared part, so the own bytes are looked at with what lies before them.
                    let overlap = min(piece.prefix, needle.overlap)
                    tail(piece, overlap, into: &scratch)
                    if let end = needle.firstMatchEnd(in: &scratch) { firstEnds[index] = piece.prefix - overlap + end }
                }
                if firstEnds[index] != .max { result[slot] = true }
            }
        }
        return result
    }

    /// The last `overlap` bytes of the shared part, then the own bytes.
    private func tail(_ piece: Piece, _ overlap: Int, into text: inout [UInt8]) {
        text.removeAll(keepingCapacity: true)
        if overlap > 0 { appendShared(piece, from: piece.prefix - overlap, to: &text) }
        text.append(contentsOf: raw[piece.start..<piece.start + piece.count])
    }

    private func appendShared(_ piece: Piece, from start: Int, to text: inout [UInt8]) {
        var pieces: [(Piece, end: Int)] = []
        var current = piece
        var end = piece.prefix
        while end > start, current.base >= 0 {
            current = self.pieces[current.base]
            pieces.append((current, end))
            end = min(end, current.prefix)
        }
        for (piece, end) in pieces.reversed() where end > max(start, piece.prefix) {
            let from = max(start, piece.prefix) - piece.prefix
            text.append(contentsOf: raw[(piece.start + from)..<(piece.start + end - piece.prefix)])
        }
    }

    /// Calls `body` with the own bytes of every piece, for an index.
    func forEachOwnText(_ body: (_ key: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Void) {
        for piece in pieces { body(raw[keys[piece.key]], raw[piece.start..<piece.start + piece.count]) }
    }
}
