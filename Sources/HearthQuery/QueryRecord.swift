public import Hearth

/// A row of `records`: a span, a log or an event of a span.
public struct QueryRecord: Decodable, Sendable, Hashable {
    /// When it began, or happened.
    public var startTimestamp: QueryTimestamp
    /// When it ended; the start for logs.
    public var endTimestamp: QueryTimestamp?
    /// Seconds; nil for logs.
    public var duration: Double?
    /// 32 hexadecimal digits.
    public var traceID: String
    /// 16 hexadecimal digits.
    public var spanID: String
    /// Nil for roots.
    public var parentSpanID: String?
    /// What records of a kind are grouped by.
    public var spanName: String
    /// What is shown of it.
    public var message: String
    /// `span`, `log` or `span_event`.
    public var kind: String
    /// Severity number of OpenTelemetry, 1 to 24.
    public var level: Int?
    /// Whether it has an exception event.
    public var isException: Bool?
    /// Type of its first exception; nil without one.
    public var exceptionType: String?
    /// Text of its first exception; nil without one.
    public var exceptionMessage: String?
    /// Nil when there are none.
    public var tags: [String]?
    /// Nil when the sender named none.
    public var serviceName: String?
    /// Nil when the sender named none.
    public var deploymentEnvironment: String?
    /// Who made it.
    public var otelScopeName: String?
    /// An object; `AttributeValue.null` when there are none.
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
