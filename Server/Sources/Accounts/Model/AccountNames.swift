/// The rules for names that stand in URLs.
public enum AccountNames {
    /// Shown where a name is refused.
    public static let rule = "2 to 50 lower-case letters and digits, with single hyphens between them"

    /// First path segments that are not organisations.
    static let reserved: Set<String> = [
        "api", "assets", "clients", "device", "healthz", "invite", "login", "mcp", "opentelemetry", "proxy", "setup", "ui", "v1", "v2",
    ]

    /// Whether `name` can be the name of a project or an organisation.
    public static func isValid(_ name: String) -> Bool {
        guard (2...50).contains(name.utf8.count) else { return false }
        var previous = UInt8(ascii: "-")
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "-") where previous != byte: break
            default: return false
            }
            previous = byte
        }
        return previous != UInt8(ascii: "-")
    }

    static func checkProject(_ name: String) throws(ControlStoreError) {
        guard isValid(name) else {
            throw .invalid("project_name", "a project's name is \(rule)")
        }
    }

    static func checkOrganization(_ name: String) throws(ControlStoreError) {
        guard isValid(name) else { throw .invalid("organization_name", "an organisation's name is \(rule)") }
        guard !reserved.contains(name) else {
            throw .invalid("organization_name", "the name \(name) is part of the server's own addresses; choose another")
        }
    }

    static func checkEmail(_ email: String) throws(ControlStoreError) {
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = email.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, isPlain, email.utf8.count <= 254 else {
            throw .invalid("email", "an e-mail address looks like ada@example.com")
        }
    }

    static func checkText(_ text: String?, field: String, limit: Int = 500) throws(ControlStoreError) {
        if let text, text.utf8.count > limit { throw .invalid(field, "at most \(limit) bytes") }
    }
}
