import TelemetryModel

extension RecordPass {
    /// Redacts a JSON column.
    mutating func json(_ ref: inout TextRef, _ text: inout TextStore, _ place: Redactor.Place) {
        guard !ref.isEmpty else { return }
        out.removeAll(keepingCapacity: true)
        let source = ref
        let outcome = text.withBytes(source) { bytes -> Redactor.Outcome in
            if place.content == .none, !redactor.needsWalk(bytes) { return .unchanged }
            return redactor.redactContainer(bytes, place, into: &out)
        }
        switch outcome {
        case .unchanged: return
        case .changed: ref = append(out, &text)
        case .dropped: ref = .null
        }
    }

    /// Redacts a text column.
    mutating func text(_ ref: inout TextRef, _ text: inout TextStore, _ place: Redactor.Place) {
        guard !ref.isEmpty else { return }
        out.removeAll(keepingCapacity: true)
        let source = ref
        switch text.withBytes(source, { redactor.redact($0, place, into: &out) }) {
        case .unchanged: return
        case .changed: ref = append(out, &text)
        case .dropped: ref = .empty
        }
    }

    // MARK: Name and message

    /// The name counts where it is the sender's own; the message, and a log's name, are derived from what was counted already.
    mutating func names(_ row: inout RecordRow, _ oldBody: TextRef, _ text: inout TextStore, _ skipsWords: Bool) {
        let (name, message) = (row.spanName, row.message)
        if row.isOTLPLog {
            logNames(&row, oldBody, &text, skipsWords)
        } else {
            redactor.path = ["span_name"]
            self.text(&row.spanName, &text, Redactor.Place(exemptsWords: true))
            removeSecrets(&row.spanName, &text)
            if message == name {
                row.message = row.spanName
                return
            }
            _ = follow(&row.message, text)
        }
        removeSecrets(&row.message, &text)
    }

    private mutating func logNames(_ row: inout RecordRow, _ oldBody: TextRef, _ text: inout TextStore, _ skipsWords: Bool) {
        let bodyChanged = oldBody != row.logBodyJSON
        let body = bodyChanged ? Self.text(ofBody: oldBody, text) : nil
        let newBody = bodyChanged ? Self.text(ofBody: row.logBodyJSON, text) ?? [] : []
        let place = Redactor.Place(exemptsWords: skipsWords)
        func isFrom(_ ref: TextRef, _ body: [UInt8]) -> Bool { !ref.isEmpty && text.withBytes(ref) { body.starts(with: $0) } }
        let nameIsBody = body.map { isFrom(row.spanName, $0) } ?? false
        let messageIsBody = body.map { isFrom(row.message, $0) } ?? false
        if nameIsBody {
            row.spanName = append(Array(newBody.prefix { $0 != 0x0a && $0 != 0x0d }.prefix(Self.nameLimit)), &text)
        } else if !follow(&row.spanName, text) {
            // An event name of its own counts; a name that is the unchanged body or the scope has nothing to be found.
            redactor.path = ["span_name"]
            self.text(&row.spanName, &text, Redactor.Place(exemptsWords: true))
        }
        if messageIsBody {
            row.message = append(Array(newBody.prefix(32 << 10)), &text)
        } else if !follow(&row.message, text) {
            redactor.isCounting = false
            self.text(&row.message, &text, place)
            redactor.isCounting = true
        }
        removeSecrets(&row.spanName, &text)
    }

    /// Bytes of a text body that serve as a log's name.
    private static var nameLimit: Int { 512 }

    /// The text of a log body that is a string; nil for others.
    private static func text(ofBody ref: TextRef, _ text: TextStore) -> [UInt8]? {
        text.withBytes(ref) { bytes in
            guard bytes.count >= 2, bytes.first == 0x22 else { return nil }
            return JSONWalk.unescaped(UnsafeBufferPointer(rebasing: bytes[1..<bytes.count - 1]))
        }
    }

    /// Makes a column refer to the new text of an attribute whose old text, or the beginning of it, it held.
    mutating func follow(_ ref: inout TextRef, _ text: TextStore) -> Bool {
        guard !ref.isNull else { return false }
        for (from, to) in moved where from.isInArena == ref.isInArena && from.range.lowerBound == ref.range.lowerBound && !from.isEmpty {
            ref = to.isNull ? .empty : TextStore.slice(to, 0..<min(to.count, 32 << 10))
            return true
        }
        return false
    }

    /// Replaces values that were taken because of their name where the message repeats them.
    private mutating func removeSecrets(_ ref: inout TextRef, _ text: inout TextStore) {
        guard !redactor.secrets.isEmpty, !ref.isEmpty else { return }
        var bytes: [UInt8] = []
        text.withBytes(ref) { bytes.append(contentsOf: $0) }
        var isChanged = false
        for (value, replacement) in redactor.secrets {
            var from = 0
            while bytes.count - from >= value.count {
                guard let start = (from...(bytes.count - value.count)).first(where: { bytes[$0...].starts(with: value) }) else { break }
                bytes.replaceSubrange(start..<start + value.count, with: replacement)
                from = start + replacement.count
                isChanged = true
            }
        }
        if isChanged { ref = append(bytes, &text) }
    }

    /// Replaces encoded bytes where the rendered attributes have them.
    mutating func replaceEncoded(_ ref: inout TextRef, _ text: inout TextStore) {
        for (from, to) in encoded where !ref.isEmpty {
            var bytes: [UInt8] = []
            text.withBytes(ref) { bytes.append(contentsOf: $0) }
            guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: from) }) else { continue }
            bytes.replaceSubrange(start..<start + from.count, with: to)
            ref = append(bytes, &text)
        }
    }

    // MARK: Derived columns

    mutating func exceptions(_ row: inout RecordRow, _ text: inout TextStore) {
        guard row.isException else { return }
        redactor.isCounting = false
        // Of an event they stand in the events, of a log in the attributes: counted there.
        for column in [\RecordRow.exceptionType, \.exceptionMessage, \.exceptionStacktrace] where !row[keyPath: column].isNull {
            var ref = row[keyPath: column]
            if !follow(&ref, text) { self.text(&ref, &text, Redactor.Place(exemptsWords: true)) }
            row[keyPath: column] = ref
        }
        redactor.isCounting = true
    }

    mutating func columns(_ row: inout RecordRow, _ text: inout TextStore) {
        guard !moved.isEmpty else { return }
        for column in [\RecordRow.jsonSchema, \.httpMethod, \.httpRoute, \.urlFull, \.urlPath, \.urlQuery] {
            let ref = row[keyPath: column]
            if let new = moved.first(where: { $0.from == ref && !ref.isNull }) { row[keyPath: column] = new.to }
        }
    }

    // MARK: Note and identity

    /// Says in `logfire.scrubbed` what was replaced, as the SDK does.
    mutating func addNote(_ row: inout RecordRow, _ batch: inout RecordBatch) {
        var list: [UInt8] = []
        if earlierNote >= 0 {
            batch.text.withBytes(batch.attributes[earlierNote].text) { bytes in
                if bytes.first == 0x5b, bytes.last == 0x5d { list.append(contentsOf: bytes.dropLast()) }
            }
        }
        if list.isEmpty { list = [0x5b] }
        for entry in redactor.applied.prefix(Self.noteLimit) {
            if list.count > 1 { list.append(0x2c) }
            list += Array("{\"path\":[".utf8)
            for (index, part) in entry.path.enumerated() {
                if index > 0 { list.append(0x2c) }
                JSONWalk.appendString(Array(part.utf8), to: &list)
            }
            list += Array("],\"matched_substring\":".utf8)
            JSONWalk.appendString(Array(entry.matched.utf8), to: &list)
            list.append(0x7d)
        }
        list.append(0x5d)
        var member: [UInt8] = []
        JSONWalk.appendString(Array("logfire.scrubbed".utf8), to: &member)
        member.append(0x3a)
        JSONWalk.appendString(list, to: &member)
        row.attributesJSON = withMember(member, row.attributesJSON, hasEarlier: earlierNote >= 0, &batch.text)
    }

    private static var noteLimit: Int { 50 }

    private mutating func withMember(_ member: [UInt8], _ object: TextRef, hasEarlier: Bool, _ text: inout TextStore) -> TextRef {
        var bytes: [UInt8] = []
        text.withBytes(object) { bytes.append(contentsOf: $0) }
        if bytes.count < 2 { bytes = [0x7b, 0x7d] }
        if hasEarlier { bytes = Self.without("logfire.scrubbed", bytes) }
        bytes.removeLast()
        if bytes.count > 1 { bytes.append(0x2c) }
        return append(bytes + member + [0x7d], &text)
    }

    /// The object without a member.
    private static func without(_ name: String, _ object: [UInt8]) -> [UInt8] {
        object.withUnsafeBufferPointer { bytes in
            var walk = JSONWalk(bytes)
            var members: [Range<Int>] = []
            do {
                try walk.expect(0x7b)
                while try walk.peek() != 0x7d {
                    let start = walk.at
                    let key = try walk.string()
                    try walk.expect(0x3a)
                    let value = try walk.skipValue()
                    if !bytes[key].elementsEqual(name.utf8) { members.append(start..<value.upperBound) }
                    if try walk.peek() == 0x2c { walk.at += 1 }
                }
            } catch {
                // Rendered by the decoder, so it is well-formed; otherwise the note comes twice.
                return object
            }
            return [0x7b] + members.map { Array(bytes[$0]) }.joined(separator: [0x2c]) + [0x7d]
        }
    }

    /// Ids of logs are made from their content; a keyed hash of them says nothing about what was removed.
    func renewIdentity(_ row: inout RecordRow) {
        let key = redactor.redaction.hashKey
        func renewed(_ value: UInt64) -> UInt64 {
            var hash = StableHash(key0: key.0, key1: key.1)
            hash.combine(value)
            return hash.finalize()
        }
        row.spanID = SpanID(renewed(row.spanID.value))
        if row.hasDerivedTraceID { row.traceID = TraceID(high: renewed(row.traceID.high), low: renewed(row.traceID.low)) }
    }
}
