/// The form an attribute value arrived in (OTLP `AnyValue`).
public enum AttributeValueKind: UInt8, Sendable {
    case empty, string, bool, int, double
    /// An OTLP array or map, rendered as JSON text.
    case json
    /// Bytes, rendered as base64 text.
    case bytes
}

/// One decoded attribute of a row.
public struct Attribute: Sendable {
    /// The canonical key when it is one Hearth knows, else ``AttributeKey/unknown``.
    public var key: AttributeKey
    public var kind: AttributeValueKind
    public var name: TextRef
    /// The text of `string`, `json` and `bytes` values; NULL for the others.
    public var text: TextRef
    /// Bool (0 or 1), two's complement int, or the bit pattern of a double.
    public var bits: UInt64

    public init(key: AttributeKey, kind: AttributeValueKind, name: TextRef, text: TextRef = .null, bits: UInt64 = 0) {
        self.key = key
        self.kind = kind
        self.name = name
        self.text = text
        self.bits = bits
    }

    public var intValue: Int64 { Int64(bitPattern: bits) }
    public var doubleValue: Double { Double(bitPattern: bits) }
    public var boolValue: Bool { bits != 0 }
}

/// An OTLP resource with the columns taken out of it. Few per request, so ordinary strings.
public struct ResourceInfo: Sendable, Equatable {
    /// Stable hash of ``attributesJSON``: the interned row's id.
    public var id: UInt64
    /// JSON object of all attributes, keys in the order they were sent.
    public var attributesJSON: String
    public var serviceName: String?
    public var serviceNamespace: String?
    public var serviceVersion: String?
    public var serviceInstanceID: String?
    public var processPID: Int64?
    public var deploymentEnvironment: String?
    public var telemetrySDKName: String?
    public var telemetrySDKLanguage: String?
    public var telemetrySDKVersion: String?

    public init(id: UInt64, attributesJSON: String) {
        self.id = id
        self.attributesJSON = attributesJSON
    }
}

/// An OTLP instrumentation scope.
public struct ScopeInfo: Sendable, Equatable {
    /// Stable hash of name, version and attributes: the interned row's id.
    public var id: UInt64
    public var name: String
    public var version: String?
    /// JSON object, nil when the scope has no attributes.
    public var attributesJSON: String?

    public init(id: UInt64, name: String, version: String?, attributesJSON: String?) {
        self.id = id
        self.name = name
        self.version = version
        self.attributesJSON = attributesJSON
    }
}

/// The spans and logs of one request: rows of plain values over one shared text store, so that decoding allocates per batch, not per span.
public struct RecordBatch: Sendable {
    public var text: TextStore
    public var resources: [ResourceInfo] = []
    public var scopes: [ScopeInfo] = []
    public var rows: [RecordRow] = []
    public var attributes: [Attribute] = []
    /// Records left out, with the reasons for OTLP partial success.
    public var rejected = Rejections()

    /// - Parameter source: the decompressed request body.
    public init(source: [UInt8] = []) {
        text = TextStore(source: source)
    }

    public var count: Int { rows.count }
}

/// Counts records that could not be kept and remembers the first reason.
public struct Rejections: Sendable, Equatable {
    public private(set) var count = 0
    /// Why the first one was refused; names the field.
    public private(set) var firstReason: String?

    public init() {}

    public mutating func add(_ reason: @autoclosure () -> String) {
        count += 1
        if firstReason == nil { firstReason = reason() }
    }
}
