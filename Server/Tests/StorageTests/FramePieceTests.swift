import Testing

@testable import Storage

@Suite struct FramePieceTests {
    private func frames(_ sizes: [Int]) -> [[UInt8]] {
        sizes.enumerated().map { index, size in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) } }
    }

    @Test(arguments: [0, 1, 3_999, 4_000, 4_001, 8_000, 8_001, 100_000])
    func framesAreCutAndPutTogether(size: Int) {
        let frames = frames([size, 5, size])
        let pieces = FramePiece.cut(frames, first: 70_000)
        #expect(pieces.allSatisfy { $0.bytes.count <= FramePiece.longest })
        var assembly = FrameAssembly()
        var found: [Int: [UInt8]] = [:]
        for piece in pieces {
            let (page, following) = FramePiece.place(piece.stored)
            #expect(page == piece.page && following == piece.following)
            if let frame = assembly.add(Array(frames[piece.frame][piece.bytes]), page: page, following: following) { found[page] = frame }
        }
        #expect(found == [70_000: frames[0], 70_001: frames[1], 70_002: frames[2]])
    }

    /// What was written before frames were cut.
    @Test func aWholeFrameIsOnePiece() {
        var assembly = FrameAssembly()
        #expect(FramePiece.place(12) == (12, 0))
        #expect(assembly.add([1, 2, 3], page: 12, following: 0) == [1, 2, 3])
        #expect(assembly.add([4], page: 13, following: 0) == [4])
    }

    @Test(arguments: 0..<3) func aFrameWithAGapIsLeftOut(lost: Int) {
        let pieces = FramePiece.cut(frames([12_000, 4_100]), first: 0)
        #expect(pieces.map(\.following) == [2, 1, 0, 1, 0])
        var assembly = FrameAssembly()
        var found: [Int] = []
        for (index, piece) in pieces.enumerated() where index != lost {
            if assembly.add([0], page: piece.page, following: piece.following) != nil { found.append(piece.page) }
        }
        // Without its first piece a frame cannot be told from a shorter one: only what comes after it says that something is missing.
        #expect(found == (lost == 0 ? [0, 1] : [1]))
    }

    /// No frame of 262 MB is made here: only what its numbers would be.
    @Test func theLargestNumbersFit() {
        let piece = FramePiece(frame: 0, page: (1 << 48) - 1, following: (1 << 16) - 1, bytes: 0..<1)
        #expect(FramePiece.place(piece.stored) == (piece.page, piece.following))
    }
}
