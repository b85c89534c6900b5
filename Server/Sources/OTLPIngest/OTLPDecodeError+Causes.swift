import OTLPWire

extension DecodeLimits {
    /// Refuses bodies that are too long before any work is done.
    func check(_ body: [UInt8]) throws(OTLPDecodeError) {
        guard body.count <= bodyBytes else {
            throw OTLPDecodeError(code: .tooLarge, message: "the body has \(body.count) bytes, more than the limit of \(bodyBytes)")
        }
    }
}

extension OTLPDecodeError {
    /// - Parameters:
    ///   - cause: what the reader threw.
    ///   - bytes: the whole body.
    ///   - root: the body's message type.
    init(_ cause: WireError, _ bytes: Span<UInt8>, root: FieldPath.Message) {
        switch cause.code {
        case .limitExceeded:
            self.init(code: .tooLarge, message: "the request has too many records or too much text, at byte \(cause.offset)")
        case .tooDeep:
            self.init(code: .tooDeep, message: Self.text(FieldPath.locate(bytes, root: root), "\(cause)"))
        default:
            self.init(code: .malformed, message: Self.text(FieldPath.locate(bytes, root: root), "\(cause)"))
        }
    }

    init(_ cause: JSONError, _ bytes: Span<UInt8>) {
        let place = "at byte \(cause.offset)"
        let path = JSONPath.describe(bytes, offset: cause.offset)
        switch cause.code {
        case .limitExceeded:
            self.init(code: .tooLarge, message: "the request has too many records or too much text, \(place)")
        case .tooDeep:
            self.init(code: .tooDeep, message: Self.text(path, "nested deeper than \(JSONScan.maximumDepth) levels \(place)"))
        default:
            self.init(code: .malformed, message: Self.text(path, "\(cause.code.reason) \(place)"))
        }
    }

    private static func text(_ path: String, _ reason: String) -> String {
        path.isEmpty ? reason : "\(path): \(reason)"
    }
}

extension JSONError.Code {
    var reason: String {
        switch self {
        case .unexpectedEnd: "the JSON text ends too early"
        case .unexpectedCharacter: "unexpected character"
        case .badString: "a control character stands unescaped in a string"
        case .badEscape: "invalid escape in a string"
        case .badNumber: "invalid number"
        case .tooDeep: "nested too deep"
        case .trailing: "text after the end of the JSON value"
        case .expectedObject: "an object is expected"
        case .expectedArray: "an array is expected"
        case .expectedString: "a string is expected"
        case .expectedNumber: "a number is expected"
        case .expectedBool: "true or false is expected"
        case .badInteger: "an integer of 64 bits is expected"
        case .badBase64: "base64 text is expected"
        case .limitExceeded: "too much content"
        }
    }
}
