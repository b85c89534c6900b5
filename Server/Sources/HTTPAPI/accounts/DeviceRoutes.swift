import Accounts
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// Device authorisation (`logfire-contract.md` §1.3): a program asks at `/v1/device-auth/…`, a person consents on the page
/// `/device/<code>`, which reads and decides at `/ui/device/<code>`.
struct DeviceRoutes: Sendable {
    let services: AccountServices
    /// How long one wait lasts before it answers null: clients give up after 15 s.
    static let wait = Duration.seconds(10)
    /// Seconds a user token lasts: a year.
    static let tokenLifetime: TimeInterval = 365 * 86_400

    private struct Asked: Decodable {
        var machineName: String?

        enum CodingKeys: String, CodingKey { case machineName = "machine_name" }
    }

    private struct Begun: Encodable {
        var deviceCode: String
        var frontendAuthUrl: String
    }

    private struct Issued: Encodable {
        var token: String
        var expiration: String
    }

    private struct Consent: Encodable {
        var machineName: String
        @Nullable var address: String?
        var createdAt: String
        var expiresAt: String
        var status: String
        var userName: String
    }

    private struct Decision: Decodable {
        var decision: String
    }

    func add(to router: Router<HearthRequestContext>) {
        router.post("v1/device-auth/new") { request, context in
            let machine = try? request.uri.decodeQuery(as: Asked.self, context: context).machineName
            let address = services.publicAddress.clientAddress(request, context)
            guard let begun = services.devices.begin(machineName: machine ?? "unnamed", address: address)
            else {
                throw APIError(.tooManyRequests, "too many sign-ins are waiting for consent", headers: [.retryAfter: "60"])
            }
            let page = "\(services.publicAddress.baseURL(request))/device/\(begun.userCode)"
            return Response.json(Begun(deviceCode: begun.deviceCode, frontendAuthUrl: page))
        }
        router.get("v1/device-auth/wait/:code") { _, context in try await waitForDecision(context.parameters.require("code")) }
        router.get("ui/device/:code") { request, context in
            let principal = try services.authentication.person(request)
            guard let found = services.devices.find(userCode: try context.parameters.require("code")) else { throw Self.unknown }
            return Response.json(
                Consent(
                    machineName: found.machineName, address: found.address, createdAt: apiTime(found.createdAt),
                    expiresAt: apiTime(found.expiresAt), status: found.status.rawValue, userName: principal.displayName))
        }
        router.post("ui/device/:code") { request, context in
            let principal = try services.authentication.person(request)
            let code = try context.parameters.require("code")
            let body = try await JSONBody.decode(Decision.self, request)
            guard body.decision == "approve" || body.decision == "deny" else {
                throw FieldError(["decision"], "must be approve or deny")
            }
            let isApproved = body.decision == "approve"
            switch services.devices.decide(userCode: code, approve: isApproved, userID: principal.user?.id) {
            case true?: return Response.json(["status": isApproved ? "approved" : "denied"])
            case false?: throw APIError(.conflict, "this sign-in was decided already")
            case nil: throw Self.unknown
            }
        }
    }

    private static let unknown = APIError(
        .notFound, "this code is not known, was used, or has expired; run `logfire auth` again")

    private func waitForDecision(_ deviceCode: String) async throws -> Response {
        let clock = ContinuousClock()
        let end = clock.now + Self.wait
        while true {
            guard let found = services.devices.poll(deviceCode: deviceCode) else { throw Self.unknown }
            switch found.status {
            case .denied: throw APIError(.forbidden, "the sign-in was denied on the consent page")
            case .approved: return try await issue(found)
            case .pending: break
            }
            guard clock.now < end else { return Response.json(buffer: .init(string: "null")) }
            try await Task.sleep(for: .milliseconds(150))
        }
    }

    /// The token is made only now, so that its text is never kept.
    private func issue(_ authorization: DeviceAuthorization) async throws -> Response {
        let expiry = Date().addingTimeInterval(Self.tokenLifetime)
        let name = authorization.userID.flatMap { services.authentication.user($0)?.name } ?? "local owner"
        let request = TokenRequest(
            kind: .user, userID: authorization.userID, description: "logfire auth on \(authorization.machineName)", expiresAt: expiry,
            createdByName: name)
        let issued = try await services.directory.change { store throws(ControlStoreError) in try await store.issue(request) }
        return Response.json(Issued(token: issued.secret, expiration: apiTime(expiry)))
    }
}
