import Foundation

/// The part of a document that is generated from a run.
enum TableFile {
    private static let (start, end) = ("<!-- figures -->", "<!-- end of figures -->")

    /// Puts `report` between the two marks of the file at `path`.
    static func replace(in path: String, with report: String) throws(BenchError) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), let start = text.range(of: start),
            let end = text.range(of: end, range: start.upperBound..<text.endIndex)
        else { throw BenchError("\(path) has no lines \(start) and \(end)") }
        let replaced = text[..<start.upperBound] + "\n" + report + text[end.lowerBound...]
        do { try replaced.write(toFile: path, atomically: true, encoding: .utf8) } catch {
            throw BenchError("\(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
