public import TelemetryModel

/// Everything the price of a model call depends on.
public struct CallFacts: Sendable, Equatable {
    /// Host or whole address of the API.
    public var serverAddress: String?
    /// As the sender calls it.
    public var provider: String?
    public var responseModel: String?
    public var requestModel: String?
    public var serviceTier: String?
    public var speed: String?
    /// Nanoseconds since the Unix epoch.
    public var startNanoseconds: Int64 = 0
    /// Tokens and other counts; nil when not reported. Input includes cache and audio, output reasoning and audio.
    public var inputTokens: Int64?
    public var outputTokens: Int64?
    public var cacheReadTokens: Int64?
    public var cacheWriteTokens: Int64?
    public var reasoningTokens: Int64?
    public var cacheWrite5mTokens: Int64?
    public var cacheWrite1hTokens: Int64?
    public var inputAudioTokens: Int64?
    public var outputAudioTokens: Int64?
    public var cacheAudioReadTokens: Int64?
    public var webSearches: Int64?
    /// USD as the sender worked it out; nil when it did not.
    public var sentCost: SentCost?

    public init() {}

    /// The facts of a step of `batch`.
    public init(_ step: GenAIStep, _ facts: PriceFacts, in batch: RecordBatch) {
        let text = batch.text
        serverAddress = text.string(facts.serverAddress)
        provider = text.string(step.provider)
        responseModel = text.string(step.responseModel)
        requestModel = text.string(step.model)
        serviceTier = text.string(facts.serviceTier)
        speed = text.string(facts.speed)
        startNanoseconds = step.startNanoseconds
        inputTokens = step.inputTokens
        outputTokens = step.outputTokens
        cacheReadTokens = step.cacheReadTokens
        cacheWriteTokens = step.cacheWriteTokens
        reasoningTokens = step.reasoningTokens
        cacheWrite5mTokens = facts.cacheWrite5mTokens
        cacheWrite1hTokens = facts.cacheWrite1hTokens
        inputAudioTokens = facts.inputAudioTokens
        outputAudioTokens = facts.outputAudioTokens
        cacheAudioReadTokens = facts.cacheAudioReadTokens
        webSearches = facts.webSearches
        sentCost = SentCost(step)
    }

    /// Takes over what a call has after its records were merged.
    public mutating func take(_ values: CallValues) {
        if let tokens = values.inputTokens { inputTokens = tokens }
        if let tokens = values.outputTokens { outputTokens = tokens }
        if let tokens = values.cacheReadTokens { cacheReadTokens = tokens }
        if let tokens = values.cacheWriteTokens { cacheWriteTokens = tokens }
        if let tokens = values.reasoningTokens { reasoningTokens = tokens }
        if let name = values.provider { provider = name }
        if let name = values.responseModel { responseModel = name }
    }
}

/// A cost that the sender worked out, in USD, with its parts as far as they are known.
public struct SentCost: Sendable, Equatable {
    public var cost: Double
    public var inputCost: Double?
    public var outputCost: Double?

    /// nil unless the cost was sent.
    public init?(_ step: GenAIStep) {
        self.init(step.cost, step.inputCost, step.outputCost, step.costSource)
    }

    /// nil unless the cost was sent.
    public init?(_ cost: CallCost) {
        self.init(cost.cost, cost.inputCost, cost.outputCost, cost.source)
    }

    private init?(_ cost: Double?, _ inputCost: Double?, _ outputCost: Double?, _ source: CostSource) {
        guard let cost, source == .sent else { return nil }
        self.cost = cost
        self.inputCost = inputCost
        self.outputCost = outputCost
    }
}

/// The cost of a model call.
public struct CallCost: Sendable, Equatable {
    /// USD; nil when unpriced.
    public var cost: Double?
    /// USD for the input and for the output tokens; nil when only the sum is known or nothing is.
    public var inputCost: Double?
    public var outputCost: Double?
    public var source: CostSource
    /// What the price was taken from, or why there is none; nil for costs that were sent.
    public var note: String?
    /// Version of the price list; nil unless the cost is computed.
    public var priceVersion: String?

    public init(
        cost: Double? = nil, inputCost: Double? = nil, outputCost: Double? = nil, source: CostSource, note: String? = nil,
        priceVersion: String? = nil
    ) {
        self.cost = cost
        self.inputCost = inputCost
        self.outputCost = outputCost
        self.source = source
        self.note = note
        self.priceVersion = priceVersion
    }
}

/// Knows what model calls cost.
public protocol CallPricing: Sendable {
    /// The cost of a call by the prices that are in use now; for a call with a sent cost only its parts are worked out,
    /// unless they were sent too.
    func cost(of call: CallFacts, project: Int32) -> CallCost
}
