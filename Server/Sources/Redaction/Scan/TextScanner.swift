/// One find in a text.
struct Find: Sendable {
    var range: Range<Int>
    /// Index of the rule in ``CompiledRedaction/rules``.
    var rule: Int
}

/// Looks for everything a rule set asks for in one pass over a text; patterns without a literal to look for take a pass of their own.
struct TextScanner: Sendable {
    private let filter: LiteralFilter
    private let words: [ScrubWords.Word]
    /// The rule of each detector, -1 when it is off; by the detector's position in `allCases`.
    private let ruleOfDetector: [Int]
    private let patterns: [(pattern: Pattern, rule: Int)]
    /// Patterns that are tried on every text.
    private let unfiltered: [Int]
    private let classes: [UInt8]
    private let wordRule: Int
    private let looksForEmail: Bool
    private let looksForDigits: Bool
    private let cardRule: Int
    private let ibanRule: Int
    private let socialSecurityRule: Int
    private let phoneRule: Int
    private let emailRule: Int
    /// Whether a name can make a find that ``mayFind(_:)`` does not see.
    private let hasUnfilteredKeys: Bool

    private static let digitClass: UInt8 = 1
    private static let signClass: UInt8 = 2

    /// - Parameters:
    ///   - wordRule: the rule of the SDK scrubber's words, -1 when they are off.
    ///   - detectors: the rule of each detector that is on.
    ///   - patterns: own value rules.
    ///   - keyPatterns: own rules for names; only ``mayFind(_:)`` looks for what is in their matches.
    init(wordRule: Int, detectors: [Detector: Int], patterns: [(pattern: Pattern, rule: Int)], keyPatterns: [Pattern]) {
        self.wordRule = wordRule
        self.patterns = patterns
        words = wordRule >= 0 ? ScrubWords.all : []
        ruleOfDetector = Detector.allCases.map { detectors[$0] ?? -1 }
        var literals: [LiteralFilter.Literal] = []
        for (index, word) in words.enumerated() { literals.append(.init(bytes: word.parts[0], trigger: .word(index))) }
        for detector in Detector.allCases where detectors[detector] != nil {
            for literal in detector.literals { literals.append(.init(bytes: Array(literal.utf8), trigger: .detector(detector))) }
        }
        var unfiltered: [Int] = []
        for (index, pattern) in patterns.enumerated() {
            guard let texts = pattern.pattern.literals else {
                unfiltered.append(index)
                continue
            }
            for text in texts { literals.append(.init(bytes: text, trigger: .pattern(index))) }
        }
        self.unfiltered = unfiltered
        for pattern in keyPatterns {
            for text in pattern.literals ?? [] { literals.append(.init(bytes: text, trigger: .name)) }
        }
        hasUnfilteredKeys = keyPatterns.contains { $0.literals == nil }
        emailRule = detectors[.email] ?? -1
        cardRule = detectors[.creditCard] ?? -1
        ibanRule = detectors[.iban] ?? -1
        socialSecurityRule = detectors[.usSSN] ?? -1
        phoneRule = detectors[.phone] ?? -1
        // "id token" begins with two letters; the filter needs three bytes.
        filter = LiteralFilter(Self.lengthened(literals))
        looksForEmail = detectors[.email] != nil
        looksForDigits = [.creditCard, .iban, .usSSN, .phone].contains { detectors[$0] != nil }
        var classes = [UInt8](repeating: 0, count: 256)
        if looksForDigits { for digit in 0x30...0x39 { classes[digit] = Self.digitClass } }
        if looksForEmail { classes[0x40] = Self.signClass }
        self.classes = classes
    }

    /// Replaces literals that are too short by all they can go on with.
    private static func lengthened(_ literals: [LiteralFilter.Literal]) -> [LiteralFilter.Literal] {
        literals.flatMap { literal -> [LiteralFilter.Literal] in
            guard literal.bytes == Array("id".utf8) else { return [literal] }
            return [".", "_", "-", " ", "t"].map { .init(bytes: literal.bytes + Array($0.utf8), trigger: literal.trigger) }
        }
    }

    /// Whether nothing is looked for in texts.
    var isIdle: Bool { filter.isEmpty && patterns.isEmpty && !looksForEmail && !looksForDigits }

    /// Whether a find is possible. Also good for the source of a JSON text, unless it has escapes that hide characters.
    func mayFind(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if !unfiltered.isEmpty || hasUnfilteredKeys { return true }
        let last = text.count - 3
        var (digits, lastDigit) = (0, -8)
        for index in 0..<text.count {
            let kind = classes[Int(text[index])]
            if kind != 0 {
                if kind == Self.signClass { return true }
                digits = index - lastDigit <= 3 ? digits + 1 : 1
                lastDigit = index
                if digits >= 8 { return true }
            }
            if index <= last {
                let hash = LiteralFilter.hash(text, index)
                if filter.mayStart(hash), filter.forEach(text, index, hash, { _ in true }) { return true }
            }
        }
        return false
    }

    /// Adds the finds to `finds`, from left to right and without overlaps.
    ///
    /// - Parameter withWords: whether the SDK scrubber's words count here.
    /// - Returns: the first such word.
    func scan(
        _ text: UnsafeBufferPointer<UInt8>, withWords: Bool, _ matcher: inout PatternMatcher, to finds: inout [Find]
    ) -> Range<Int>? {
        var triggered: [Int] = unfiltered
        var word: Range<Int>?
        let last = text.count - 3
        var index = 0
        var done = 0
        while index < text.count {
            var found: Find?
            let kind = classes[Int(text[index])]
            if kind == Self.signClass {
                found = EmailDetector.find(text, index, from: done).map { Find(range: $0, rule: emailRule) }
            } else if kind == Self.digitClass, index == 0 || !ASCII.isDigit(text[index - 1]) {
                found = number(text, index)
            }
            if found == nil, index <= last {
                let hash = LiteralFilter.hash(text, index)
                if filter.mayStart(hash) {
                    _ = filter.forEach(text, index, hash) { literal in
                        switch literal.trigger {
                        case .word(let number):
                            if withWords, word == nil { word = ScrubWords.match(words[number], text, index) }
                        case .detector(let detector):
                            if let range = TokenDetectors.find(detector, text, index) { found = Find(range: range, rule: rule(detector)) }
                        case .pattern(let number):
                            if !triggered.contains(number) { triggered.append(number) }
                        case .name: break
                        }
                        return found != nil
                    }
                    if word != nil { return word }
                }
            }
            if let found, found.range.lowerBound >= done {
                finds.append(found)
                done = found.range.upperBound
                index = max(index + 1, done)
            } else {
                index += 1
            }
        }
        for number in triggered { apply(number, text, &matcher, to: &finds) }
        return nil
    }

    private func rule(_ detector: Detector) -> Int { ruleOfDetector[Detector.allCases.firstIndex(of: detector) ?? 0] }

    private func number(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Find? {
        if cardRule >= 0, let range = NumberDetectors.creditCard(text, at) { return Find(range: range, rule: cardRule) }
        if ibanRule >= 0, let range = NumberDetectors.iban(text, at) { return Find(range: range, rule: ibanRule) }
        if socialSecurityRule >= 0, let range = NumberDetectors.socialSecurity(text, at) {
            return Find(range: range, rule: socialSecurityRule)
        }
        if phoneRule >= 0, let range = NumberDetectors.phone(text, at) { return Find(range: range, rule: phoneRule) }
        return nil
    }

    /// Adds the matches of an own pattern that do not overlap with what was found already.
    private func apply(_ number: Int, _ text: UnsafeBufferPointer<UInt8>, _ matcher: inout PatternMatcher, to finds: inout [Find]) {
        let (pattern, rule) = patterns[number]
        var from = 0
        var added = false
        while from < text.count, let range = matcher.firstMatch(pattern, text, from: from) {
            from = max(from + 1, range.upperBound)
            if range.isEmpty || finds.contains(where: { $0.range.overlaps(range) }) { continue }
            finds.append(Find(range: range, rule: rule))
            added = true
        }
        if added { finds.sort { $0.range.lowerBound < $1.range.lowerBound } }
    }
}
