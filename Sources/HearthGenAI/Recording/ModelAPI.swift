import Hearth

/// The APIs of models that are understood, recognised by the path of their addresses.
public enum ModelAPI: Sendable, Hashable, CaseIterable {
    /// `…/chat/completions` of OpenAI and of everything that imitates it.
    case openAIChat
    /// `…/responses` of OpenAI.
    case openAIResponses
    /// `…/embeddings` of OpenAI and of everything that imitates it.
    case openAIEmbeddings
    /// `…/messages` of Anthropic.
    case anthropicMessages
    /// `…/models/MODEL:generateContent` and `:streamGenerateContent` of Gemini.
    case geminiGenerateContent
    /// `…/models/MODEL:embedContent` and `:batchEmbedContents` of Gemini.
    case geminiEmbeddings

    /// - Parameter path: without query.
    init?(path: some StringProtocol) {
        var path = Substring(path)
        while path.last == "/" { path.removeLast() }
        if let colon = path.lastIndex(of: ":"), path[..<colon].contains("/models/") {
            switch path[path.index(after: colon)...] {
            case "generateContent", "streamGenerateContent": self = .geminiGenerateContent
            case "embedContent", "batchEmbedContents": self = .geminiEmbeddings
            default: return nil
            }
        } else if path.hasSuffix("/chat/completions") {
            self = .openAIChat
        } else if path.hasSuffix("/responses") {
            self = .openAIResponses
        } else if path.hasSuffix("/embeddings") {
            self = .openAIEmbeddings
        } else if path.hasSuffix("/messages"), path.hasSuffix("/v1/messages") {
            self = .anthropicMessages
        } else {
            return nil
        }
    }

    /// Whether the path alone says that a model is asked.
    var isUnmistakable: Bool {
        switch self {
        case .openAIChat, .geminiGenerateContent, .geminiEmbeddings: true
        case .openAIResponses, .openAIEmbeddings, .anthropicMessages: false
        }
    }

    /// The deployment that Azure has in place of a model: `…/deployments/NAME/…`.
    func deployment(in path: Substring) -> String? {
        guard let start = path.firstRange(of: "/deployments/") else { return nil }
        let name = path[start.upperBound...].prefix { $0 != "/" }
        return name.isEmpty ? nil : String(name)
    }

    /// The provider that speaks this API where the host says nothing else.
    var provider: String {
        switch self {
        case .openAIChat, .openAIResponses, .openAIEmbeddings: "openai"
        case .anthropicMessages: "anthropic"
        case .geminiGenerateContent, .geminiEmbeddings: "gcp.gemini"
        }
    }

    /// Hosts, or their ends, of providers that speak another's API.
    private static let hosts: [(suffix: String, provider: String)] = [
        ("openai.azure.com", "azure.ai.openai"), ("services.ai.azure.com", "azure.ai.inference"), ("api.groq.com", "groq"),
        ("api.deepseek.com", "deepseek"), ("api.mistral.ai", "mistral_ai"), ("api.x.ai", "x_ai"), ("api.perplexity.ai", "perplexity"),
        ("openrouter.ai", "openrouter"), ("api.together.xyz", "together"), ("api.together.ai", "together"),
        ("api.fireworks.ai", "fireworks"), ("api.cerebras.ai", "cerebras"), ("api.moonshot.ai", "moonshot_ai"),
        ("api.cohere.com", "cohere"), ("aiplatform.googleapis.com", "gcp.vertex_ai"),
        ("generativelanguage.googleapis.com", "gcp.gemini"),
    ]

    /// The provider of an address: by host, by the port that Ollama uses, else by the API.
    func provider(host: String, port: Int?) -> String {
        let host = host.lowercased()
        if let known = Self.hosts.first(where: { host == $0.suffix || host.hasSuffix("." + $0.suffix) || host.hasSuffix("-" + $0.suffix) })
        {
            return known.provider
        }
        return port == 11434 ? "ollama" : provider
    }
}
