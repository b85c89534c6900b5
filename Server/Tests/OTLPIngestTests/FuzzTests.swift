import Foundation
import Fuzzing
import Testing

/// A bounded part of the fuzz that `make fuzz` runs for long: every case is refused with a reason or decoded to well-formed rows.
@Suite struct FuzzTests {
    /// Cases in all; a release build runs as many in seconds.
    private static let cases: UInt64 = ProcessInfo.processInfo.environment["HEARTH_FUZZ_CASES"].flatMap { UInt64($0) } ?? 4_000
    private static let parts: UInt64 = 4

    private static func corpus() throws -> FuzzCorpus {
        let own = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        var folders = [own]
        if let recordings = Fixture.recordings { folders.append(recordings) }
        if let more = ProcessInfo.processInfo.environment["HEARTH_OTLP_FIXTURES"] { folders.append(URL(fileURLWithPath: more)) }
        return try FuzzCorpus(folders: folders)
    }

    @Test(arguments: 0..<parts) func damagedRequests(part: UInt64) throws {
        let corpus = try Self.corpus()
        var refused = 0
        var accepted = 0
        for number in stride(from: part, to: Self.cases, by: Int(Self.parts)) {
            switch try FuzzCase(number: number, corpus: corpus).run() {
            case .refused: refused += 1
            case .accepted: accepted += 1
            }
        }
        #expect(refused > 0)
        #expect(accepted > 0)
    }

    /// A case is found again by its number.
    @Test func casesAreTheSameEachTime() throws {
        let corpus = try Self.corpus()
        #expect(FuzzCase(number: 7, corpus: corpus).body == FuzzCase(number: 7, corpus: corpus).body)
        #expect(FuzzCase(number: 7, corpus: corpus).body != FuzzCase(number: 8, corpus: corpus).body)
    }
}
