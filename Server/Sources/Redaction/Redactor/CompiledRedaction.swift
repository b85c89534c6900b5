import TelemetryModel

/// A project's settings made ready: what every batch of the project is passed through before it is stored.
public final class CompiledRedaction: Sendable {
    /// What a rule does, and under which name it is counted.
    struct Rule: Sendable {
        enum Kind: Sendable { case words, detector, own, content, binary }
        var name: String
        var action: RedactionAction
        var kind: Kind
    }

    let rules: [Rule]
    let scanner: TextScanner
    let keyPatterns: [(pattern: Pattern, rule: Int)]
    let exemptKeys: Set<String>
    let wordRule: Int
    let contentRule: Int
    let binaryRule: Int
    /// The rule of authorization headers, -1 when it is off.
    let authorizationRule: Int
    let hashKey: (UInt64, UInt64)

    /// The names under which finds are counted, by the index that counts use.
    public var ruleNames: [String] { rules.map(\.name) }

    /// - Parameters:
    ///   - settings: what the project has set.
    ///   - hashKey: the project's secret of the action `hash`.
    /// - Throws: ``RedactionIssue`` for the first thing that cannot be used; see ``issues(in:)``.
    public init(_ settings: RedactionSettings, hashKey: (UInt64, UInt64)) throws(RedactionIssue) {
        if let issue = Self.issues(in: settings).first { throw issue }
        var rules: [Rule] = []
        func add(_ isOn: Bool, _ name: String, _ kind: Rule.Kind, _ action: RedactionAction = .replace) -> Int {
            guard isOn else { return -1 }
            rules.append(Rule(name: name, action: action, kind: kind))
            return rules.count - 1
        }
        wordRule = add(settings.scrubDefaults, "scrub_defaults", .words)
        contentRule = add(settings.dropMessageContent, "drop_message_content", .content)
        binaryRule = add(settings.dropBinaryContent, "drop_binary_content", .binary)
        var detectors: [Detector: Int] = [:]
        for detector in Detector.allCases {
            guard let action = settings.detectors[detector.rawValue] else { continue }
            detectors[detector] = add(true, detector.rawValue, .detector, action)
        }
        authorizationRule = detectors[.authorization] ?? -1
        var keyPatterns: [(pattern: Pattern, rule: Int)] = []
        var valuePatterns: [(pattern: Pattern, rule: Int)] = []
        for (index, rule) in settings.rules.enumerated() where rule.isEnabled {
            let pattern: Pattern
            do {
                pattern = try Pattern(rule.pattern, ignoresCase: rule.ignoreCase)
            } catch {
                throw RedactionIssue(path: "rules[\(index)].pattern", message: "\(error)")
            }
            let number = add(true, rule.name, .own, rule.action)
            if rule.target == .key { keyPatterns.append((pattern, number)) } else { valuePatterns.append((pattern, number)) }
        }
        self.rules = rules
        self.keyPatterns = keyPatterns
        exemptKeys = Set(settings.exemptKeys)
        scanner = TextScanner(
            wordRule: wordRule, detectors: detectors, patterns: valuePatterns, keyPatterns: keyPatterns.map(\.pattern))
        self.hashKey = hashKey
    }

    /// Everything in `settings` that cannot be used, in the order of the settings.
    public static func issues(in settings: RedactionSettings) -> [RedactionIssue] {
        var issues: [RedactionIssue] = []
        let known = Detector.allCases.map(\.rawValue)
        for name in settings.detectors.keys.sorted() where !known.contains(name) {
            issues.append(
                RedactionIssue(path: "detectors.\(name)", message: "no such detector; known are \(known.joined(separator: ", "))"))
        }
        if settings.rules.count > RedactionSettings.ruleLimit {
            issues.append(RedactionIssue(path: "rules", message: "more than \(RedactionSettings.ruleLimit) rules"))
        }
        if settings.exemptKeys.count > RedactionSettings.exemptKeyLimit {
            issues.append(RedactionIssue(path: "exempt_keys", message: "more than \(RedactionSettings.exemptKeyLimit) keys"))
        }
        var names = Set(known + ["scrub_defaults", "drop_message_content", "drop_binary_content"])
        for (index, rule) in settings.rules.enumerated() {
            func refuse(_ field: String, _ message: String) {
                issues.append(RedactionIssue(path: "rules[\(index)].\(field)", message: message))
            }
            let isPlain = rule.name.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.value < 127 && $0.value >= 32 && $0 != "\"" && $0 != "\\" && $0 != "]"
            }
            if rule.name.isEmpty || rule.name.utf8.count > 60 || !isPlain {
                refuse("name", "a rule needs a name of up to 60 letters, digits, blanks and simple signs")
            } else if !names.insert(rule.name).inserted {
                refuse("name", "another rule has this name already")
            }
            if rule.pattern.utf8.count > RedactionSettings.patternByteLimit {
                refuse("pattern", "the pattern is longer than \(RedactionSettings.patternByteLimit) bytes")
                continue
            }
            do {
                _ = try Pattern(rule.pattern, ignoresCase: rule.ignoreCase)
            } catch {
                refuse("pattern", "\(error)")
            }
        }
        return issues
    }

    /// Sixteen hexadecimal digits that stand for a value: the same for equal values of the project, under any rule.
    func pseudonym(_ text: UnsafeBufferPointer<UInt8>) -> String {
        var hash = StableHash(key0: hashKey.0, key1: hashKey.1)
        hash.combine(bytes: text)
        return Hex.string(hash.finalize())
    }
}
