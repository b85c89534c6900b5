import Accounts

/// What an endpoint asks of a request.
enum Need: String, Sendable, CaseIterable {
    /// Nothing: it gives away nothing, or checks a secret of its own.
    case open
    /// Sends telemetry.
    case write
    /// Reads a project.
    case read
    /// Somebody with roles.
    case login
    /// A person: a session or a token of `logfire auth`.
    case person
    /// The role member.
    case manage
    /// The role owner.
    case administer
    /// The role owner, in person.
    case administerInPerson
}

/// Whoever may send a request, for the table of roles and endpoints.
enum Subject: Sendable, Hashable, CaseIterable {
    case nobody, writeToken, readToken
    case keyViewer, keyMember, keyOwner
    case userViewer, userMember, userOwner

    /// Heading in the table.
    var title: String {
        switch self {
        case .nobody: "no login"
        case .writeToken: "write token"
        case .readToken: "read token"
        case .keyViewer: "API key viewer"
        case .keyMember: "API key member"
        case .keyOwner: "API key owner"
        case .userViewer: "user viewer"
        case .userMember: "user member"
        case .userOwner: "user owner"
        }
    }

    private var role: Role? {
        switch self {
        case .nobody, .writeToken, .readToken: nil
        case .keyViewer, .userViewer: .viewer
        case .keyMember, .userMember: .member
        case .keyOwner, .userOwner: .owner
        }
    }

    private var isPerson: Bool { self == .userViewer || self == .userMember || self == .userOwner }

    /// Whether an endpoint with `need` answers this sender.
    func has(_ need: Need) -> Bool {
        switch need {
        case .open: true
        case .write: self == .writeToken || role?.allows(.write) ?? false
        case .read: self == .readToken || role?.allows(.read) ?? false
        case .login: role != nil
        case .person: isPerson
        case .manage: role?.allows(.manage) ?? false
        case .administer: role?.allows(.administer) ?? false
        case .administerInPerson: isPerson && role == .owner
        }
    }
}

/// One endpoint and what it asks for.
struct Endpoint: Sendable, Hashable {
    var method: String
    /// As the router has it, with a leading slash.
    var path: String
    var need: Need

    init(_ method: String, _ path: String, _ need: Need) {
        self.method = method
        self.path = path
        self.need = need
    }
}

/// Every endpoint of the server. A test holds it against the router, another against `Docs/accounts.md`, and the conformance
/// suite tries each endpoint as each sender.
enum EndpointTable {
    static let all: [Endpoint] = telemetry + logfire + management + prices + protection + webUI + pages

    private static let telemetry = [
        Endpoint("GET", "/healthz", .open),
        Endpoint("GET", "/metrics", .administer),
        Endpoint("POST", "/v1/traces", .write),
        Endpoint("POST", "/v1/logs", .write),
        Endpoint("POST", "/v1/metrics", .write),
        Endpoint("POST", "/v2/query", .read),
        Endpoint("DELETE", "/v2/query/{id}", .read),
        Endpoint("GET", "/v1/query", .read),
        Endpoint("GET", "/v1/schemas", .read),
    ]

    private static let logfire = [
        Endpoint("GET", "/v1/info", .write),
        Endpoint("GET", "/v1/read-token-info", .read),
        Endpoint("POST", "/v1/device-auth/new", .open),
        Endpoint("GET", "/v1/device-auth/wait/{code}", .open),
        Endpoint("GET", "/v1/account/me", .login),
        Endpoint("GET", "/v1/writable-projects", .login),
        Endpoint("GET", "/v1/organizations/available-for-projects", .login),
        Endpoint("POST", "/v1/organizations/{organization}/projects", .administer),
        Endpoint("POST", "/v1/organizations/{organization}/projects/{project}/write-tokens", .manage),
        Endpoint("POST", "/v1/organizations/{organization}/projects/{project}/read-tokens", .manage),
    ]

    private static let management =
        [
            Endpoint("GET", "/api/v1/health", .administer),
            Endpoint("GET", "/api/v1/backup", .administer),
            Endpoint("GET", "/api/v1/organizations", .login),
            Endpoint("POST", "/api/v1/organizations", .administerInPerson),
            Endpoint("GET", "/api/v1/projects", .login),
            Endpoint("POST", "/api/v1/projects", .administer),
            Endpoint("GET", "/api/v1/projects/{id}", .read),
            Endpoint("PUT", "/api/v1/projects/{id}", .administer),
            Endpoint("DELETE", "/api/v1/projects/{id}", .administer),
            Endpoint("GET", "/api/v1/projects/{id}/mapping-rules", .read),
            Endpoint("PUT", "/api/v1/projects/{id}/mapping-rules", .manage),
            Endpoint("GET", "/api/v1/projects/{id}/mapping-rules/apply", .read),
            Endpoint("POST", "/api/v1/projects/{id}/mapping-rules/apply", .manage),
            Endpoint("GET", "/api/v1/projects/{id}/mapping-rules/near-duplicate-keys", .read),
        ] + tokens("/api/v1/projects/{id}/write-tokens", .manage) + tokens("/api/v1/projects/{id}/read-tokens", .manage)
        + tokens("/api/v1/api-keys", .administer) + [
            Endpoint("GET", "/api/v1/user-tokens", .person),
            Endpoint("DELETE", "/api/v1/user-tokens/{token}", .person),
            Endpoint("GET", "/api/v1/members", .login),
            Endpoint("POST", "/api/v1/members", .administer),
            Endpoint("PUT", "/api/v1/members/{user}", .administer),
            Endpoint("DELETE", "/api/v1/members/{user}", .administer),
            Endpoint("POST", "/api/v1/members/{user}/password-link", .administer),
        ]

    private static let prices = [
        Endpoint("GET", "/api/v1/prices/models", .read),
        Endpoint("GET", "/api/v1/prices/models/show", .read),
        Endpoint("POST", "/api/v1/prices/calculate", .read),
        Endpoint("GET", "/api/v1/prices/versions", .read),
        Endpoint("POST", "/api/v1/prices/versions", .administer),
        Endpoint("POST", "/api/v1/prices/versions/{version}/activate", .administer),
        Endpoint("GET", "/api/v1/prices/overrides", .read),
        Endpoint("POST", "/api/v1/prices/overrides", .manage),
        Endpoint("DELETE", "/api/v1/prices/overrides/{override}", .manage),
        Endpoint("POST", "/api/v1/prices/recompute", .manage),
    ]

    private static let protection = [
        Endpoint("GET", "/api/v1/projects/{id}/redaction", .manage),
        Endpoint("PUT", "/api/v1/projects/{id}/redaction", .manage),
        Endpoint("POST", "/api/v1/projects/{id}/redaction/test", .manage),
        Endpoint("GET", "/api/v1/projects/{id}/redaction/audit", .manage),
        Endpoint("GET", "/api/v1/projects/{id}/retention", .manage),
        Endpoint("PUT", "/api/v1/projects/{id}/retention", .manage),
        Endpoint("POST", "/api/v1/projects/{id}/retention/preview", .manage),
        Endpoint("GET", "/api/v1/projects/{id}/retention/status", .manage),
        Endpoint("GET", "/api/v1/projects/{id}/sampling", .manage),
        Endpoint("PUT", "/api/v1/projects/{id}/sampling", .manage),
        Endpoint("GET", "/api/v1/projects/{id}/sampling/status", .manage),
    ]

    private static let webUI = [
        Endpoint("GET", "/ui/session", .open),
        Endpoint("POST", "/ui/session", .open),
        Endpoint("DELETE", "/ui/session", .open),
        Endpoint("POST", "/ui/setup", .open),
        Endpoint("GET", "/ui/password-links/{code}", .open),
        Endpoint("POST", "/ui/password-links/{code}", .open),
        Endpoint("PUT", "/ui/password", .person),
        Endpoint("GET", "/ui/sessions", .person),
        Endpoint("DELETE", "/ui/sessions/{session}", .person),
        Endpoint("GET", "/ui/device/{code}", .person),
        Endpoint("POST", "/ui/device/{code}", .person),
        Endpoint("GET", "/ui/config", .read),
        Endpoint("GET", "/ui/attribute-keys", .read),
        Endpoint("GET", "/ui/live", .read),
        Endpoint("GET", "/ui/live/stream", .read),
    ]

    /// The web bundle; the page itself holds nothing.
    private static let pages = [
        Endpoint("GET", "/", .open),
        Endpoint("GET", "/login", .open),
        Endpoint("GET", "/setup", .open),
        Endpoint("GET", "/assets/**", .open),
        Endpoint("GET", "/{organization}/{project}", .open),
        Endpoint("GET", "/{organization}/{project}/**", .open),
    ]

    private static func tokens(_ path: String, _ need: Need) -> [Endpoint] {
        [
            Endpoint("GET", path, need),
            Endpoint("POST", path, need),
            Endpoint("POST", path + "/{token}/rotate", need),
            Endpoint("PATCH", path + "/{token}/expire", need),
            Endpoint("DELETE", path + "/{token}", need),
        ]
    }

    /// The table as it stands in `Docs/accounts.md`.
    static var markdown: String {
        var lines = ["| endpoint | " + Subject.allCases.map(\.title).joined(separator: " | ") + " |"]
        lines.append("|---" + String(repeating: "|:-:", count: Subject.allCases.count) + "|")
        for endpoint in all {
            let cells = Subject.allCases.map { $0.has(endpoint.need) ? "✓" : "–" }
            lines.append("| `\(endpoint.method) \(endpoint.path)` | " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
