/// What everything that records HTTP requests has in common: names of methods, what is secret, buckets of durations.
package enum HTTPConventions {
    /// Upper bounds of the buckets of `http.server.request.duration` and its like, in seconds; those of calls of gRPC are the same.
    package static let durationBoundaries: [Double] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

    private static let methods: Set<String> = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"]

    /// `http.request.method`: a word that is no method is `_OTHER`, since callers can make up as many as they like.
    package static func method(_ name: String) -> String { methods.contains(name) ? name : "_OTHER" }

    /// What a span of a request is called by: its method, or `HTTP` where that is none.
    package static func spanName(_ method: String) -> String { methods.contains(method) ? method : "HTTP" }

    /// Method and, where it is none, what was sent as one.
    package static func attributes(ofMethod name: String) -> Attributes {
        var attributes: Attributes = ["http.request.method": method(name)]
        if !methods.contains(name) { attributes["http.request.method_original"] = .string(name) }
        return attributes
    }

    // MARK: Secrets

    /// Parts of the names of secrets, in lower case and without marks between words.
    private static let secretWords = [
        "accesskey", "apikey", "authoris", "authoriz", "cookie", "credential", "csrf", "jwt", "oauth", "passphrase", "passwd", "password",
        "privatekey", "secret",
        "session", "signature", "subscriptionkey", "token", "xsrf",
    ]
    /// Names of parameters that are secrets as a whole: keys in the APIs of models and of stores, codes of OAuth.
    private static let secretParameters: Set<String> = ["auth", "code", "key", "pass", "pwd", "sid", "sig"]

    private static func isSecret(_ name: String) -> Bool {
        // Numbers of tokens are no secret.
        let name = name.replacing("tokens", with: "")
        return secretWords.contains { name.contains($0) }
    }

    private static func plain(_ name: some StringProtocol) -> String { name.lowercased().filter { !"-_.".contains($0) } }

    /// Whether the values of a header are not to be recorded unless it is asked for by name.
    package static func isSecret(header name: String) -> Bool { isSecret(plain(name)) }

    /// A query with the values of secret parameters replaced by `REDACTED`.
    package static func redacted(query: some StringProtocol) -> String {
        guard !query.isEmpty else { return "" }
        return query.split(separator: "&", omittingEmptySubsequences: false).map { pair -> String in
            guard let equals = pair.firstIndex(of: "=") else { return String(pair) }
            let name = plain(PercentCoding.decode(pair[..<equals]))
            return secretParameters.contains(name) || isSecret(name) ? "\(pair[..<equals])=REDACTED" : String(pair)
        }.joined(separator: "&")
    }
}
