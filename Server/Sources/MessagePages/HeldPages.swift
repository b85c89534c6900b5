import Synchronization

/// Packed pages in memory: those of records that are not sealed yet.
final class HeldPages: Sendable {
    private struct State {
        var frames: [Int: [UInt8]] = [:]
        var count = 0
    }

    private let name: String
    private let unpacker = PageUnpacker()
    private let state = Mutex(State())

    init(name: String) { self.name = name }

    /// One more than the largest number of a page.
    var pageCount: Int { state.withLock { $0.count } }

    func add(_ frame: [UInt8], number: Int) {
        state.withLock { state in
            state.frames[number] = frame
            state.count = max(state.count, number + 1)
        }
    }

    func page(_ number: Int) throws(PageError) -> Page {
        guard let frame = state.withLock({ $0.frames[number] }) else {
            throw PageError(code: .damaged, message: "\(name) has no page \(number)")
        }
        guard frame.count >= PageFormat.headerSize, frame.read32(0) == Int(PageFormat.magic),
            frame.read64(12) == PageFormat.noDictionary, frame.read32(8) <= PageFormat.maximumRawBytes,
            let raw = unpacker.unpack(frame[PageFormat.headerSize...], frame.read32(8), nil)
        else { throw PageError(code: .damaged, message: "page \(number) of \(name) is damaged") }
        return try Page(raw: raw)
    }
}
