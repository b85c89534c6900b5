/// Repairs, parses, checks and rewrites the text of users. Belongs to one thread.
struct QueryCompiler {
    /// Longest text that is accepted, in bytes.
    static let maximumBytes = 65_536

    let engine: SyntaxEngine

    /// Compiles a whole query.
    ///
    /// - Parameters:
    ///   - limit: most rows; an own LIMIT of the query can only be smaller.
    ///   - timezone: IANA name for functions of the calendar; nil for UTC.
    ///   - hasSpanEvents: whether rows of kind `span_event` may exist.
    /// - Throws: ``QueryError`` with its position in `sql`.
    func compile(
        _ sql: String, limit: Int, timezone: String? = nil, hasSpanEvents: Bool = true
    ) throws(QueryError) -> CompiledQuery {
        let source = try UserText(sql)
        do throws(QueryError) {
            return try compile(source, limit: limit, timezone: timezone, hasSpanEvents: hasSpanEvents)
        } catch {
            throw source.located(error)
        }
    }

    private func compile(_ source: UserText, limit: Int, timezone: String?, hasSpanEvents: Bool) throws(QueryError) -> CompiledQuery {
        let repaired = String(decoding: source.repaired, as: UTF8.self)
        guard source.hasContent else { throw QueryError(code: .syntax, message: "the query is empty", position: 0) }
        if source.startsWith("explain") {
            throw QueryError(code: .notAllowed, message: "EXPLAIN cannot be run; ask for it with the request's explain option", position: 0)
        }
        let tree = try engine.parse(repaired)
        var allowed = AllowList.user
        try allowed.check(tree)
        return try compile(tree, source, limit: limit, timezone: timezone, hasSpanEvents: hasSpanEvents)
    }

    /// - Parameter written: the checked tree.
    private func compile(
        _ written: JSONValue, _ source: UserText, limit: Int, timezone: String?, hasSpanEvents: Bool
    ) throws(QueryError) -> CompiledQuery {
        var tree = written
        var rewriter = Rewriter(engine: engine, text: source.repaired, timezone: timezone, hasSpanEvents: hasSpanEvents)
        try rewriter.rewrite(&tree)
        try RowLimit.apply(limit, to: &tree)
        let text = try verified(tree, rewriter)
        let shape = QueryShape(tree, placeholders: rewriter.placeholders)
        var unordered = UnorderedQuery(&tree, shape)
        if unordered != nil { unordered?.sql = try verified(tree, rewriter) }
        var query = CompiledQuery(
            sql: text, nonce: rewriter.nonce, placeholders: rewriter.placeholders, columns: rewriter.columns, source: source, shape: shape,
            unordered: unordered)
        if let choosing = try ChosenTraces.query(of: written, limit: limit, shape) {
            query.choosing = [try compile(choosing, source, limit: .max, timezone: timezone, hasSpanEvents: hasSpanEvents)]
        }
        return query
    }

    /// Compiles the condition of a WHERE clause over `records_all`.
    ///
    /// - Throws: ``QueryError`` with its position in `condition`.
    func compileFilter(_ condition: String, hasSpanEvents: Bool = true) throws(QueryError) -> CompiledQuery {
        let head = "SELECT 1 FROM records_all WHERE (\n"
        let source = try UserText(condition)
        do throws(QueryError) {
            guard source.hasContent else { throw QueryError(code: .syntax, message: "the condition is empty", position: 0) }
            var tree = try engine.parse(head + String(decoding: source.repaired, as: UTF8.self) + "\n)")
            var allowed = AllowList.user
            try allowed.check(tree)
            guard let select = tree.onlyStatement, let filter = select["where_clause"], !filter.isNull, Self.isPlain(select) else {
                throw QueryError(code: .syntax, message: "one condition is expected")
            }
            var rewriter = Rewriter(engine: engine, text: Array(head.utf8) + source.repaired, timezone: nil, hasSpanEvents: hasSpanEvents)
            try rewriter.rewrite(&tree)
            _ = try verified(tree, rewriter)
            let text = try engine.render(expression: tree.onlyStatement?["where_clause"] ?? .null)
            return CompiledQuery(
                sql: text,
                nonce: rewriter.nonce,
                placeholders: rewriter.placeholders,
                columns: rewriter.columns,
                source: source
            )
        } catch {
            var error = error
            error.position = error.position.map { max($0 - head.utf8.count, 0) }
            throw source.located(error)
        }
    }

    /// Renders the tree, and checks the text that will run as if a user had written it: a fault in rendering must not open a way around.
    private func verified(_ tree: JSONValue, _ rewriter: Rewriter) throws(QueryError) -> String {
        try Growth.check(tree)
        let text = try engine.render(tree)
        var allowed = AllowList(tables: Set(rewriter.placeholders.keys), functions: AllowedFunctions.written)
        do throws(QueryError) {
            try allowed.check(try engine.parse(text))
        } catch {
            // Its position belongs to the rendered text.
            throw QueryError(code: error.code, message: error.message.replacing(rewriter.nonce, with: ""))
        }
        return text
    }

    /// Whether nothing but the condition was added to `SELECT 1 FROM records_all WHERE`.
    private static func isPlain(_ select: JSONValue) -> Bool {
        select.nodeType == "SELECT_NODE" && select["modifiers"]?.array?.isEmpty == true
            && select["group_expressions"]?.array?.isEmpty == true
            && select["having"]?.isNull == true && select["qualify"]?.isNull == true && select["sample"]?.isNull == true
            && select["where_clause"]?.functionName != "row"
    }
}
