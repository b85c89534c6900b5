/// Detectors of keys and tokens: each looks at the text around a literal it asked for.
enum TokenDetectors {
    typealias Text = UnsafeBufferPointer<UInt8>

    /// The secret around the literal at `at`; nil when the literal means nothing.
    static func find(_ detector: Detector, _ text: Text, _ at: Int) -> Range<Int>? {
        switch detector {
        case .privateKey: privateKey(text, at)
        case .awsKey: awsKey(text, at)
        case .githubToken: github(text, at)
        case .openAIKey: starts(text, at, "sk-ant-") ? nil : run(text, at, prefix: 3, least: 20)
        case .anthropicKey: starts(text, at, "sk-ant-") ? run(text, at, prefix: 7, least: 16) : nil
        case .slackToken: slack(text, at)
        case .googleAPIKey: exact(text, at, "AIza") ? run(text, at, prefix: 4, least: 30) : nil
        case .stripeKey: run(text, at, prefix: starts(text, at, "whsec_") ? 6 : 8, least: 16)
        case .logfireToken: run(text, at, prefix: 6, least: 20)
        case .jwt: jwt(text, at)
        case .authorization: authorization(text, at)
        case .urlPassword: urlPassword(text, at)
        case .email, .creditCard, .iban, .usSSN, .phone: nil
        }
    }

    /// Whether `literal`, lower case, stands at `at` in any case.
    static func starts(_ text: Text, _ at: Int, _ literal: StaticString) -> Bool {
        guard at + literal.utf8CodeUnitCount <= text.count else { return false }
        for index in 0..<literal.utf8CodeUnitCount where ASCII.lower(text[at + index]) != literal.utf8Start[index] { return false }
        return true
    }

    static func exact(_ text: Text, _ at: Int, _ literal: StaticString) -> Bool {
        guard at + literal.utf8CodeUnitCount <= text.count else { return false }
        for index in 0..<literal.utf8CodeUnitCount where text[at + index] != literal.utf8Start[index] { return false }
        return true
    }

    /// The token that begins at `at` with a prefix and at least `least` further characters; not in the middle of a word.
    private static func run(_ text: Text, _ at: Int, prefix: Int, least: Int) -> Range<Int>? {
        if at > 0, ASCII.isAlphanumeric(text[at - 1]) { return nil }
        let end = self.end(text, at + prefix, ASCII.isToken)
        return end - at - prefix >= least ? at..<end : nil
    }

    private static func end(_ text: Text, _ from: Int, _ belongs: (UInt8) -> Bool) -> Int {
        var end = min(from, text.count)
        while end < text.count, belongs(text[end]) { end += 1 }
        return end
    }

    private static func privateKey(_ text: Text, _ at: Int) -> Range<Int>? {
        // "-----BEGIN RSA PRIVATE KEY-----" … "-----END RSA PRIVATE KEY-----"
        let header = min(text.count, at + 80)
        guard let words = position(of: "private key", text, at..<header) else { return nil }
        guard let close = position(of: "-----end", text, words..<text.count) else { return at..<text.count }
        let tail = position(of: "key-----", text, close..<min(text.count, close + 80)).map { $0 + 8 }
        return at..<(tail ?? text.count)
    }

    private static func position(of literal: StaticString, _ text: Text, _ range: Range<Int>) -> Int? {
        range.first { starts(text, $0, literal) && $0 + literal.utf8CodeUnitCount <= range.upperBound }
    }

    private static func awsKey(_ text: Text, _ at: Int) -> Range<Int>? {
        if exact(text, at, "AKIA") || exact(text, at, "ASIA") {
            if at > 0, ASCII.isAlphanumeric(text[at - 1]) { return nil }
            let end = end(text, at + 4) { ASCII.isUpper($0) || ASCII.isDigit($0) }
            return end - at == 20 ? at..<end : nil
        }
        guard starts(text, at, "aws_secret_access_key") || starts(text, at, "secretaccesskey") else { return nil }
        var begin = end(text, at, ASCII.isToken)
        begin = end(text, begin) { ASCII.isSpace($0) || $0 == 0x22 || $0 == 0x27 || $0 == 0x3d || $0 == 0x3a || $0 == 0x5c }
        let end = end(text, begin) { ASCII.isBase64($0) && $0 != 0x2d && $0 != 0x5f }
        return end - begin >= 40 ? begin..<end : nil
    }

    private static func github(_ text: Text, _ at: Int) -> Range<Int>? {
        starts(text, at, "github_pat_") ? run(text, at, prefix: 11, least: 22) : run(text, at, prefix: 4, least: 30)
    }

    private static func slack(_ text: Text, _ at: Int) -> Range<Int>? {
        if starts(text, at, "hooks.slack.com/") {
            let end = end(text, at) { ASCII.isToken($0) || $0 == 0x2f || $0 == 0x2e }
            return end - at >= 40 ? at..<end : nil
        }
        if starts(text, at, "xapp-") { return run(text, at, prefix: 5, least: 10) }
        guard at + 5 <= text.count, ASCII.isLetter(text[at + 3]), text[at + 4] == 0x2d else { return nil }
        return run(text, at, prefix: 5, least: 10)
    }

    private static func jwt(_ text: Text, _ at: Int) -> Range<Int>? {
        guard exact(text, at, "eyJ"), at == 0 || !ASCII.isToken(text[at - 1]) else { return nil }
        let first = end(text, at, ASCII.isToken)
        guard first - at >= 10, first < text.count, text[first] == 0x2e else { return nil }
        let second = end(text, first + 1, ASCII.isToken)
        guard second - first > 4 else { return nil }
        // An unsigned token ends with its second dot, a cut one before it.
        guard second < text.count, text[second] == 0x2e else { return at..<second }
        return at..<end(text, second + 1) { ASCII.isToken($0) || $0 == 0x2e }
    }

    private static func authorization(_ text: Text, _ at: Int) -> Range<Int>? {
        if at > 0, ASCII.isAlphanumeric(text[at - 1]) { return nil }
        let isBearer = starts(text, at, "bearer")
        guard isBearer || starts(text, at, "basic ") else { return nil }
        let begin = end(text, at + (isBearer ? 6 : 5)) { ASCII.isSpace($0) || (isBearer && ($0 == 0x3a || $0 == 0x3d)) }
        guard begin > at + (isBearer ? 6 : 5) || !isBearer else { return nil }
        let end = end(text, begin) { ASCII.isBase64($0) || $0 == 0x2e || $0 == 0x7e || $0 == 0x3d }
        let token = UnsafeBufferPointer(rebasing: text[begin..<end])
        let hasDigit = token.contains(where: ASCII.isDigit)
        if isBearer { return token.count >= 20 || (token.count >= 8 && hasDigit) ? begin..<end : nil }
        // "basic training" is no credential: base64 has digits or capitals within, or padding.
        let looksEncoded = token.dropFirst().contains { ASCII.isDigit($0) || ASCII.isUpper($0) || $0 == 0x3d }
        return token.count >= 8 && looksEncoded ? begin..<end : nil
    }

    private static func urlPassword(_ text: Text, _ at: Int) -> Range<Int>? {
        var colon: Int?
        var sign: Int?
        var index = at + 3
        while index < text.count, index - at < 1_024 {
            let byte = text[index]
            if byte == 0x2f || byte == 0x3f || byte == 0x23 || byte == 0x22 || byte == 0x3c || byte == 0x3e || ASCII.isSpace(byte) { break }
            if byte == 0x3a, colon == nil { colon = index }
            if byte == 0x40 { sign = index }
            index += 1
        }
        guard let colon, let sign, colon + 1 < sign else { return nil }
        return colon + 1..<sign
    }
}
