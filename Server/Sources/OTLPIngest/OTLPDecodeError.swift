/// Why a whole request could not be decoded. Single records that cannot be kept are counted in the batch's `rejected` instead.
public struct OTLPDecodeError: Error, Sendable, Hashable {
    public struct Code: Sendable, Hashable {
        private let value: UInt8
        private init(value: UInt8) { self.value = value }

        /// The bytes are not a message of the stated encoding.
        public static let malformed = Code(value: 0)
        /// Nested deeper than the wire format's limit. Attribute values alone never cause this, see ``DecodeLimits/valueDepth``.
        public static let tooDeep = Code(value: 1)
        /// More bytes, records or rendered text than ``DecodeLimits`` allow.
        public static let tooLarge = Code(value: 2)
    }

    public var code: Code
    /// What was wrong and where (field path and byte offset), in lower case and without a final dot.
    public var message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}

/// The two encodings of OTLP request bodies.
public enum OTLPEncoding: Sendable, Hashable {
    /// `application/x-protobuf`, and every gRPC message.
    case protobuf
    /// `application/json`: OTLP/JSON, with ids in hexadecimal.
    case json
}

/// Bounds on what one request may make the decoder do.
public struct DecodeLimits: Sendable {
    /// Bytes of the decompressed body. Default 100 MiB.
    public var bodyBytes = 100 << 20
    /// Records or metric points of one request; beyond, the request is refused. Default one million.
    public var records = 1_000_000
    /// Bytes of text made from one request (rendered JSON, repaired strings). Default 512 MiB.
    public var textBytes = 512 << 20
    /// Bytes of one record; the values of a larger one are cut in the middle (`logfire-contract.md` §2.3). Default 10 MiB.
    public var recordBytes = 10 << 20
    /// Levels of arrays and maps in one attribute value or log body; what lies deeper becomes the string `"..."`. Default 64.
    public var valueDepth = 64
    /// Levels of JSON in a string attribute that is embedded; a deeper one stays a string. Default 128.
    public var embeddedJSONDepth = 128

    /// Whether spans that come without a message get one made from their HTTP and database attributes (``ForeignSpan``). Default true.
    public var derivesMessages = true

    public init() {}
}
