/// What one row of ``BodyPageTable`` has of a frame.
///
/// Long frames are cut: the engine keeps values of more than 4,096 bytes in blocks of their own, and each commit copies those of up to 2,047 rows
/// before its own, because it reads what it writes to the log in whole vectors.
struct FramePiece: Equatable {
    /// Index of the frame among those of its batch.
    let frame: Int
    /// The number of its page.
    let page: Int
    /// How many pieces of the frame come after this one.
    let following: Int
    let bytes: Range<Int>

    /// The longest piece, in bytes: below what the engine keeps in blocks of their own.
    static let longest = 4_000
    /// The number of a page has 48 bits, the pieces that follow 16. A frame that was stored whole reads as one piece.
    private static let numberBits: UInt64 = 48
    private static let mostFollowing = (1 << 16) - 1

    /// The pieces of frames whose pages have the numbers from `first` on.
    static func cut(_ frames: [[UInt8]], first: Int) -> [FramePiece] {
        var pieces: [FramePiece] = []
        pieces.reserveCapacity(frames.count * 4)
        for (index, frame) in frames.enumerated() {
            // Frames of more than 262 MB have longer pieces: the number has no room for more of them.
            let length = max(longest, frame.count / mostFollowing + 1)
            let count = max(1, (frame.count + length - 1) / length)
            for piece in 0..<count {
                pieces.append(
                    FramePiece(
                        frame: index, page: first + index, following: count - 1 - piece,
                        bytes: piece * length..<min(frame.count, (piece + 1) * length)))
            }
        }
        return pieces
    }

    /// The value of column `page`.
    var stored: UInt64 { UInt64(following) << Self.numberBits | UInt64(page) }

    /// What a value of column `page` says.
    static func place(_ stored: UInt64) -> (page: Int, following: Int) {
        (Int(stored & ((1 << numberBits) - 1)), Int(stored >> numberBits))
    }
}

/// Puts frames together from their pieces, which come in order.
struct FrameAssembly {
    private var page = -1
    private var bytes: [UInt8] = []
    private var missing = 0

    /// Adds a piece.
    ///
    /// - Returns: the frame when this was its last piece; nil before that, and after a gap: a reader of the page is told that it is not there.
    ///   Without its first pieces a frame cannot be told from a shorter one; the page then fails when it is unpacked.
    mutating func add(_ piece: [UInt8], page: Int, following: Int) -> [UInt8]? {
        if page != self.page {
            self.page = page
            bytes = []
            missing = following
        }
        guard following == missing else {
            missing = -1
            return nil
        }
        missing -= 1
        bytes += piece
        return following == 0 ? bytes : nil
    }
}
