public import Hearth

/// A row of `records`: a span, a log or an event of a span.
public struct QueryRecord: Decodable, Sendable, Hashable {
    public var startTimestamp: QueryTimestamp
    public var endTimestamp: QueryTimestamp?
    /// Seconds; nil for logs.
    public var duration: Double?
    public var traceID: String
    public var spanID: String
    /// Nil for roots.
    public var parentSpanID: String?
    public var spanName: String
    public var message: String
    /// `span`, `log` or `span_event`.
    public var kind: String
    public var level: Int?
    public var isException: Bool?
    public var exceptionType: String?
    public var exceptionMessage: String?
    public var tags: [String]?
    public var serviceName: String?
    public var deploymentEnvironment: String?
    public var otelScopeName: String?
    /// An object; ``AttributeValue/null`` when there are none.
    public var attributes: AttributeValue

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case startTimestamp = "start_timestamp"
        case endTimestamp = "end_timestamp"
        case duration
        case traceID = "trace_id"
        case spanID = "span_id"
        case parentSpanID = "parent_span_id"
        case spanName = "span_name"
        case message
        case kind
        case level
        case isException = "is_exception"
        case exceptionType = "exception_type"
        case exceptionMessage = "exception_message"
        case tags
        case serviceName = "service_name"
        case deploymentEnvironment = "deployment_environment"
        case otelScopeName = "otel_scope_name"
        case attributes
    }

    /// The columns a row is made of.
    static let columns = CodingKeys.allCases.map(\.rawValue).joined(separator: ", ")
}
