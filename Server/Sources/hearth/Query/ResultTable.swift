/// The rows of an answer in lines for a terminal.
struct ResultTable {
    struct Column {
        var name: String
        /// Numbers stand at the right.
        var isNumber: Bool
    }

    let columns: [Column]
    /// Text of every value, NULL as `—`.
    let rows: [[String]]

    /// Fewest columns of the terminal that a value may be cut to.
    private static let narrowest = 6
    private static let gap = 2

    /// - Parameter json: `{"schema": {"fields": […]}, "data": […]}`.
    init(_ json: [UInt8]) throws(JSONParser.Failure) {
        let answer = try JSONParser.parse(json)
        guard let fields = answer["schema"]?["fields"]?.array, let data = answer["data"]?.array else {
            throw JSONParser.Failure(description: "schema or data are missing")
        }
        columns = fields.map { Column(name: $0["name"]?.string ?? "", isNumber: Self.isNumber($0["data_type"])) }
        let names = columns.map(\.name)
        rows = data.map { row in
            guard case .object(let members) = row else { return [] }
            // In the order of the schema as a rule; by name otherwise.
            if members.count == names.count, zip(members, names).allSatisfy({ $0.name == $1 }) {
                return members.map { Self.text($0.value) }
            }
            return names.map { Self.text(row[$0] ?? .null) }
        }
    }

    private static func isNumber(_ type: AnswerJSON?) -> Bool {
        let name: String? = if case .object(let members) = type { members.first?.name } else { type?.string }
        guard let name else { return false }
        return ["Int", "UInt", "Float", "Decimal"].contains { name.hasPrefix($0) }
    }

    private static func text(_ value: AnswerJSON) -> String {
        switch value {
        case .null: "—"
        case .string(let text): CellText.plain(text)
        default: CellText.plain(value.text)
        }
    }

    /// - Parameters:
    ///   - width: columns of the terminal; nil for as many as needed.
    ///   - expanded: a line per value in any case; otherwise only where the table cannot be fitted.
    func text(columns width: Int?, expanded: Bool) -> String {
        if columns.isEmpty { return "" }
        let natural = columns.indices.map { index in
            rows.reduce(CellText.width(columns[index].name)) { max($0, CellText.width($1[index])) }
        }
        guard !expanded, let widths = fit(natural, into: width) else { return lines(width) }
        var text = line(columns.map(\.name), widths)
        text += widths.map { String(repeating: "─", count: $0) }.joined(separator: String(repeating: " ", count: Self.gap)) + "\n"
        for row in rows { text += line(row, widths) }
        return text
    }

    private func line(_ values: [String], _ widths: [Int]) -> String {
        var text = ""
        for (index, value) in values.enumerated() {
            if index > 0 { text += String(repeating: " ", count: Self.gap) }
            let cut = CellText.cut(value, to: widths[index])
            text += CellText.padded(cut, to: widths[index], right: columns[index].isNumber)
        }
        while text.last == " " { text.removeLast() }
        return text + "\n"
    }

    /// Widths that fit: the widest columns give way first, numbers never; nil when there are too many columns.
    private func fit(_ natural: [Int], into width: Int?) -> [Int]? {
        guard let width else { return natural }
        let room = width - Self.gap * (natural.count - 1)
        if natural.reduce(0, +) <= room { return natural }
        let fixed = natural.indices.filter { columns[$0].isNumber || natural[$0] <= Self.narrowest }
        let flexible = natural.indices.filter { !fixed.contains($0) }
        var left = room - fixed.reduce(0) { $0 + natural[$1] }
        guard !flexible.isEmpty, left >= flexible.count * Self.narrowest else { return nil }
        var widths = natural
        // Narrow columns get what they need; what they leave is shared by the rest.
        for (place, index) in flexible.sorted(by: { natural[$0] < natural[$1] }).enumerated() {
            widths[index] = min(natural[index], left / (flexible.count - place))
            left -= widths[index]
        }
        return widths
    }

    /// One line per value, rows apart.
    private func lines(_ width: Int?) -> String {
        let names = columns.reduce(0) { max($0, CellText.width($1.name)) }
        var text = ""
        for (number, row) in rows.enumerated() {
            text += "── row \(number + 1)\n"
            for (column, value) in zip(columns, row) {
                let room = width.map { max(Self.narrowest, $0 - names - Self.gap) }
                text += CellText.padded(column.name, to: names + Self.gap, right: false)
                text += (room.map { CellText.cut(value, to: $0) } ?? value) + "\n"
            }
        }
        return text
    }
}
