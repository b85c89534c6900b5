public import Hearth

/// What is recorded of HTTP requests.
public struct HTTPInstrumentation: Sendable {
    /// Which headers become attributes.
    public enum Headers: Sendable, Hashable {
        /// No header.
        case none
        /// Every header; scrubbing replaces what looks secret.
        case all
        /// These, in any case.
        case named(Set<String>)

        func contains(_ name: String) -> Bool {
            switch self {
            case .none: false
            case .all: true
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
    /// What is beyond is not recorded.
    public var maximumBodyBytes = 1024 * 1024
    /// Whether requests to models are recorded as model calls too.
    public var modelCalls = true
    /// Which headers carry the trace to the server.
    public var propagation: [Propagation] = [.traceContext]
    /// The provider of a host, where the address does not tell it: `gen_ai.provider.name`.
    public var providers: [String: String] = [:]

    /// The defaults.
    public init() {}

    /// Headers and bodies of requests and answers. Secrets in them are scrubbed as everywhere.
    public static var captureAll: HTTPInstrumentation {
        var all = HTTPInstrumentation()
        all.requestHeaders = .all
        all.responseHeaders = .all
        all.requestBodies = true
        all.responseBodies = true
        return all
    }
}

/// Addresses as they may be recorded.
enum RecordedURL {
    /// Parameters that are keys in the APIs of models and of stores.
    private static let secrets: Set<String> = [
        "key", "api_key", "apikey", "api-key", "access_token", "token", "sig", "signature", "awsaccesskeyid", "x-goog-signature",
        "x-amz-signature", "x-amz-credential", "x-amz-security-token", "code", "client_secret", "password",
    ]

    /// The address without user names and with the values of secret parameters replaced.
    static func text(_ url: String) -> String {
        guard let address = WebAddress(url) else { return url }
        var text = "\(address.scheme)://" + (address.host.contains(":") ? "[\(address.host)]" : address.host)
        if let port = address.port { text += ":\(port)" }
        text += address.path
        if !address.query.isEmpty {
            let pairs = address.query.split(separator: "&", omittingEmptySubsequences: false).map { pair -> String in
                let name = pair.prefix { $0 != "=" }
                return name.count < pair.count && secrets.contains(name.lowercased()) ? "\(name)=REDACTED" : String(pair)
            }
            text += "?" + pairs.joined(separator: "&")
        }
        return text
    }
}
