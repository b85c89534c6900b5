import CAllocationCount
import Foundation
import GenAI
import OTLPIngest

/// Counts what the hot path of ingest costs: allocations and, where the system allows it, instructions, per span that a request has more.
/// Unlike times they are the same on a busy machine, so a test holds them against committed thresholds.
@main
enum HotPath {
    struct Count: Codable {
        var allocationsPerSpan: Double?
        var instructionsPerSpan: Double?
    }

    struct Report: Codable {
        /// `debug` or `release`.
        var configuration: String
        var decode: Count
        var extract: Count
        /// Why a count is missing.
        var notes: [String]
    }

    private static let (few, many) = (100, 500)

    static func main() throws {
        var notes: [String] = []
        if hearth_allocation_count() < 0 { notes.append("allocations are not counted: this C library's functions cannot be wrapped") }
        let refusal = hearth_instructions_begin()
        if refusal != 0 {
            notes.append(
                "instructions are not counted: perf_event_open says \(String(cString: strerror(refusal))); a hardware counter and "
                    + "kernel.perf_event_paranoid of 2 or less are needed")
        }
        let (small, large) = (try measure(few), try measure(many))
        let report = Report(
            configuration: configuration, decode: difference(large.decode, small.decode), extract: difference(large.extract, small.extract),
            notes: notes)
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }

    private static var configuration: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    private struct Reading {
        var allocations = hearth_allocation_count()
        var instructions = hearth_instructions()

        static func - (one: Reading, other: Reading) -> Reading {
            var difference = one
            difference.allocations = one.allocations < 0 ? -1 : one.allocations - other.allocations
            difference.instructions = one.instructions < 0 ? -1 : one.instructions - other.instructions
            return difference
        }
    }

    /// What a request of `spans` spans costs, when everything has been used once.
    private static func measure(_ spans: Int) throws -> (decode: Reading, extract: Reading) {
        let body = HotPathRequest.body(spans: spans)
        var result = (decode: Reading(), extract: Reading())
        for _ in 0..<3 {
            let start = Reading()
            var records = try TraceDecoder.decode(body, encoding: .protobuf)
            let decoded = Reading()
            let steps = StepExtractor.extract(&records)
            let extracted = Reading()
            guard steps.count > spans / 4 else { throw CocoaError(.coderInvalidValue) }
            result = (decoded - start, extracted - decoded)
        }
        return result
    }

    private static func difference(_ large: Reading, _ small: Reading) -> Count {
        let spans = Double(many - few)
        return Count(
            allocationsPerSpan: large.allocations < 0 ? nil : Double(large.allocations - small.allocations) / spans,
            instructionsPerSpan: large.instructions < 0 ? nil : Double(large.instructions - small.instructions) / spans)
    }
}
