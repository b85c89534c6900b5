public import Hearth

/// What is recorded of HTTP requests.
public struct HTTPInstrumentation: Sendable {
    /// Which headers become attributes.
    public enum Headers: Sendable, Hashable {
        /// No header.
        case none
        /// Every header but those that carry secrets: authorisation, cookies, keys.
        case all
        /// These, whatever they carry; in upper or lower case.
        case named(Set<String>)

        /// - Parameter name: in lower case.
        func contains(_ name: String) -> Bool {
            switch self {
            case .none: false
            case .all: !HTTPConventions.isSecret(header: name)
            case .named(let names): names.contains { $0.lowercased() == name }
            }
        }
    }

    /// Which headers of requests are recorded, as `http.request.header.<name>`.
    public var requestHeaders: Headers = .none
    /// Which headers of responses are recorded, as `http.response.header.<name>`.
    public var responseHeaders: Headers = .none
    /// Whether bodies of requests become the attribute `http.request.body.text`.
    public var requestBodies = false
    /// Whether bodies of answers become the attribute `http.response.body.text`.
    public var responseBodies = false
    /// Bytes of a body that are recorded; what is beyond is not.
    public var maximumBodyBytes = 1024 * 1024
    /// Whether requests to models are recorded as model calls too.
    public var modelCalls = true
    /// Which headers carry the trace to the server.
    public var propagation: [Propagation] = [.traceContext]
    /// The provider of a host, where the address does not tell it: `gen_ai.provider.name`.
    public var providers: [String: String] = [:]

    /// The defaults.
    public init() {}

    /// Headers and bodies of requests and answers, without headers that carry secrets.
    public static var captureAll: HTTPInstrumentation {
        var all = HTTPInstrumentation()
        all.requestHeaders = .all
        all.responseHeaders = .all
        all.requestBodies = true
        all.responseBodies = true
        return all
    }
}
