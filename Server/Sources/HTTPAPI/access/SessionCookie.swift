import Accounts
import FoundationEssentials
import Hummingbird

/// The cookie of a signed-in browser: unreadable for scripts, not sent by other sites' requests that change something, and
/// only over TLS where there is TLS.
enum SessionCookie {
    static let name = "hearth_session"

    static func of(_ session: OpenedSession, isSecure: Bool) -> Cookie {
        Cookie(
            name: name, value: session.cookie, maxAge: Int(Session.lifetime), path: "/", secure: isSecure, httpOnly: true, sameSite: .lax)
    }

    static func cleared(isSecure: Bool) -> Cookie {
        Cookie(name: name, value: "", maxAge: 0, path: "/", secure: isSecure, httpOnly: true, sameSite: .lax)
    }
}
