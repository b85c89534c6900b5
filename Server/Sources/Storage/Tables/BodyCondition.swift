import MessagePages

/// A condition on message bodies that segments answer by their pages: whether the value of one of some keys has a text.
///
/// ``TableSource`` has a hidden column of its name in tables with attributes: true or false, or NULL where there is no record.
public struct BodyCondition: Sendable, Hashable {
    /// The name of the hidden column.
    public let name: String
    let keys: [String]
    let text: String
    let ignoresCase: Bool

    /// - Returns: nil when pages cannot answer: the text is not plain ASCII.
    public init?(name: String, keys: [String], text: String, ignoresCase: Bool) {
        guard Needle(keys: keys, text: text, ignoresCase: ignoresCase) != nil else { return nil }
        self.name = name
        self.keys = keys
        self.text = text
        self.ignoresCase = ignoresCase
    }

    /// Whether both ask for the same, whatever they are called.
    public func isSame(as other: BodyCondition) -> Bool { (keys, text, ignoresCase) == (other.keys, other.text, other.ignoresCase) }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    /// The condition on a segment's row.
    func onPages(_ alias: String) -> String {
        let search = BodySearchFunction.encoded(keys: keys, text: text, ignoresCase: ignoresCase, file: alias)
        return "\(BodySearchFunction.name)(body, \(Self.quoted(search))) AS \(name)"
    }

    /// The condition on a JSON object.
    func onJSON(_ object: String) -> String {
        let found = keys.map { key in
            let value = "json_extract_string(\(object), \(Self.quoted("$.\"\(key)\"")))"
            return ignoresCase ? "contains(lower(\(value)), lower(\(Self.quoted(text))))" : "contains(\(value), \(Self.quoted(text)))"
        }
        return "coalesce(\(found.joined(separator: " OR ")), false)"
    }
}
