/// A refused query for a person: what the server says, and the line of the SQL with a mark under the place.
enum SQLProblem {
    static func text(_ failure: ServerClient.Failure, sql: String) -> String {
        guard let problem = try? JSONParser.parse(failure.body) else { return failure.description }
        var text = failure.description
        if let title = problem["title"]?.string { text = "\(title): \(text)" }
        if let position = problem["position"]?.int, let place = place(sql, Int(position)) { text += "\n" + place }
        return text
    }

    /// Columns shown of a long line, half of them before the place.
    private static let window = 100

    /// The line at `position` (in Unicode scalars from the start) with a mark under the place; nil when it lies outside.
    static func place(_ sql: String, _ position: Int) -> String? {
        let scalars = Array(sql.unicodeScalars)
        guard position >= 0, position <= scalars.count else { return nil }
        let start = scalars[..<position].lastIndex(of: "\n").map { $0 + 1 } ?? 0
        let end = scalars[position...].firstIndex(of: "\n") ?? scalars.count
        let number = scalars[..<start].count { $0 == "\n" } + 1
        let isOnly = number == 1 && end == scalars.count
        let label = isOnly ? "" : "line \(number): "
        let from = position - start > window / 2 ? position - window / 2 : start
        let to = min(end, from + window)
        func plain(_ part: ArraySlice<Unicode.Scalar>) -> String {
            String(String.UnicodeScalarView(part.map { $0 == "\t" || $0 == "\r" ? " " : $0 }))
        }
        let before = (from > start ? "…" : "") + plain(scalars[from..<position])
        let line = before + plain(scalars[position..<to]) + (to < end ? "…" : "")
        let indent = String(repeating: " ", count: label.count + CellText.width(before))
        return "  \(label)\(line)\n  \(indent)^"
    }
}
