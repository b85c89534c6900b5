/// The file that `logfire projects use` writes: `.logfire/logfire_credentials.json`.
struct Credentials: Sendable, Hashable {
    var token: String?
    var baseURL: String?

    /// Reads the file of a folder; nil when there is none.
    static func read(directory: String) throws(ConfigurationError) -> Credentials? {
        let path = directory + "/logfire_credentials.json"
        guard let bytes = ProcessEnvironment.file(path) else { return nil }
        guard let credentials = Credentials(json: bytes) else {
            throw ConfigurationError(.invalidValue, "the credentials file \(path) does not hold a JSON object; write it anew or remove it")
        }
        return credentials
    }

    /// - Parameter json: an object; nil is made of anything else.
    init?(json: [UInt8]) {
        guard case .object(let members)? = JSONReader.value(in: json) else { return nil }
        for member in members {
            guard case .string(let text) = member.value, !text.isEmpty else { continue }
            if member.key == "token" { token = text }
            if member.key == "logfire_api_url" { baseURL = text }
        }
    }
}
