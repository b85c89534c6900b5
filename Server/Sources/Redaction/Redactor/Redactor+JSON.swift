extension Redactor {
    /// Passes a JSON text through the rules; a changed one is appended to `out`.
    ///
    /// - Returns: nil when the text is no JSON; ``applied`` may then have entries too many.
    mutating func redactJSON(_ json: UnsafeBufferPointer<UInt8>, _ place: Place, depth: Int = 0, into out: inout [UInt8]) -> Outcome? {
        var walk = JSONWalk(json)
        let length = path.count
        do {
            let outcome = try value(&walk, place, depth)
            walk.skipSpace()
            guard walk.at == json.count else { return nil }
            if case .dropped = outcome { return .dropped }
        } catch {
            path.removeLast(path.count - length)
            return nil
        }
        guard walk.isChanged else { return .unchanged }
        out += walk.finished()
        return .changed
    }

    private mutating func value(_ walk: inout JSONWalk, _ place: Place, _ depth: Int) throws(JSONWalk.Malformed) -> Outcome {
        guard depth < Self.depthLimit else {
            // Too deep to be read on: looked at as one text, and replaced as a whole when something is found.
            let range = try walk.skipValue()
            return whole(range, &walk, place)
        }
        if place.content == .whole, try walk.peek() != 0x6e {
            let range = try walk.skipValue()
            let after = Array(MessageContent.mark.utf8)
            note(redaction.contentRule, before: UnsafeBufferPointer(rebasing: walk.bytes[range]), after: after)
            walk.replace(range, withString: after)
            return .changed
        }
        switch try walk.peek() {
        case 0x22: return try string(&walk, place, depth)
        case 0x7b: return try object(&walk, place, depth)
        case 0x5b: return try array(&walk, place, depth)
        default:
            let range = try walk.scalar()
            return number(range, &walk, place)
        }
    }

    private mutating func whole(_ range: Range<Int>, _ walk: inout JSONWalk, _ place: Place) -> Outcome {
        var out: [UInt8] = []
        let plain = Place(exemptsWords: place.exemptsWords, isPlain: true, content: place.content)
        switch redact(UnsafeBufferPointer(rebasing: walk.bytes[range]), plain, into: &out) {
        case .unchanged: return .unchanged
        case .dropped: return .dropped
        case .changed:
            walk.replace(range, withString: Array("[Redacted]".utf8))
            return .changed
        }
    }

    private mutating func string(_ walk: inout JSONWalk, _ place: Place, _ depth: Int) throws(JSONWalk.Malformed) -> Outcome {
        let range = try walk.string()
        let raw = UnsafeBufferPointer(rebasing: walk.bytes[range])
        var out: [UInt8] = []
        let outcome: Outcome
        if raw.contains(0x5c) {
            guard let text = JSONWalk.unescaped(raw) else { throw JSONWalk.Malformed() }
            outcome = text.withUnsafeBufferPointer { redact($0, place, depth: depth, into: &out) }
        } else {
            outcome = redact(raw, place, depth: depth, into: &out)
        }
        if case .changed = outcome { walk.replace(range.lowerBound - 1..<range.upperBound + 1, withString: out) }
        return outcome
    }

    /// Numbers can be card numbers and the like; the words of the scrubber are not in them.
    private mutating func number(_ range: Range<Int>, _ walk: inout JSONWalk, _ place: Place) -> Outcome {
        guard !redaction.scanner.isIdle, walk.bytes[range.lowerBound] != 0x74, walk.bytes[range.lowerBound] != 0x66,
            walk.bytes[range.lowerBound] != 0x6e
        else { return .unchanged }
        var out: [UInt8] = []
        let plain = Place(exemptsWords: true, isPlain: true)
        let outcome = redact(UnsafeBufferPointer(rebasing: walk.bytes[range]), plain, into: &out)
        if case .changed = outcome { walk.replace(range, withString: out) }
        return outcome
    }

    private mutating func array(_ walk: inout JSONWalk, _ place: Place, _ depth: Int) throws(JSONWalk.Malformed) -> Outcome {
        walk.at += 1
        var cut = MemberCut()
        var index = 0
        if try walk.peek() == 0x5d {
            walk.at += 1
            return .unchanged
        }
        while true {
            walk.skipSpace()
            cut.begin(walk.at)
            path.append("\(index)")
            let outcome = try value(&walk, place, depth + 1)
            path.removeLast()
            index += 1
            let isLast = try cut.end(&walk, outcome, close: 0x5d)
            if isLast { return .unchanged }
        }
    }

    private mutating func object(_ walk: inout JSONWalk, _ place: Place, _ depth: Int) throws(JSONWalk.Malformed) -> Outcome {
        walk.at += 1
        var cut = MemberCut()
        if try walk.peek() == 0x7d {
            walk.at += 1
            return .unchanged
        }
        while true {
            walk.skipSpace()
            cut.begin(walk.at)
            let outcome = try member(&walk, place, depth)
            let isLast = try cut.end(&walk, outcome, close: 0x7d)
            if isLast { return .unchanged }
        }
    }

    private mutating func member(_ walk: inout JSONWalk, _ place: Place, _ depth: Int) throws(JSONWalk.Malformed) -> Outcome {
        let range = try walk.string()
        var name = [UInt8]()
        let raw = UnsafeBufferPointer(rebasing: walk.bytes[range])
        if raw.contains(0x5c) {
            guard let text = JSONWalk.unescaped(raw) else { throw JSONWalk.Malformed() }
            name = text
        } else {
            name = Array(raw)
        }
        let verdict = name.withUnsafeBufferPointer { self.verdict($0) }
        let key = String(decoding: name, as: UTF8.self)
        path.append(verdict.newName.map { String(decoding: $0, as: UTF8.self) } ?? key)
        defer { path.removeLast() }
        if let newName = verdict.newName {
            name.withUnsafeBufferPointer { bytes in for rule in verdict.nameRules { note(rule, before: bytes, after: newName) } }
            walk.replace(range.lowerBound - 1..<range.upperBound + 1, withString: newName)
        }
        try walk.expect(0x3a)
        if verdict.isExempt {
            _ = try walk.skipValue()
            return .unchanged
        }
        if verdict.rule >= 0, !(place.exemptsWords && verdict.rule == redaction.wordRule) { return try replaceValue(&walk, verdict) }
        // What lies below an exempt name is exempt.
        var inner = Place(exemptsWords: place.exemptsWords || verdict.exemptsWords, isPlain: verdict.isPlain)
        if place.content == .messages {
            inner.content = try contentMode(key, &walk)
        } else if place.isAttributes {
            inner.content = verdict.content
        }
        walk.skipSpace()
        if place.holdsAttributes {
            if key == "event_name" { isMessageEvent = redaction.contentRule >= 0 && Self.namesMessage(walk) }
            inner.isAttributes = key == "attributes"
            if inner.isAttributes, isMessageEvent { inner.content = .messages }
        }
        let start = walk.at
        let outcome = try value(&walk, inner, depth + 1)
        if case .dropped = outcome, verdict.newName != nil {
            // The new name is written already.
            walk.replace(start..<walk.at, with: Array("null".utf8))
            return .changed
        }
        return outcome
    }

    /// Whether the event name that follows is that of a message.
    private static func namesMessage(_ walk: JSONWalk) -> Bool {
        MessageContent.isMessageEvent(String(decoding: walk.bytes[walk.at...].dropFirst().prefix(80).prefix { $0 != 0x22 }, as: UTF8.self))
    }

    /// How a member of a message is to be treated.
    private func contentMode(_ member: String, _ walk: inout JSONWalk) throws(JSONWalk.Malformed) -> MessageContent.Mode {
        if MessageContent.isStructure(member) { return .none }
        guard MessageContent.isContent(member) else { return .messages }
        // Requests and answers of some providers are lists of messages under these names; tool inputs are objects.
        let isList = try walk.peek() == 0x5b
        return isList && (member == "input" || member == "output" || member == "response") ? .messages : .whole
    }

    /// Replaces the value that follows because of its name.
    private mutating func replaceValue(_ walk: inout JSONWalk, _ verdict: KeyVerdict) throws(JSONWalk.Malformed) -> Outcome {
        let range = try walk.skipValue()
        let first = walk.bytes[range.lowerBound]
        var text = Array(walk.bytes[range])
        if first == 0x22 {
            text = JSONWalk.unescaped(UnsafeBufferPointer(rebasing: walk.bytes[range.lowerBound + 1..<range.upperBound - 1])) ?? text
        }
        let after = text.withUnsafeBufferPointer { bytes in
            let after = replacement(verdict, bytes)
            note(verdict.rule, matched: verdict.word.isEmpty ? nil : verdict.word, before: bytes, after: drops(verdict) ? [] : after)
            return after
        }
        if isCounting, first == 0x22 { addSecret(text, after) }
        if drops(verdict) { return .dropped }
        if first == 0x5b {
            var list: [UInt8] = [0x5b]
            JSONWalk.appendString(after, to: &list)
            walk.replace(range, with: list + [0x5d])
        } else {
            walk.replace(range, withString: after)
        }
        return .changed
    }
}

/// Leaves members and elements out of a container, with the comma that becomes one too many.
private struct MemberCut {
    private var start = 0
    /// The comma before the present member, -1 before the first.
    private var comma = -1
    private var keptAny = false

    mutating func begin(_ at: Int) { start = at }

    /// Called behind a value; passes the comma or the closing bracket.
    ///
    /// - Returns: whether the container ended.
    mutating func end(_ walk: inout JSONWalk, _ outcome: Redactor.Outcome, close: UInt8) throws(JSONWalk.Malformed) -> Bool {
        let valueEnd = walk.at
        let next = try walk.peek()
        guard next == 0x2c || next == close else { throw JSONWalk.Malformed() }
        walk.at += 1
        let isLast = next == close
        if case .dropped = outcome {
            if keptAny {
                walk.cut(comma..<valueEnd)
            } else {
                walk.cut(start..<(isLast ? valueEnd : walk.at))
            }
        } else {
            keptAny = true
        }
        if !isLast { comma = walk.at - 1 }
        return isLast
    }
}
