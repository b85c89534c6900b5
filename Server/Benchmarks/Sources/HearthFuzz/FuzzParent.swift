import Foundation
import Fuzzing

/// What a run found.
struct FuzzOutcome {
    var cases: UInt64
    var seconds: Double
    var note: FuzzNote
    /// Bytes; of the largest child.
    var peakResident: Int
    var crashed: [UInt64]

    var slowestMilliseconds: Double { Double(note.slowestNanoseconds) / 1_000_000 }

    var report: String {
        """
        cases            \(cases)
        seconds          \(seconds.formatted(.number.precision(.fractionLength(1))))
        cases a second   \(Int(Double(cases) / max(seconds, 0.001)))
        refused          \(note.refused)
        accepted         \(note.accepted) with \(note.rows) rows and points
        slowest case     \(note.slowest): \(slowestMilliseconds.formatted(.number.precision(.fractionLength(2)))) ms
        peak memory      \(peakResident / 1_048_576) MiB
        crashes          \(crashed.isEmpty ? "none" : crashed.map(String.init).joined(separator: ", "))
        """
    }
}

/// Starts children until all cases ran, and remembers what they died of.
struct FuzzParent {
    let corpus: FuzzCorpus
    let folders: [String]
    /// Milliseconds.
    let slow: Int

    func run(from: UInt64, cases: UInt64) throws -> FuzzOutcome {
        let path = NSTemporaryDirectory() + "hearth-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
        try Data(count: MemoryLayout<FuzzNote>.size).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        let note = try FuzzNote.map(path)
        let started = ContinuousClock.now
        var crashed: [UInt64] = []
        var next = from
        while next < from + cases {
            note.pointee.number = next
            let status = try child(from: next, cases: from + cases - next, note: path)
            guard status != 0 else { break }
            let number = note.pointee.number
            crashed.append(number)
            let file = "fuzz-crash-\(number).bin"
            try Data(FuzzCase(number: number, corpus: corpus).body).write(to: URL(fileURLWithPath: file))
            let report = "hearth-fuzz: case \(number) ended the process with \(status); its bytes are in \(file)\n"
            FileHandle.standardError.write(Data(report.utf8))
            guard crashed.count < 20 else { break }
            next = number + 1
        }
        let (seconds, attoseconds) = (ContinuousClock.now - started).components
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return FuzzOutcome(
            cases: min(note.pointee.number, from + cases) - from, seconds: Double(seconds) + Double(attoseconds) / 1e18, note: note.pointee,
            peakResident: Int(usage.ru_maxrss) * 1_024, crashed: crashed)
    }

    /// Runs a child to its end: 0, or the signal or exit code it ended with.
    private func child(from: UInt64, cases: UInt64, note: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--from", "\(from)", "--cases", "\(cases)", "--note", note] + folders.flatMap { ["--corpus", $0] }
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
