public import Accounts
import HTTPTypes
import Hummingbird

/// Finds the project a request belongs to (`logfire-contract.md` §0.2, `acceptance.md` A7).
///
/// On loopback every request belongs to the default project; a token that is missing or unknown is warned about once per
/// token through `X-Logfire-Warning`. On any other address a known token is required.
public struct Authentication: Sendable {
    let isLoopback: Bool
    let defaultProject: Project
    private let warned = OnceSet(limit: 1_000)

    public init(isLoopback: Bool, defaultProject: Project) {
        self.isLoopback = isLoopback
        self.defaultProject = defaultProject
    }

    /// The outcome for one request.
    struct Grant: Sendable {
        var project: Project
        /// Text for the `X-Logfire-Warning` header.
        var warning: String?
    }

    /// - Throws: ``APIError`` 401 when a token is required and not known.
    func authorize(_ request: Request) throws(APIError) -> Grant {
        let token = Self.token(request.headers[.authorization])
        guard isLoopback else {
            throw APIError(.unauthorized, "a valid token is required in the Authorization header")
        }
        guard let token else { return Grant(project: defaultProject, warning: nil) }
        let warning = warned.insert(token) ? "unknown token; on loopback everything goes to \(defaultProject.path)" : nil
        return Grant(project: defaultProject, warning: warning)
    }

    /// The token of a header that is bare or has a `Bearer` scheme of any case; nil when there is none.
    static func token(_ header: String?) -> String? {
        guard var value = header.map({ Substring($0) }) else { return nil }
        value = value.drop { $0 == " " }
        if value.count >= 7, value.prefix(7).lowercased() == "bearer " { value = value.dropFirst(7) }
        let token = value.drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}

extension Project {
    /// `organization/name`, as in URLs.
    public var path: String { "\(organization)/\(name)" }
}
