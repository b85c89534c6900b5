/// The file that `logfire projects use` writes: `.logfire/logfire_credentials.json`.
struct Credentials: Sendable, Hashable {
    var token: String?
    var baseURL: String?

    /// Reads the file of a folder; nil when there is none or it is not readable as JSON.
    static func read(directory: String) -> Credentials? {
        guard let bytes = ProcessEnvironment.file(directory + "/logfire_credentials.json") else { return nil }
        return Credentials(json: bytes)
    }

    init?(json: [UInt8]) {
        guard case .object(let members)? = JSONReader.value(in: json) else { return nil }
        for member in members {
            guard case .string(let text) = member.value, !text.isEmpty else { continue }
            if member.key == "token" { token = text }
            if member.key == "logfire_api_url" { baseURL = text }
        }
    }
}
