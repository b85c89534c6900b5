import Foundation
import Testing

/// A file of cases: a comment with the name, the input, `-- =>`, and the expected output. Run the tests with
/// `HEARTH_UPDATE_GOLDENS=1` to write the outputs anew, then read the difference.
struct GoldenFile {
    struct Case {
        var name: String
        var input: String
        var output: String
    }

    private let url: URL
    var cases: [Case]

    static var isUpdating: Bool { ProcessInfo.processInfo.environment["HEARTH_UPDATE_GOLDENS"] != nil }

    init(_ name: String, sourceFile: String = #filePath) throws {
        url = URL(fileURLWithPath: sourceFile).deletingLastPathComponent().appendingPathComponent("Goldens/\(name)")
        let text = try String(contentsOf: url, encoding: .utf8)
        cases = ("\n" + text).components(separatedBy: "\n-- # ").dropFirst().map { block in
            let lines = block.components(separatedBy: "\n")
            let body = lines.dropFirst().joined(separator: "\n")
            let parts = body.components(separatedBy: "\n-- =>\n")
            return Case(
                name: lines[0],
                input: parts[0].trimmingCharacters(in: .newlines),
                output: parts.count > 1 ? parts[1].trimmingCharacters(in: .newlines) : ""
            )
        }
    }

    /// Compares every case with what `transform` makes of it.
    func check(_ transform: (String) throws -> String) throws {
        var updated = self
        for index in cases.indices {
            let output: String
            do { output = try transform(cases[index].input) } catch { output = "ERROR \(error)" }
            updated.cases[index].output = output
            if !Self.isUpdating {
                #expect(output == cases[index].output, "\(url.lastPathComponent): \(cases[index].name)")
            }
        }
        guard Self.isUpdating else { return }
        let text = updated.cases.map { "-- # \($0.name)\n\($0.input)\n-- =>\n\($0.output)\n" }.joined(separator: "\n")
        try text.write(to: url, atomically: true, encoding: .utf8)
    }
}
