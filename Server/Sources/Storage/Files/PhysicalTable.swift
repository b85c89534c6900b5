/// The tables that every file of telemetry has; all else is in the catalog. Message bodies are in pages, and `body` of `span` says where: those of
/// segments in a page file, those of hot files in ``BodyPageTable``.
enum PhysicalTable: String, CaseIterable, Sendable {
    case span, step
    case stepDecision = "step_decision"
    case metricPoint = "metric_point"

    /// The table as a hot file has it.
    private var definition: String {
        switch self {
        case .span: Schema.span
        case .step: Schema.step
        case .stepDecision: Schema.stepDecision
        case .metricPoint: Schema.metricPoint
        }
    }

    /// Definitions of the columns in order, such as `kind UTINYINT`.
    private var columnDefinitions: [String] {
        let body = definition.drop { $0 != "(" }.dropFirst()
        let lines = body.prefix { $0 != ")" }.split(separator: "\n").map { $0.trimmed }
        let own = lines.map { $0.hasSuffix(",") ? String($0.dropLast()) : $0 }.filter { !$0.isEmpty }
        switch self {
        case .step: return own + Schema.stepVersion2Columns + [Schema.stepKeyColumn]
        case .stepDecision: return own + [Schema.stepKeyColumn]
        case .span: return own.map { $0.hasPrefix("bodies ") ? "body UBIGINT" : $0 }
        case .metricPoint: return own
        }
    }

    private static let names: [PhysicalTable: [String]] = Dictionary(
        uniqueKeysWithValues: allCases.map { table in
            (table, table.columnDefinitions.map { String($0.prefix { $0 != " " }) })
        })

    /// Names of the columns in the order in which the writer fills them.
    var columns: [String] { Self.names[self] ?? [] }

    /// The time by which a row belongs to a day; decisions belong to that of their step.
    var timeColumn: String { self == .metricPoint ? "recorded_timestamp" : "start_timestamp" }

    /// Names of the columns for reading: message bodies by what they are, not by where they are.
    var readableColumns: [String] { columns.map { $0 == "body" ? "bodies" : $0 } }

    /// CREATE TABLE in a hot file that is attached as `alias`.
    func createHot(in alias: String) -> String {
        "CREATE TABLE IF NOT EXISTS \(alias).\(rawValue) (\(columnDefinitions.joined(separator: ", ")))"
    }

    /// CREATE TABLE in a segment: `hot` is the number of the hot file that a row came from.
    func createSegment(in alias: String) -> String {
        let columns = columnDefinitions + ["hot BIGINT"]
        return "CREATE TABLE IF NOT EXISTS \(alias).\(rawValue) (\(columns.joined(separator: ", ")))"
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
