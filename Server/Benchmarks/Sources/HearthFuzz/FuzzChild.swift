import Foundation
import Fuzzing

/// What a child tells its parent, in a file that both map: survives the child's death.
struct FuzzNote {
    /// Number of the case that runs, or that comes next.
    var number: UInt64 = 0
    var refused: UInt64 = 0
    var accepted: UInt64 = 0
    var rows: UInt64 = 0
    var slowestNanoseconds: UInt64 = 0
    var slowest: UInt64 = 0

    /// Maps the note in `path`, which has the size of one.
    static func map(_ path: String) throws -> UnsafeMutablePointer<FuzzNote> {
        let file = open(path, O_RDWR)
        guard file >= 0 else { throw CocoaError(.fileReadNoSuchFile) }
        defer { close(file) }
        let memory = mmap(nil, MemoryLayout<FuzzNote>.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
        guard let memory, memory != MAP_FAILED else { throw CocoaError(.fileReadUnknown) }
        return memory.bindMemory(to: FuzzNote.self, capacity: 1)
    }
}

/// Runs cases one after another and notes how far it is.
struct FuzzChild {
    let corpus: FuzzCorpus
    let note: String

    func run(from: UInt64, cases: UInt64) throws {
        let note = try FuzzNote.map(self.note)
        for number in from..<from + cases {
            note.pointee.number = number
            let started = ContinuousClock.now
            switch try FuzzCase(number: number, corpus: corpus).run() {
            case .refused: note.pointee.refused += 1
            case .accepted(let rows):
                note.pointee.accepted += 1
                note.pointee.rows += UInt64(rows)
            }
            let (seconds, attoseconds) = (ContinuousClock.now - started).components
            let time = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
            if time > note.pointee.slowestNanoseconds {
                note.pointee.slowestNanoseconds = time
                note.pointee.slowest = number
            }
        }
        note.pointee.number = from + cases
    }
}
