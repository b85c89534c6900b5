/// A query that is ready but for the tables behind its placeholders.
struct CompiledQuery {
    /// Engine SQL with placeholders for tables; for a filter, one expression.
    let sql: String
    /// What every generated name starts with.
    let nonce: String
    /// The table that each placeholder stands for.
    let placeholders: [String: QueryTable]
    /// What the query reads of its tables.
    let columns: ColumnUse
    let source: UserText
    var shape = QueryShape()
    /// The same without an order that the encoder can make.
    var unordered: UnorderedQuery?
    /// The query for the traces of its rows, where it is worth asking that first; see ``ChosenTraces``. At most one.
    var choosing: [CompiledQuery] = []

    /// The text to run, with the SELECT of each table in place of its placeholder.
    ///
    /// - Parameter sql: ``sql`` or that of ``unordered``.
    func executable(
        _ sql: String? = nil, _ select: (QueryTable) throws(QueryError) -> String
    ) throws(QueryError) -> ExecutableQuery {
        let sql = sql ?? self.sql
        var selects: [String: String] = [:]
        for (name, table) in placeholders { selects[name] = "(" + (try select(table)) + ")" }
        let text = Array(sql.utf8)
        var output: [UInt8] = []
        var positions = PositionMap()
        for token in try SQLLexer.tokens(of: text) {
            let piece = text[token.start..<token.end]
            if token.kind == .identifier, let select = selects[String(decoding: piece, as: UTF8.self)] {
                positions.add(output: output.count, input: token.start, length: 0)
                output.append(contentsOf: select.utf8)
            } else {
                positions.add(output: output.count, input: token.start, length: piece.count)
                output.append(contentsOf: piece)
            }
        }
        return ExecutableQuery(sql: String(decoding: output, as: UTF8.self), compiled: self, template: sql, positions: positions)
    }
}

/// Text for the engine, possibly part of a longer one, that leads back to what the user wrote.
struct ExecutableQuery {
    let sql: String
    let compiled: CompiledQuery
    fileprivate let template: String
    fileprivate let positions: PositionMap

    /// The place in the user's text that the engine complained about at byte `offset` of ``sql``: the same word, counted the same way.
    func position(at offset: Int) -> Int? {
        guard (0..<sql.utf8.count).contains(offset) else { return nil }
        let rendered = Array(template.utf8)
        let place = positions.input(at: offset)
        guard let tokens = try? SQLLexer.tokens(of: rendered), let index = tokens.firstIndex(where: { $0.start <= place && place < $0.end })
        else {
            return nil
        }
        let name = UserText.name(of: tokens[index], in: rendered)
        let earlier = tokens[..<index].count { $0.isSignificant && UserText.name(of: $0, in: rendered) == name }
        return compiled.source.position(of: name, count: earlier)
    }
}
