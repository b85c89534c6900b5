/// How the body of a request is compressed: an HTTP content coding, or gRPC's message encoding of the same name.
public enum ContentCoding: String, Sendable, Hashable, CaseIterable {
    case identity, gzip, deflate, zstd

    /// The codings for people, as in an answer that refuses another one.
    public static let names = "gzip, zstd, deflate or identity"

    /// Reads the value of a `Content-Encoding` or `grpc-encoding` field; nil when it names another coding, or more than one.
    ///
    /// - Parameter name: any case; absent and empty mean ``identity``.
    public init?(_ name: String?) {
        switch name?.lowercased().filter({ $0 != " " }) {
        case nil, "": self = .identity
        case "x-gzip": self = .gzip
        case let name?: self.init(rawValue: name)
        }
    }

    /// The content of a body.
    ///
    /// - Parameters:
    ///   - body: the bytes as received.
    ///   - limit: bytes of content allowed; unpacking stops as soon as there are more, so a small body cannot fill the memory.
    public func unpack(_ body: [UInt8], limit: Int) throws(UnpackError) -> [UInt8] {
        switch self {
        case .identity: body
        case .gzip: try Inflate.gunzip(body, limit: limit)
        case .deflate: try Inflate.deflate(body, limit: limit)
        case .zstd: try Zstd.unpack(body, limit: limit)
        }
    }
}
