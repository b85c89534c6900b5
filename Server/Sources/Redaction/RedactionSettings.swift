/// What happens to a find.
public enum RedactionAction: String, CaseIterable, Codable, Sendable {
    /// `[Redacted: rule]` stands in its place.
    case replace
    /// `[rule:0123456789abcdef]`, a keyed hash: equal values stay equal within the project, and nobody can compute it without the key.
    case hash
    /// The value is left out: an attribute or member as a whole, a text becomes empty.
    case drop
}

/// A rule of a project's own.
public struct RedactionRule: Codable, Sendable, Equatable {
    /// What the pattern is tried on.
    public enum Target: String, Codable, Sendable, CaseIterable {
        /// Attribute names and the member names of JSON values, at any depth; the whole value goes.
        case key
        /// Texts, wherever they stand; what matches goes.
        case value
    }

    /// Names the rule in counts and in what is stored in the place of a value.
    public var name: String
    public var target: Target
    /// Regular expression without look-around and back-references; matched anywhere unless anchored.
    public var pattern: String
    public var action: RedactionAction
    public var ignoreCase: Bool
    public var isEnabled: Bool

    public init(
        name: String, target: Target, pattern: String, action: RedactionAction = .replace, ignoreCase: Bool = true, isEnabled: Bool = true
    ) {
        self.name = name
        self.target = target
        self.pattern = pattern
        self.action = action
        self.ignoreCase = ignoreCase
        self.isEnabled = isEnabled
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, target, pattern, action
        case ignoreCase = "ignore_case"
        case isEnabled = "enabled"
    }

    public init(from decoder: any Decoder) throws {
        try AnyKey.refuseUnknown(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        target = try values.decode(Target.self, forKey: .target)
        pattern = try values.decode(String.self, forKey: .pattern)
        action = try values.decodeIfPresent(RedactionAction.self, forKey: .action) ?? .replace
        ignoreCase = try values.decodeIfPresent(Bool.self, forKey: .ignoreCase) ?? true
        isEnabled = try values.decodeIfPresent(Bool.self, forKey: .isEnabled) ?? true
    }
}

/// What a project has redacted before anything is stored. Everything is off by default: what clients send is kept byte for byte.
public struct RedactionSettings: Codable, Sendable, Equatable {
    /// The words of the SDK's scrubber, applied by the server too.
    public var scrubDefaults = false
    /// The detectors that are on, with what happens to their finds.
    public var detectors: [String: RedactionAction] = [:]
    public var rules: [RedactionRule] = []
    /// Attribute keys whose values no rule touches.
    public var exemptKeys: [String] = []
    /// Prompts, completions, tool arguments and results become a mark; roles, tool names and numbers stay.
    public var dropMessageContent = false
    /// Long base64 texts become a mark with their size.
    public var dropBinaryContent = false

    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable {
        case detectors, rules
        case scrubDefaults = "scrub_defaults"
        case exemptKeys = "exempt_keys"
        case dropMessageContent = "drop_message_content"
        case dropBinaryContent = "drop_binary_content"
    }

    public init(from decoder: any Decoder) throws {
        // A member that is not understood may be a protection that is not given: refused, never passed over.
        try AnyKey.refuseUnknown(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: CodingKeys.self)
        scrubDefaults = try values.decodeIfPresent(Bool.self, forKey: .scrubDefaults) ?? false
        detectors = try values.decodeIfPresent([String: RedactionAction].self, forKey: .detectors) ?? [:]
        rules = try values.decodeIfPresent([RedactionRule].self, forKey: .rules) ?? []
        exemptKeys = try values.decodeIfPresent([String].self, forKey: .exemptKeys) ?? []
        dropMessageContent = try values.decodeIfPresent(Bool.self, forKey: .dropMessageContent) ?? false
        dropBinaryContent = try values.decodeIfPresent(Bool.self, forKey: .dropBinaryContent) ?? false
    }

    /// Whether nothing is redacted.
    public var isEmpty: Bool {
        !scrubDefaults && detectors.isEmpty && !rules.contains(where: \.isEnabled) && !dropMessageContent && !dropBinaryContent
    }

    public static let ruleLimit = 100
    public static let patternByteLimit = 500
    public static let exemptKeyLimit = 500
}

/// A member name of any text.
struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    static func refuseUnknown(_ decoder: any Decoder, known: [String]) throws {
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath + [key],
                    debugDescription: "unknown member; known are \(known.sorted().joined(separator: ", "))"))
        }
    }
}

/// A setting that cannot be used.
public struct RedactionIssue: Error, Sendable, Equatable {
    /// Where in the settings: `rules[2].pattern`.
    public var path: String
    public var message: String

    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}
