/// What a trace says about who answered a model call (`spec/prices.md` §4.6.4).
public struct CallOrigin: Sendable, Hashable {
    /// `server.address` or the whole address of the API; nil when unknown.
    public var serverAddress: String?
    /// The provider as the sender calls it.
    public var provider: String?
    /// `gen_ai.response.model`, which outweighs the requested model; nil when the answer names none.
    public var responseModel: String?
    /// `gen_ai.request.model`; nil when unknown.
    public var requestModel: String?

    /// What is known of a call; everything may be missing.
    public init(serverAddress: String? = nil, provider: String? = nil, responseModel: String? = nil, requestModel: String? = nil) {
        self.serverAddress = serverAddress
        self.provider = provider
        self.responseModel = responseModel
        self.requestModel = requestModel
    }

    /// Names that senders use and the data does not know, or would take for somebody else.
    static let aliases: [String: String] = [
        "gcp.gen_ai": "google", "google_genai": "google", "x_ai": "x-ai", "grok": "x-ai", "azure.ai.inference": "azure",
        "az.ai.inference": "azure", "azure.ai.openai": "azure", "az.ai.openai": "azure", "fireworks_ai": "fireworks",
    ]

    /// Programs that run models on one's own machines: a list price of a model with such a name would be somebody else's.
    static let selfHosted: Set<String> = ["ollama", "vllm", "lmstudio", "lm_studio", "llama.cpp", "llamacpp", "llamafile", "localai"]

    /// The address as the data's patterns expect it.
    var apiURL: String? {
        guard let serverAddress, !serverAddress.isEmpty else { return nil }
        return serverAddress.contains("://") ? serverAddress : "https://\(serverAddress)/"
    }
}

extension PriceData {
    /// Finds the model of a traced call: by the address of the API, else by the provider's name, else by the model's name alone; each
    /// with the model that answered, then with the one that was asked for.
    ///
    /// - Throws: ``PriceError`` of the attempt that came nearest.
    public func find(_ origin: CallOrigin) throws(PriceError) -> ModelMatch {
        let models = [origin.responseModel, origin.requestModel].compactMap { $0 }.filter { !$0.isEmpty }
        guard !models.isEmpty else { throw PriceError(.unknownModel, "the call names no model") }
        let name = origin.provider.flatMap { $0.isEmpty ? nil : $0.lowercased().trimmed }
        var nearest: PriceError?
        func attempt(_ provider: String?, _ apiURL: String?) -> ModelMatch? {
            for model in models {
                do throws(PriceError) {
                    return try find(model: model, provider: provider, apiURL: apiURL)
                } catch {
                    if nearest == nil || nearest?.code == .unknownProvider && error.code == .unknownModel { nearest = error }
                }
            }
            return nil
        }
        if let apiURL = origin.apiURL, let found = attempt(nil, apiURL) { return found }
        if let name {
            if CallOrigin.selfHosted.contains(name) {
                throw PriceError(.unknownModel, "\(name) runs models on one's own machines, which have no list price")
            }
            if let found = attempt(CallOrigin.aliases[name] ?? name, nil) { return found }
        }
        if let found = attempt(nil, nil) { return found }
        throw nearest ?? PriceError(.unknownModel, "the price data has no model \(models[0])")
    }
}
