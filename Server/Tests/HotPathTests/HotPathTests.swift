import Foundation
import Testing

/// Holds what the hot path of ingest costs per span against `thresholds.json`. Runs the program `HotPath`, in which allocations are counted.
@Suite("What a span costs on the hot path")
struct HotPathTests {
    private struct Count: Decodable {
        var allocationsPerSpan: Double?
        var instructionsPerSpan: Double?
    }

    private struct Report: Decodable {
        var configuration: String
        var decode: Count
        var extract: Count
        var notes: [String]
    }

    private struct Thresholds: Decodable {
        var decode: Count
        var extract: Count
    }

    @Test("Allocations and instructions per span stay below the committed thresholds")
    func thresholds() throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let report = try decoder.decode(Report.self, from: try run())
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "thresholds.json")
        let committed = try decoder.decode([String: Thresholds].self, from: Data(contentsOf: file))
        let thresholds = try #require(committed[report.configuration], "no thresholds for \(report.configuration)")
        for note in report.notes { print("hot path: \(note)") }
        for (name, measured, limit) in [("decode", report.decode, thresholds.decode), ("extract", report.extract, thresholds.extract)] {
            if let measured = measured.allocationsPerSpan, let limit = limit.allocationsPerSpan {
                #expect(measured <= limit, "\(name): \(measured) allocations per span; lower it, or change thresholds.json and say why")
            }
            if let measured = measured.instructionsPerSpan, let limit = limit.instructionsPerSpan {
                #expect(measured <= limit, "\(name): \(measured) instructions per span; lower it, or change thresholds.json and say why")
            }
        }
    }

    /// The program lies beside the bundle of the tests.
    private func run() throws -> Data {
        let process = Process()
        process.executableURL = try program()
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return data
    }

    private func program() throws -> URL {
        var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<5 {
            let program = folder.appending(path: "HotPath")
            if FileManager.default.isExecutableFile(atPath: program.path) { return program }
            folder.deleteLastPathComponent()
        }
        throw CocoaError(.fileNoSuchFile)
    }
}
