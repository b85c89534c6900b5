/// Puts the files that a statement has to read in the place of the tables it names.
struct FileArms: Sendable, Equatable {
    struct Arm: Sendable, Equatable {
        var alias: String
        /// Of a segment: the newest hot file whose rows count.
        var sealedHot: Int64?
        /// Of a segment: the hot files that the wanted rows of `span` came from; nil for all. Rows of one lie together, so the others are not even
        /// looked at.
        var spanHots: [Int64]?

        /// Of a hot file: whether it may have wanted rows of `span`.
        var hasSpans = true
        /// Whether message bodies are in the rows: in hot files of versions before 6.
        var hasBodiesInRows = false

        var isSegment: Bool { sealedHot != nil }
    }

    var arms: [Arm]
    /// Whether statements over the files are planned and run in one transaction. When not, the condition that leaves out rows which are just being
    /// sealed is written so that the engine cannot find it always true when it plans, and leave it out itself.
    var isOneTransaction = false
    /// Rows of the segments, whatever their times.
    var segmentRecords: Int64 = 0
    /// Rows of the hot files among them, of all projects.
    var hotRecords: Int64 = 0
    /// Only rows of these traces are wanted of `span` and `step`: a list as ``TextSetFunction`` takes it, in quotes.
    var traces: String?

    /// The text with a union over the files for every `FROM span`, `JOIN step` and so on. Only columns whose names occur in the text
    /// are taken, because planning costs per column and file.
    ///
    /// - Parameters:
    ///   - sql: text of our own making: nothing of a user's may be in it.
    ///   - conditions: columns of `span` that its files answer each in its own way.
    func resolve(_ sql: String, _ conditions: [BodyCondition] = []) -> String {
        var scanner = TableScanner(sql)
        let words = scanner.scan()
        if words.tables.isEmpty { return sql }
        var unions: [PhysicalTable: String] = [:]
        var result = ""
        result.reserveCapacity(sql.utf8.count + 1024)
        var position = sql.startIndex
        for place in words.tables {
            result += sql[position..<place.range.lowerBound]
            let union = unions[place.table] ?? self.union(place.table, conditions) { words.names.contains(Substring($0)) }
            unions[place.table] = union
            result += union
            if !place.hasAlias { result += " AS \(place.table.rawValue)" }
            position = place.range.upperBound
        }
        return result + sql[position...]
    }

    /// The file that has all wanted rows of `span`, when there is one alone: what names it in the place of the union is a subquery less to plan and
    /// to run.
    var onlyFile: OnlyFile? {
        let arms = spanArms
        guard arms.count == 1, let arm = arms.first else { return nil }
        return OnlyFile(
            table: "\(arm.alias).\(PhysicalTable.span.rawValue)", conditions: conditions(.span, arm, "s."),
            bodies: Self.bodies(arm, "s."), wholeAttributes: Self.whole(arm, "s."), endTimestamp: Self.end(arm, "s."),
            stackTrace: Self.stackTrace(arm, "s."))
    }

    private var spanArms: [Arm] { arms.contains(where: \.hasSpans) ? arms.filter(\.hasSpans) : arms }

    /// The table's rows in all files, in parentheses.
    func union(_ table: PhysicalTable, _ conditions: [BodyCondition] = [], where isNeeded: (String) -> Bool) -> String {
        let columns = table.readableColumns.filter(isNeeded)
        let conditions = table == .span ? conditions.filter { isNeeded($0.name) } : []
        let selects = (table == .span ? spanArms : arms).map { arm in
            var expressions = columns.map { column in
                switch column {
                case "bodies": "\(Self.bodies(arm)) AS bodies"
                case "end_timestamp" where arm.isSegment: "\(Self.end(arm)) AS end_timestamp"
                case "exception_stacktrace" where arm.isSegment: "\(Self.stackTrace(arm)) AS exception_stacktrace"
                default: column
                }
            }
            if table == .span, isNeeded(Self.wholeAttributes) { expressions.append("\(Self.whole(arm)) AS \(Self.wholeAttributes)") }
            for condition in conditions {
                expressions.append(
                    arm.hasBodiesInRows ? "\(condition.onJSON("bodies")) AS \(condition.name)" : condition.onPages(arm.alias))
            }
            let list = expressions.isEmpty ? "project_id" : expressions.joined(separator: ", ")
            let rows = self.conditions(table, arm)
            let condition = rows.isEmpty ? "" : " WHERE " + rows.joined(separator: " AND ")
            return "SELECT \(list) FROM \(arm.alias).\(table.rawValue)\(condition)"
        }
        return "(" + selects.joined(separator: " UNION ALL ") + ")"
    }

    /// The name of a column of `span` that no file has: all attributes, message bodies among them.
    static let wholeAttributes = "whole_attributes"

    // Expressions over an arm's columns with their alias and a point, or without.

    private static func whole(_ arm: Arm, _ alias: String = "") -> String {
        arm.hasBodiesInRows
            ? "\(BodyFunctions.joined)(\(alias)bodies, \(alias)attributes)"
            : "\(BodyFunctions.attributes)('\(arm.alias)', \(alias)body, \(alias)attributes)"
    }

    private static func bodies(_ arm: Arm, _ alias: String = "") -> String {
        arm.hasBodiesInRows ? "\(alias)bodies" : "\(BodyFunctions.bodies)('\(arm.alias)', \(alias)body)"
    }

    private static func end(_ arm: Arm, _ alias: String = "") -> String {
        arm.isSegment ? EndFunction.value(alias) : "\(alias)end_timestamp"
    }

    private static func stackTrace(_ arm: Arm, _ alias: String = "") -> String {
        arm.isSegment ? StackTraceFunction.value(alias) : "\(alias)exception_stacktrace"
    }

    /// Which rows of an arm count.
    private func conditions(_ table: PhysicalTable, _ arm: Arm, _ alias: String = "") -> [String] {
        var conditions: [String] = []
        if let sealedHot = arm.sealedHot {
            if table == .span, isOneTransaction, let hots = arm.spanHots {
                conditions.append(hots.isEmpty ? "false" : "\(alias)hot IN (\(hots.map(String.init).joined(separator: ", ")))")
            } else {
                conditions.append("\(isOneTransaction ? "\(alias)hot" : "xor(\(alias)hot, 0::BIGINT)") <= \(sealedHot)")
            }
        }
        if let traces, table == .span || table == .step { conditions.append("\(TextSetFunction.name)(\(alias)trace_id, \(traces))") }
        return conditions
    }
}

/// The only file with wanted rows of `span`, in expressions for a statement that calls it `s`.
struct OnlyFile: Sendable, Equatable {
    var table: String
    /// Which of its rows count.
    var conditions: [String]
    var bodies: String
    /// All attributes, message bodies among them.
    var wholeAttributes: String
    var endTimestamp: String
    var stackTrace: String
}

/// Finds the tables that a text reads and the words in it.
private struct TableScanner {
    struct Place {
        var table: PhysicalTable
        var range: Range<String.Index>
        var hasAlias: Bool
    }

    private let sql: String
    private let utf8: String.UTF8View
    private static let names = Set(PhysicalTable.allCases.map(\.rawValue))
    /// Words that can follow a table without an alias.
    private static let followers: Set<String> = [
        "WHERE", "GROUP", "ORDER", "LEFT", "JOIN", "LIMIT", "UNION", "ON", "QUALIFY", "SEMI", "ANTI", "HAVING", "INNER", "CROSS", "USING",
    ]

    init(_ sql: String) {
        self.sql = sql
        utf8 = sql.utf8
    }

    mutating func scan() -> (tables: [Place], names: Set<Substring>) {
        var tables: [Place] = []
        var names: Set<Substring> = []
        var previous: Substring = ""
        var pending = false
        var index = utf8.startIndex
        while index < utf8.endIndex {
            let byte = utf8[index]
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                index = end(of: byte, after: index)
                pending = false
                previous = ""
            } else if Self.isWord(byte) {
                let start = index
                while index < utf8.endIndex, Self.isWord(utf8[index]) { index = utf8.index(after: index) }
                let word = sql[start..<index]
                names.insert(word)
                if pending {
                    tables[tables.count - 1].hasAlias = !Self.followers.contains(String(word))
                    pending = false
                }
                if previous == "FROM" || previous == "JOIN", Self.names.contains(String(word)),
                    let table = PhysicalTable(rawValue: String(word))
                {
                    tables.append(Place(table: table, range: start..<index, hasAlias: false))
                    pending = true
                }
                previous = word
            } else {
                let isSpace = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n")
                if !isSpace {
                    pending = false
                    previous = ""
                }
                index = utf8.index(after: index)
            }
        }
        return (tables, names)
    }

    /// After the closing quote; doubled ones are met as another literal.
    private func end(of quote: UInt8, after start: String.Index) -> String.Index {
        var index = utf8.index(after: start)
        while index < utf8.endIndex, utf8[index] != quote { index = utf8.index(after: index) }
        return index < utf8.endIndex ? utf8.index(after: index) : index
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A) || byte == 0x5F
    }
}
