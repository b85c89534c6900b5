import HTTPTypes

/// Under which names this server answers, and which other sites may reach it from a browser (design §7).
public struct SiteRules: Sendable {
    /// Whether the server is bound to a loopback address; then it answers for loopback names whatever else is allowed.
    public var isLoopback: Bool
    /// Host names in lower case, without ports, that the server answers for beside its own; empty on any other address means every name.
    public var allowedHosts: Set<String>
    /// Origins (`scheme://host[:port]`, lower case) whose scripts may send OTLP; `*` stands for every origin.
    public var corsOrigins: Set<String>
    /// The origin that users see, from `--public-url`.
    public var publicURL: PublicURL?

    public init(isLoopback: Bool, allowedHosts: [String] = [], corsOrigins: [String] = [], publicURL: PublicURL? = nil) {
        self.isLoopback = isLoopback
        self.allowedHosts = Set(allowedHosts.map { $0.lowercased() })
        self.corsOrigins = Set(corsOrigins.map { $0.lowercased() })
        self.publicURL = publicURL
    }

    /// Whether the server answers for `authority` (host with optional port): on loopback for loopback names, elsewhere for the allowed
    /// names, and for addresses, which a page that rebinds its name can never send.
    func answers(for authority: String) -> Bool {
        let host = Self.host(of: authority).lowercased()
        if Self.isLoopbackHost(authority) || allowedHosts.contains(host) { return true }
        if let publicURL, Self.host(of: publicURL.authority) == host { return true }
        return !isLoopback && (allowedHosts.isEmpty || Self.isAddress(host))
    }

    /// Whether a script of `origin` may send OTLP here.
    func allowsOTLP(from origin: String) -> Bool {
        !corsOrigins.isEmpty && (corsOrigins.contains("*") || corsOrigins.contains(origin.lowercased()))
    }

    /// Whether `origin` (`scheme://host[:port]`) is the origin that `authority` belongs to, or the public one.
    func isOwn(_ origin: String, authority: String) -> Bool {
        if let publicURL, origin.lowercased() == publicURL.text { return true }
        for scheme in ["http://", "https://"] where origin.lowercased().hasPrefix(scheme) {
            return origin.dropFirst(scheme.count).lowercased() == authority.lowercased()
        }
        return false
    }

    /// Whether `authority` names this machine's loopback interface.
    static func isLoopbackHost(_ authority: String) -> Bool {
        let host = host(of: authority).lowercased()
        if host == "localhost" || host == "[::1]" || host.isEmpty { return true }
        return host.hasPrefix("127.") && isIPv4(host)
    }

    private static func isAddress(_ host: String) -> Bool { host.hasPrefix("[") || isIPv4(host) }

    private static func isIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func host(of authority: String) -> Substring {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return authority[...end] }
        return authority.prefix { $0 != ":" }
    }
}

/// The address under which users reach the server, where that is not the one it listens on: `scheme://host[:port]`.
public struct PublicURL: Sendable, Equatable {
    public let scheme: String
    public let authority: String

    /// Reads a URL without path; nil when `text` is none.
    public init?(_ text: String) {
        let lower = text.lowercased()
        for scheme in ["http", "https"] where lower.hasPrefix(scheme + "://") {
            var authority = lower.dropFirst(scheme.count + 3)
            if authority.hasSuffix("/") { authority = authority.dropLast() }
            guard !authority.isEmpty, !authority.contains(where: { "/?#@ ".contains($0) }) else { return nil }
            self.scheme = scheme
            self.authority = String(authority)
            return
        }
        return nil
    }

    public var text: String { "\(scheme)://\(authority)" }
}
