public import Hearth
import Instrumentation
import Synchronization

/// What model calls, tools and agents inside of others know of their surroundings.
struct GenAIContext: Sendable {
    var settings: InstrumentationSettings?
    var run: AgentRun?
    var call: ModelCall?
    var conversationID: String?
    var userID: String?
    /// Whether this is inside of a tool, a search or the like, whose requests carry content too.
    var isInsideOperation = false

    private enum Key: InstrumentationContextKey {
        typealias Value = GenAIContext
        static var nameOverride: String? { "hearth.genai" }
    }

    /// That of the present place.
    static var current: GenAIContext { InstrumentationContext.current?[Key.self] ?? GenAIContext() }

    private static let general = Mutex(InstrumentationSettings())

    /// What holds where nothing else is set.
    static var generalSettings: InstrumentationSettings {
        get { general.withLock { $0 } }
        set { general.withLock { $0 = newValue } }
    }

    var effectiveSettings: InstrumentationSettings { settings ?? Self.generalSettings }

    /// What is asked of models inside of a tool, a search or the building of a prompt is not the call around it.
    mutating func enterOperation() {
        call = nil
        isInsideOperation = true
    }

    /// Runs a closure with a changed context; keeps the type of its error.
    static func changing<Result, Failure: Error>(
        _ change: (inout GenAIContext) -> Void,
        _ operation: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome = InstrumentationContext.$current.withValue(changed(change)) { () -> Swift.Result<Result, Failure> in
            do throws(Failure) {
                return .success(try operation())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Runs an asynchronous closure with a changed context, on the caller's actor.
    nonisolated(nonsending) static func changing<Result, Failure: Error>(
        _ change: (inout GenAIContext) -> Void,
        _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let context = changed(change)
        let outcome = await InstrumentationContext.$current.withValue(context) { () async -> Swift.Result<Result, Failure> in
            do throws(Failure) {
                return .success(try await operation())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private static func changed(_ change: (inout GenAIContext) -> Void) -> InstrumentationContext {
        var context = InstrumentationContext.current ?? .topLevel
        var state = context[Key.self] ?? GenAIContext()
        change(&state)
        context[Key.self] = state
        return context
    }

    /// What every span of a model call or tool says of its surroundings.
    func append(to attributes: inout Attributes) {
        if let run {
            if let name = run.name { attributes["gen_ai.agent.name"] = .string(name) }
            if effectiveSettings.isPydantic { attributes["gen_ai.agent.call.id"] = .string(run.id) }
        }
        if let conversationID { attributes["gen_ai.conversation.id"] = .string(conversationID) }
        if let userID { attributes["user.id"] = .string(userID) }
        attributes.merge(effectiveSettings.attributes)
    }
}

extension Hearth {
    /// Sets how model calls, agents and tools are recorded, for the whole process.
    public static func instrumentGenAI(_ change: (inout InstrumentationSettings) -> Void) {
        var settings = GenAIContext.generalSettings
        change(&settings)
        GenAIContext.generalSettings = settings
    }

    /// Records model calls, agents and tools inside of the closure in another way.
    public static func withInstrumentation<Result, Failure: Error>(
        _ change: (inout InstrumentationSettings) -> Void,
        _ operation: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try GenAIContext.changing({ change(&$0.own) }, operation)
    }

    /// Records model calls, agents and tools inside of the asynchronous closure in another way.
    nonisolated(nonsending) public static func withInstrumentation<Result, Failure: Error>(
        _ change: (inout InstrumentationSettings) -> Void,
        _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await GenAIContext.changing({ change(&$0.own) }, operation)
    }

    /// Names the conversation, and the user, that everything inside of the closure belongs to.
    public static func withConversation<Result, Failure: Error>(
        _ id: String,
        user: String? = nil,
        _ operation: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try GenAIContext.changing({ $0.set(conversation: id, user: user) }, operation)
    }

    /// Names the conversation, and the user, that everything inside of the asynchronous closure belongs to.
    nonisolated(nonsending) public static func withConversation<Result, Failure: Error>(
        _ id: String,
        user: String? = nil,
        _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await GenAIContext.changing({ $0.set(conversation: id, user: user) }, operation)
    }
}

extension GenAIContext {
    fileprivate var own: InstrumentationSettings {
        get { effectiveSettings }
        set { settings = newValue }
    }

    fileprivate mutating func set(conversation: String, user: String?) {
        conversationID = conversation
        if let user { userID = user }
    }
}

extension InstrumentationScope {
    /// The scope of spans of model calls, agents and tools.
    static let genAI = InstrumentationScope(name: "hearth.genai", version: InstrumentationScope.hearth.version)
}
