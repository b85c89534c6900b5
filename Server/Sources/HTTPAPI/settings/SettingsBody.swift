import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// Settings that were refused: 422 with every place that is wrong.
struct SettingsRefused: HTTPResponseError {
    struct Issue: Encodable {
        var path: String
        var message: String
    }

    var issues: [Issue]
    var status: HTTPResponse.Status { .unprocessableContent }

    private struct Answer: Encodable {
        var detail: String
        var errors: [Issue]
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        let detail = issues.map { $0.path.isEmpty ? $0.message : "\($0.path): \($0.message)" }.joined(separator: "; ")
        return Response.json(status: status, Answer(detail: detail, errors: issues))
    }
}

/// Decodes settings from request bodies.
enum SettingsBody {
    /// - Throws: ``SettingsRefused`` with the place of the first thing that cannot be read, ``APIError`` 415 unless the request says
    ///   that it is JSON, which other sites' forms cannot.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8], _ request: Request) throws -> Value {
        let contentType = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard contentType == "application/json" else {
            throw APIError(.unsupportedMediaType, "the content type must be application/json, not \(contentType ?? "absent")")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw SettingsRefused(issues: [issue(error)])
        }
    }

    private static func issue(_ error: DecodingError) -> SettingsRefused.Issue {
        switch error {
        case .keyNotFound(let key, let context): .init(path: path(context.codingPath + [key]), message: "is missing")
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            .init(path: path(context.codingPath), message: context.debugDescription)
        @unknown default: .init(path: "", message: "the body cannot be read")
        }
    }

    /// `rules[2].pattern`.
    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue { path += "[\(index)]" } else { path += (path.isEmpty ? "" : ".") + key.stringValue }
        }
    }
}

extension Response {
    /// An answer with `value` as JSON, its keys as they are declared.
    static func plainJSON(_ value: some Encodable, adding member: (name: String, json: [UInt8])? = nil) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes = [UInt8](try encoder.encode(value))
        if let member {
            bytes.removeLast()
            bytes += Array(",\"\(member.name)\":".utf8) + member.json + [0x7d]
        }
        return json(buffer: ByteBuffer(bytes: bytes))
    }
}
