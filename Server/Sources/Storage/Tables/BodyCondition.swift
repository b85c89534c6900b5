import MessagePages

/// A condition on message bodies that segments answer by their pages: whether the value of a key has a text.
///
/// ``TableSource`` has a hidden column of its name in tables with attributes: true or false, or NULL where there is no record.
public struct BodyCondition: Sendable, Hashable {
    /// The name of the hidden column.
    public let name: String
    let key: String
    let text: String
    let ignoresCase: Bool

    /// - Returns: nil when pages cannot answer: the text is not plain ASCII.
    public init?(name: String, key: String, text: String, ignoresCase: Bool) {
        guard Needle(key: key, text: text, ignoresCase: ignoresCase) != nil else { return nil }
        self.name = name
        self.key = key
        self.text = text
        self.ignoresCase = ignoresCase
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    /// The condition on a segment's row.
    func onPages(_ alias: String) -> String {
        "\(BodyFunctions.contains)('\(alias)', body, \(Self.quoted(key)), \(Self.quoted(text)), \(ignoresCase)) AS \(name)"
    }

    /// The condition on a JSON object.
    func onJSON(_ object: String) -> String {
        let value = "json_extract_string(\(object), \(Self.quoted("$.\"\(key)\"")))"
        let found = ignoresCase ? "contains(lower(\(value)), lower(\(Self.quoted(text))))" : "contains(\(value), \(Self.quoted(text)))"
        return "coalesce(\(found), false)"
    }
}
