import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// The JSON body of a small request.
enum JSONBody {
    /// Bytes.
    static let limit = 64 << 10

    /// Decodes the body; an empty one is `{}`.
    ///
    /// A body must say that it is JSON: other sites' forms cannot say that without asking first, which is one of the walls
    /// against forged requests.
    ///
    /// - Throws: ``APIError`` 415, ``FieldError``.
    static func decode<Value: Decodable>(_ type: Value.Type, _ request: Request) async throws -> Value {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw APIError(.contentTooLarge, "the request is larger than \(limit) bytes")
        }
        if buffer.readableBytes > 0 {
            let contentType = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
            guard contentType == "application/json" else {
                throw APIError(.unsupportedMediaType, "the content type must be application/json, not \(contentType ?? "absent")")
            }
        }
        let data = buffer.readableBytes == 0 ? Data("{}".utf8) : Data(buffer.readableBytesView)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: data)
        } catch let error as DecodingError {
            throw refusal(error)
        }
    }

    private static func refusal(_ error: DecodingError) -> FieldError {
        func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> [String] {
            (context.codingPath + (last.map { [$0] } ?? [])).map { snake($0.stringValue) }
        }
        switch error {
        case .keyNotFound(let key, let context): return FieldError(path(context, key), "the field is missing")
        case .typeMismatch(let type, let context): return FieldError(path(context), "must be \(type)")
        case .valueNotFound(let type, let context): return FieldError(path(context), "must be \(type), not null")
        case .dataCorrupted(let context):
            return FieldError(path(context), context.codingPath.isEmpty ? "the body is not valid JSON" : context.debugDescription)
        @unknown default: return FieldError([], "the body cannot be read")
        }
    }

    private static func snake(_ name: String) -> String {
        name.reduce(into: "") { text, character in text += character.isUppercase ? "_" + character.lowercased() : String(character) }
    }
}

/// A value that is `null` in JSON when there is none, instead of being left out: clients tell the two apart.
@propertyWrapper
struct Nullable<Wrapped: Encodable>: Encodable {
    var wrappedValue: Wrapped?

    init(wrappedValue: Wrapped?) { self.wrappedValue = wrappedValue }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}

extension Nullable: Sendable where Wrapped: Sendable {}
extension Nullable: Equatable where Wrapped: Equatable {}
