import Hearth

/// What is measured of every model call.
enum CallMetrics {
    /// Powers of four, as the conventions have them for tokens.
    private static let tokenBoundaries: [Double] = (0..<14).map { Double(1 << (2 * $0)) }
    /// 10 ms and its doubles, as the conventions have them for durations.
    private static let secondBoundaries: [Double] = (0..<14).map { 0.01 * Double(1 << $0) }

    private static let tokens = Hearth.histogram(
        "gen_ai.client.token.usage", of: Int.self, unit: "{token}", description: "Tokens of model calls", boundaries: tokenBoundaries,
        scope: .genAI)
    private static let duration = Hearth.histogram(
        "gen_ai.client.operation.duration", unit: "s", description: "Duration of model calls", boundaries: secondBoundaries, scope: .genAI)
    private static let firstChunk = Hearth.histogram(
        "gen_ai.client.operation.time_to_first_chunk", unit: "s", description: "Time to the first chunk of streamed answers",
        boundaries: secondBoundaries, scope: .genAI)
    private static let cost = Hearth.histogram(
        "operation.cost", unit: "{USD}", description: "Cost of model calls in US dollars", scope: .genAI)

    /// - Parameter seconds: from the beginning of the call to its end.
    static func record(
        _ request: ModelRequest,
        _ response: ModelResponse?,
        seconds: Double,
        timeToFirstChunk: Double?,
        errorType: String?,
        dollars: Double?
    ) {
        var attributes: Attributes = [
            "gen_ai.operation.name": request.operation.rawValue, "gen_ai.provider.name": request.provider,
        ]
        if let model = request.model { attributes["gen_ai.request.model"] = .string(model) }
        if let model = response?.model { attributes["gen_ai.response.model"] = .string(model) }
        if let address = request.serverAddress { attributes["server.address"] = .string(address) }
        if let port = request.serverPort { attributes["server.port"] = .int(Int64(port)) }
        for (type, count) in [("input", response?.usage?.inputTokens), ("output", response?.usage?.outputTokens)] {
            guard let count else { continue }
            var typed = attributes
            typed["gen_ai.token.type"] = .string(type)
            tokens.record(count, typed)
        }
        if let dollars { cost.record(dollars, attributes) }
        if let timeToFirstChunk { firstChunk.record(timeToFirstChunk, attributes) }
        if let errorType { attributes["error.type"] = .string(errorType) }
        duration.record(seconds, attributes)
    }
}
