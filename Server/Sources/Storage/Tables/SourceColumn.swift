/// A column of a logical table: how it is computed from the physical tables.
struct SourceColumn {
    /// What has to be joined for the column: the row's resource, scope or record; the sums over a run's calls and tools; of an evaluation its
    /// experiment and what it judges; of an experiment the sums over its cases.
    enum Join: Hashable {
        case resource, scope, record, calls, tools, sample, experiment, judged, response, agent, cases, failures

        /// Whose names are joined.
        var nameOwner: NameColumn.Owner? { self == .resource ? .resource : self == .scope ? .scope : nil }
    }

    var name: String
    var expression: String
    var join: Join?
    /// False for columns that appear only when asked for by name.
    var isPublic = true
    /// How the value follows from a stored one; nil when only ``expression`` says.
    var reading: Reading?

    /// A stored column and what makes the value of it: the same as the expression, for who reads whole rows (``RowLayout``).
    struct Reading {
        /// Of the table itself.
        var column: String
        var value: RowLayout.Value
    }

    init(_ name: String, _ expression: String, join: Join? = nil, isPublic: Bool = true) {
        self.name = name
        self.expression = expression
        self.join = join
        self.isPublic = isPublic
    }
}

extension SourceColumn {
    /// A column that is stored as a number.
    ///
    /// - Parameters:
    ///   - words: what the numbers from `first` on mean.
    ///   - other: what all others mean.
    init(_ name: String, of column: String, words: [String], first: Int = 0, other: String) {
        let cases = words.enumerated().map { "WHEN \($0 + first) THEN '\($1)'" }.joined(separator: " ")
        self.init(name, "CASE \(column) \(cases) ELSE '\(other)' END")
        reading = Reading(column: column, value: .word(words, first: first, other: other))
    }

    /// A JSON document of our own writing, read by an expression.
    init(document name: String, _ column: String) {
        self.init(name, column)
        reading = Reading(column: column, value: .document(ifNull: "null"))
    }

    /// A JSON document of our own writing.
    init(_ name: String, of column: String, ifNull document: String) {
        self.init(name, "coalesce(\(column), '\(document)'::JSON)")
        reading = Reading(column: column, value: .document(ifNull: document))
    }

    /// A list of texts that is stored as a JSON array.
    init(_ name: String, ofTexts column: String) {
        self.init(name, "from_json(\(column), '[\"VARCHAR\"]')")
        reading = Reading(column: column, value: .texts)
    }

    /// A time that is stored as its microseconds.
    init(_ name: String, ofMicroseconds column: String) {
        self.init(name, "make_timestamptz(\(column))")
        reading = Reading(column: column, value: .microseconds)
    }

    /// The text of an attribute that most records do not have: of the first key that there is.
    init(_ name: String, rare keys: [String]) {
        let texts = keys.map(SourceSQL.rare)
        self.init(name, texts.count == 1 ? texts[0] : "coalesce(\(texts.joined(separator: ", ")))")
        reading = Reading(column: "s.attributes", value: .attribute(keys.map(AttributeText.init)))
    }
}

extension [SourceColumn] {
    /// The public columns, or those in `names`, hidden ones included, in table order.
    func selected(_ names: Set<String>?) -> [SourceColumn] {
        guard let names else { return filter(\.isPublic) }
        return filter { names.contains($0.name) }
    }

    /// ``selected(_:)`` and the asked ones of the conditions on message bodies.
    func selected(_ query: TableSource.Query, join: SourceColumn.Join? = nil) -> [SourceColumn] {
        let conditions = query.conditions.filter { query.columns?.contains($0.name) == true }
        let all = selected(query.columns) + conditions.map { SourceColumn($0.name, "s.\($0.name)", join: join, isPublic: false) }
        return query.traits.isSampled
            ? all : all.map { $0.join == .sample ? SourceColumn($0.name, "1.0::DOUBLE", isPublic: $0.isPublic) : $0 }
    }

    /// The same columns with what resources and scopes are looked up by functions, for the table with alias `alias`.
    func lookedUp(_ query: TableSource.Query, alias: String) -> [SourceColumn] {
        guard query.traits.looksUpNames else { return self }
        return map { column in
            guard let owner = column.join?.nameOwner else { return column }
            // Their expressions are plain names, `r.service_name`.
            let name = String(column.expression.dropFirst(2))
            let call = NameColumn.call(owner, name, project: query.project, alias: alias)
            return SourceColumn(column.name, call, isPublic: column.isPublic)
        }
    }

    /// The same columns with what is not a column of the table itself computed from those of `file`, whose alias is `s`.
    func read(from file: OnlyFile?) -> [SourceColumn] {
        guard let file else { return self }
        return map { column in
            var column = column
            if column.expression == SourceSQL.attributes { column.expression = file.wholeAttributes }
            if column.expression == "s.bodies" { column.expression = file.bodies }
            if column.expression == "s.end_timestamp" { column.expression = file.endTimestamp }
            if column.expression == "s.exception_stacktrace" { column.expression = file.stackTrace }
            return column
        }
    }

    /// `expression AS name, …`; a constant when no column is left, as a SELECT needs one.
    var selectList: String {
        isEmpty ? "1 AS one" : map { "\($0.expression) AS \($0.name)" }.joined(separator: ",\n    ")
    }

    var joins: Set<SourceColumn.Join> { Set(compactMap(\.join)) }
}

/// Pieces of SQL that several tables use.
enum SourceSQL {
    /// Conditions on the project and the window of the table with alias `alias`.
    static func conditions(_ alias: String, _ query: TableSource.Query, time: String) -> [String] {
        ["\(alias).project_id = \(query.project)"] + bounds(query.window, of: "\(alias).\(time)")
    }

    /// Conditions that keep the value of `expression` in the window.
    static func bounds(_ window: TimeWindow, of expression: String) -> [String] {
        var conditions: [String] = []
        if let minimum = window.minimum { conditions.append("\(expression) >= make_timestamptz(\(minimum))") }
        if let maximum = window.maximum { conditions.append("\(expression) <= make_timestamptz(\(maximum))") }
        return conditions
    }

    /// LEFT JOINs of what `joins` names to the table with alias `alias`.
    static func joinClauses(_ joins: Set<SourceColumn.Join>, alias: String) -> String {
        var clauses = ""
        if joins.contains(.resource) {
            clauses += "\nLEFT JOIN resource r ON r.project_id = \(alias).project_id AND r.resource_id = \(alias).resource_id"
        }
        if joins.contains(.scope) {
            clauses += "\nLEFT JOIN scope o ON o.project_id = \(alias).project_id AND o.scope_id = \(alias).scope_id"
        }
        if joins.contains(.sample) {
            // Small, and empty unless a project samples.
            clauses += "\nLEFT JOIN trace_sample w ON w.project_id = \(alias).project_id AND w.trace_id = \(alias).trace_id"
        }
        if joins.contains(.record) {
            // The time adds nothing but speed: it lets the engine skip all parts of `span` but those around the steps in question. The
            // completion of a stream starts before its record does, which is a log and so has the end's time.
            clauses += """

                LEFT JOIN span s ON s.project_id = \(alias).project_id AND s.trace_id = \(alias).trace_id AND s.span_id = \(alias).span_id \
                AND s.start_timestamp = CASE \(alias).stream_role WHEN 2 THEN \(alias).end_timestamp ELSE \(alias).start_timestamp END \
                AND s.kind <> 2
                """
        }
        return clauses
    }

    /// The attributes of a span as they were sent, message bodies among them.
    static let attributes = "s.\(FileArms.wholeAttributes)"

    /// The text of an attribute that most records do not have, without parsing those.
    static func rare(_ key: String) -> String { "\(AttributeText.function)(s.attributes, '\(key)')" }

    /// How many of its kind a row stands for.
    static let sampleWeight = SourceColumn("sample_weight", "coalesce(w.sample_weight, 1.0)", join: .sample)

    static let resourceColumns = [
        SourceColumn("otel_resource_attributes", "r.attributes", join: .resource),
        SourceColumn("deployment_environment", "r.deployment_environment", join: .resource),
        SourceColumn("service_name", "r.service_name", join: .resource),
        SourceColumn("service_namespace", "r.service_namespace", join: .resource),
        SourceColumn("service_version", "r.service_version", join: .resource),
        SourceColumn("service_instance_id", "r.service_instance_id", join: .resource),
        SourceColumn("process_pid", "r.process_pid", join: .resource),
        SourceColumn("telemetry_sdk_name", "r.telemetry_sdk_name", join: .resource),
        SourceColumn("telemetry_sdk_language", "r.telemetry_sdk_language", join: .resource),
        SourceColumn("telemetry_sdk_version", "r.telemetry_sdk_version", join: .resource),
    ]
}
