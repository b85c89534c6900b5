public import TelemetryModel

/// A record that may be a model call of its own or one of several records of the same call.
public struct CallCandidate: Sendable, Equatable {
    public var spanID: SpanID
    /// The record's parent; ``SpanID/none`` for roots.
    public var parent: SpanID
    /// Nanoseconds since the Unix epoch (``GenAIStep/startNanoseconds``).
    public var start: Int64
    /// ``StepHash`` of ``GenAIStep/model``, 0 when unknown.
    public var model: UInt64
    /// ``StepHash`` of ``GenAIStep/provider``, 0 when unknown.
    public var provider: UInt64
    /// ``ScopeInfo/id`` of the instrumentation scope.
    public var scope: UInt64
    /// ``StepHash`` of ``GenAIStep/responseID``, 0 when there is none.
    public var responseID: UInt64
    public var streamRole: StreamRole
    /// ``GenAIStep/streamKey``.
    public var streamKey: UInt64
    /// Whether the call embeds texts, which is no answer to a prompt.
    public var isEmbedding: Bool
    public var values: CallValues

    public init(
        spanID: SpanID, parent: SpanID, start: Int64, model: UInt64, provider: UInt64, scope: UInt64, responseID: UInt64,
        streamRole: StreamRole, streamKey: UInt64 = 0, isEmbedding: Bool = false, values: CallValues
    ) {
        self.spanID = spanID
        self.parent = parent
        self.start = start
        self.model = model
        self.provider = provider
        self.scope = scope
        self.responseID = responseID
        self.streamRole = streamRole
        self.streamKey = streamKey
        self.isEmbedding = isEmbedding
        self.values = values
        self.values.isVendorUsage = streamRole == .vendor && values.inputTokens != nil && values.outputTokens != nil
    }

    /// The response this record itself names, nil without a response id.
    public var responseKey: ResponseKey? {
        responseID == 0 ? nil : ResponseKey(provider: provider, responseID: responseID)
    }
}

/// Values of a call that an event about it knows.
public struct CallEventCandidate: Sendable, Equatable {
    /// The event's own id.
    public var spanID: SpanID
    /// The call's record.
    public var call: SpanID
    public var values: CallValues

    public init(spanID: SpanID, call: SpanID, values: CallValues) {
        self.spanID = spanID
        self.call = call
        self.values = values
    }
}

/// An executed tool.
public struct ToolCandidate: Sendable, Equatable {
    public var spanID: SpanID
    public var parent: SpanID
    /// ``StepHash`` of ``GenAIStep/toolName``, 0 when unknown.
    public var name: UInt64

    public init(spanID: SpanID, parent: SpanID, name: UInt64) {
        self.spanID = spanID
        self.parent = parent
        self.name = name
    }
}

/// An agent run.
public struct RunCandidate: Sendable, Equatable {
    public var spanID: SpanID
    public var parent: SpanID

    public init(spanID: SpanID, parent: SpanID) {
        self.spanID = spanID
        self.parent = parent
    }
}

/// An HTTP request: a client span with a method. Several inside one model call are attempts at it.
public struct AttemptCandidate: Sendable, Equatable {
    public var spanID: SpanID
    public var parent: SpanID
    /// Nanoseconds since the Unix epoch.
    public var start: Int64
    /// ``StepHash`` of the HTTP method.
    public var method: UInt64
    /// Why it failed: its HTTP status code, else the type of its exception, else `error`; nil when it did not fail.
    public var failure: String?

    public init(spanID: SpanID, parent: SpanID, start: Int64, method: UInt64, failure: String?) {
        self.spanID = spanID
        self.parent = parent
        self.start = start
        self.method = method
        self.failure = failure
    }

    /// Order in time; of two at one time, by span.
    static func precedes(_ a: AttemptCandidate, _ b: AttemptCandidate) -> Bool {
        (a.start, a.spanID.value) < (b.start, b.spanID.value)
    }
}

/// A span that builds a prompt (``SurroundingSpans/buildsPrompt(_:)``).
public struct PromptBuildCandidate: Sendable, Equatable {
    public var spanID: SpanID
    public var parent: SpanID
    /// Nanoseconds since the Unix epoch, whole microseconds: as precise as what is stored.
    public var start: Int64
    public var end: Int64

    public init(spanID: SpanID, parent: SpanID, start: Int64, end: Int64) {
        self.spanID = spanID
        self.parent = parent
        self.start = start
        self.end = end
    }
}
