public import Hearth

/// A search for documents while it lasts.
public struct Retrieval: Sendable {
    /// The span of the search.
    public let span: HearthSpan
    let settings: InstrumentationSettings

    /// Something that was found.
    public struct Document: Sendable, Hashable {
        /// Names the document where it is kept.
        public var id: String
        /// How well it fits, by the measure of the search; nil when unknown.
        public var score: Double?
        /// Further fields, such as `content`; recorded only with content.
        public var fields: Attributes

        /// A document that was found.
        public init(id: String, score: Double? = nil, fields: Attributes = [:]) {
            self.id = id
            self.score = score
            self.fields = fields
        }
    }

    /// Tells what was found.
    public func setDocuments(_ documents: [Document]) {
        guard span.isRecording else { return }
        let values = documents.map { document -> AttributeValue in
            var members: Attributes = ["id": document.id]
            if let score = document.score { members["score"] = .double(score) }
            if settings.includeContent { members.merge(document.fields) }
            return members.object
        }
        span.setAttribute("gen_ai.retrieval.documents", AttributeValue.array(values))
    }
}

extension Hearth {
    /// Records a search for documents: a CLIENT span `retrieval handbook`.
    ///
    /// - Parameters:
    ///   - dataSource: what is searched.
    ///   - query: recorded only with content.
    ///   - topK: how many documents are asked for at most; nil when there is no limit.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    ///   - operation: runs once, inside of the span.
    public static func withRetrieval<Result, Failure: Error>(
        _ dataSource: String,
        query: String? = nil,
        topK: Int? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: (Retrieval) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let context = GenAIContext.current
        let site = CallSite(fileID: fileID, function: function, line: line)
        let attributes = { retrievalAttributes(dataSource, query, topK, context) }
        return try GenAISpan.operation("retrieval \(dataSource)", attributes, kind: .client, in: context, at: site) {
            span throws(Failure) in try operation(Retrieval(span: span, settings: context.effectiveSettings))
        }
    }

    /// Records a search for documents around an asynchronous closure.
    nonisolated(nonsending) public static func withRetrieval<Result, Failure: Error>(
        _ dataSource: String,
        query: String? = nil,
        topK: Int? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (Retrieval) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let context = GenAIContext.current
        let site = CallSite(fileID: fileID, function: function, line: line)
        let attributes = { retrievalAttributes(dataSource, query, topK, context) }
        return try await GenAISpan.operation("retrieval \(dataSource)", attributes, kind: .client, in: context, at: site) {
            span async throws(Failure) in try await operation(Retrieval(span: span, settings: context.effectiveSettings))
        }
    }

    private static func retrievalAttributes(
        _ dataSource: String,
        _ query: String?,
        _ topK: Int?,
        _ context: GenAIContext
    ) -> Attributes {
        var attributes: Attributes = ["gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": dataSource]
        if let query, context.effectiveSettings.includeContent { attributes["gen_ai.retrieval.query.text"] = .string(query) }
        if let topK { attributes["gen_ai.retrieval.top_k"] = .int(Int64(topK)) }
        context.append(to: &attributes)
        return attributes
    }
}
