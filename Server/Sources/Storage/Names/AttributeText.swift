import DuckDBKit
import GenAI
import MessagePages

/// The text of an attribute that few records have: what `attributes->>'key'` gives for text, numbers as they were sent, without parsing records
/// that do not have it.
///
/// A statement says it by ``function``; who encodes whole rows asks for it itself (``RowLayout``).
public struct AttributeText: Sendable {
    /// `hearth_attribute(attributes, key)`; the key must need no escapes.
    static let function = "hearth_attribute"

    private let quoted: [UInt8]

    init(key: String) { quoted = Array("\"\(key)\"".utf8) }

    /// Appends the text of the attribute.
    ///
    /// - Parameters:
    ///   - attributes: a JSON object as it is stored.
    ///   - text: gets it.
    /// - Returns: false when there is none, or it is null.
    public func append(of attributes: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) -> Bool {
        quoted.withUnsafeBufferPointer { key in
            guard TextSearch.contains(attributes, key), let range = BodyMembers.value(of: key, in: attributes) else { return false }
            let value = UnsafeBufferPointer(rebasing: attributes[range])
            if value.first == UInt8(ascii: "\"") {
                return JSONText.unescape(UnsafeBufferPointer(rebasing: value[1..<(value.count - 1)]), into: &text)
            }
            if value.elementsEqual("null".utf8) { return false }
            text.append(contentsOf: value)
            return true
        }
    }
}

extension AttributeText {
    static func register(_ connection: borrowing Connection) throws(DuckDBError) {
        try connection.register(AttributeFunction(), as: function)
    }
}

private struct AttributeFunction: ScalarFunction {
    static let parameters = ["JSON", "VARCHAR"]
    static let result = "VARCHAR"

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        // All rows of a call have the same key.
        guard count > 0, let key = arguments[1].string(0) else { return }
        let attribute = AttributeText(key: key)
        var text: [UInt8] = []
        for row in 0..<count {
            text.removeAll(keepingCapacity: true)
            let isFound = !arguments[0].isNull(row) && arguments[0].withBytes(row) { attribute.append(of: $0, to: &text) }
            if isFound { text.withUnsafeBufferPointer { output.setBytes(row, $0) } } else { output.setNull(row) }
        }
    }
}
