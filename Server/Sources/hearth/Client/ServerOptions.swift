import ArgumentParser
import Foundation

/// Which server a command asks, and how it answers.
struct ServerOptions: ParsableArguments {
    @Option(
        name: [.customLong("url"), .customLong("server")],
        help: ArgumentHelp("Address of the server. (default: HEARTH_URL, else http://127.0.0.1:4318)", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("API key, for a server that asks for one. (default: HEARTH_TOKEN)", valueName: "token"))
    var token: String?

    @Option(help: ArgumentHelp("Project, where the key does not say which. (default: HEARTH_PROJECT)", valueName: "organization/name"))
    var project: String?

    @Flag(help: "Print JSON.")
    var json = false

    func client() throws(ServerClient.Failure) -> ServerClient {
        let environment = ProcessInfo.processInfo.environment
        return try ServerClient(
            url: url ?? environment["HEARTH_URL"] ?? "http://127.0.0.1:4318", token: token ?? environment["HEARTH_TOKEN"],
            project: project ?? environment["HEARTH_PROJECT"])
    }

    /// Runs `body` and ends the process with one sentence and ``ServerClient/Failure/exitCode`` when it fails.
    func run(_ body: (ServerClient) async throws -> Void) async throws {
        do {
            try await body(try client())
        } catch let error as ServerClient.Failure {
            Terminal.warn(error.description)
            throw ExitCode(error.exitCode)
        }
    }

    /// Prints the server's JSON, or what `text` makes of it.
    func say<Answer: Decodable>(_ body: [UInt8], _ type: Answer.Type, _ text: (Answer) -> String) throws {
        if json { return Terminal.say(String(decoding: body, as: UTF8.self)) }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            Terminal.say(text(try decoder.decode(type, from: Data(body))))
        } catch {
            throw ServerClient.Failure(description: "the server's answer cannot be read; it may be of another version: \(error)")
        }
    }
}

/// Parts of an address.
enum URLQuery {
    /// `?name=value&…` of the values that are there, escaped; empty without any.
    static func text(_ values: KeyValuePairs<String, String?>) -> String {
        let items = values.compactMap { name, value in value.map { "\(name)=\(escaped($0))" } }
        return items.isEmpty ? "" : "?" + items.joined(separator: "&")
    }

    static func escaped(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
    }
}
