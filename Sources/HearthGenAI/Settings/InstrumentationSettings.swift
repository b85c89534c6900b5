public import Hearth

/// What spans of model calls, agents and tools look like and how much they tell.
///
/// ```swift
/// Hearth.instrumentGenAI { $0.includeContent = false }
/// ```
public struct InstrumentationSettings: Sendable {
    /// The names and shapes of spans, attributes and messages.
    public enum Format: Int, Sendable, Hashable, Comparable, CaseIterable {
        /// Pydantic AI's: `agent run`, `running tool`, `tool_arguments`; files as `image-url` and `binary`.
        case v2 = 2
        /// Pydantic AI's: `invoke_agent …`, `execute_tool …`, `gen_ai.tool.call.arguments`.
        case v3 = 3
        /// Pydantic AI's: files as `uri` and `blob`.
        case v4 = 4
        /// Pydantic AI's: deferred tool calls are no errors.
        case v5 = 5
        /// Pydantic AI's: results of tools are messages of the role `tool`.
        case v6 = 6
        /// The newest OpenTelemetry conventions themselves, without additions of Pydantic AI.
        case conventions = 7

        public static func < (left: Format, right: Format) -> Bool { left.rawValue < right.rawValue }
    }

    /// Names and shapes of attributes; the newest conventions otherwise.
    public var format: Format = .conventions
    /// Whether prompts, answers, arguments and results are recorded. Without them roles, types of parts and names of tools stay.
    public var includeContent = true
    /// Whether the contents of files are recorded.
    public var includeBinaryContent = true
    /// Whether definitions of tools are recorded.
    public var includeToolDefinitions = true
    /// Whether every chunk of a streamed answer becomes an event, up to the limit of events of a span.
    public var includeChunkEvents = false
    /// Whether the cost of a call is computed from the embedded prices and recorded as `operation.cost`.
    public var computesCost = true
    /// Attributes of every span of a model call, an agent or a tool.
    public var attributes: Attributes = [:]
    /// Recorded as `metadata` of every run of an agent; a run's own metadata win.
    public var metadata: Attributes = [:]

    /// The defaults: everything is recorded, by the newest conventions.
    public init() {}

    /// Whether names and shapes are those of Pydantic AI.
    var isPydantic: Bool { format < .conventions }
}
