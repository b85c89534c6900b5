import ArgumentParser
import Foundation
import Fuzzing

/// Runs millions of damaged requests through the unpackers, the decoders and GenAI extraction.
@main
struct HearthFuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth-fuzz",
        abstract: "Send damaged requests through the decoders; report crashes, speed, memory and the slowest case.",
        discussion: """
            Cases are numbered: the same number and corpus give the same bytes, so a crash is found again with --from NUMBER --cases 1. They run in a \
            child process; when it dies, the case is written to a file and the run goes on behind it.
            """
    )

    @Option(help: ArgumentHelp("Cases to run.", valueName: "number"))
    var cases: UInt64 = 5_000_000

    @Option(help: ArgumentHelp("Number of the first case.", valueName: "number"))
    var from: UInt64 = 0

    @Option(help: ArgumentHelp("Folder of recorded requests (repeatable).", valueName: "folder"))
    var corpus: [String] = ["Conformance/fixtures/otlp"]

    @Option(help: ArgumentHelp("Longest time of one case before it counts as a defect.", valueName: "milliseconds"))
    var slow = 1_000

    @Option(help: .private)
    var note: String?

    func run() throws {
        let corpus = try FuzzCorpus(folders: corpus.map { URL(fileURLWithPath: $0) })
        if let note {
            try FuzzChild(corpus: corpus, note: note).run(from: from, cases: cases)
            return
        }
        let outcome = try FuzzParent(corpus: corpus, folders: self.corpus, slow: slow).run(from: from, cases: cases)
        print(outcome.report)
        if !outcome.crashed.isEmpty || outcome.slowestMilliseconds > Double(slow) { throw ExitCode.failure }
    }
}
