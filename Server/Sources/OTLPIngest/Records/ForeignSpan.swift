import TelemetryModel

/// The message and level of spans whose sender gave neither, as plain OpenTelemetry clients do (`logfire-contract.md` §3.2): what the
/// Logfire SDK works out on the client is worked out here for everybody else.
///
/// The span's name and status stay as they were sent.
struct ForeignSpan {
    /// `server.address`, or the older names of the host that was called.
    var host = TextRef.null
    /// The path and query of an HTTP request in one, as older conventions have it.
    var httpTarget = TextRef.null
    /// What a database was asked.
    var databaseText = TextRef.null
    /// The instrumentation's own short form of it.
    var databaseSummary = TextRef.null
    /// One message of an ASGI connection, not a request.
    var isASGIMessage = false

    /// Characters of a query parameter's value that are shown.
    static let parameterLimit = 20
    /// Characters of a database statement that are shown.
    static let statementLimit = 120
    /// Bytes of a statement that are looked at.
    private static let statementScan = 4_096

    private enum Kind {
        static let server: UInt8 = 2
        static let client: UInt8 = 3
    }

    /// `GET /items ? page='2'` for HTTP, a statement on one line for databases; NULL when the span is neither, so that its name stands.
    func message(_ row: RecordRow, _ special: SpecialAttributes, _ text: inout TextStore, scratch: inout [UInt8]) -> TextRef {
        if !special.httpMethod.isEmpty, row.spanKind == Kind.server || row.spanKind == Kind.client {
            return request(row, special, &text, scratch: &scratch)
        }
        if !databaseSummary.isEmpty { return databaseSummary }
        if !databaseText.isEmpty {
            scratch.removeAll(keepingCapacity: true)
            text.withBytes(databaseText) { Self.appendLine($0, limit: Self.statementLimit, to: &scratch) }
            return scratch.isEmpty ? .null : text.append(bytes: scratch)
        }
        return .null
    }

    /// The level that status codes and the kind of span ask for; nil for the usual one.
    func level(_ row: RecordRow, _ special: SpecialAttributes, scope: String, _ text: TextStore) -> Int16? {
        if row.statusCode == .error { return nil }
        let status = special.httpStatusCode
        if row.spanKind == Kind.server, status >= 400 { return status >= 500 ? Level.error : Level.warn }
        if row.spanKind == Kind.client, status >= 400 { return Level.error }
        if isASGIMessage { return Level.debug }
        if scope == "opentelemetry.instrumentation.sqlalchemy", text.equal(row.spanName, "connect") { return Level.debug }
        return nil
    }

    // MARK: HTTP

    private func request(_ row: RecordRow, _ special: SpecialAttributes, _ text: inout TextStore, scratch: inout [UInt8]) -> TextRef {
        scratch.removeAll(keepingCapacity: true)
        text.withBytes(special.httpMethod) { scratch.append(contentsOf: $0) }
        scratch.append(0x20)
        let start = scratch.count
        let isClient = row.spanKind == Kind.client
        let path = special.urlPath.isEmpty ? httpTarget : special.urlPath
        if isClient, !special.urlFull.isEmpty {
            text.withBytes(special.urlFull) { Self.appendURL($0, withHost: true, to: &scratch) }
        } else if !path.isEmpty {
            if isClient { text.withBytes(host) { scratch.append(contentsOf: $0) } }
            text.withBytes(path) { Self.appendTarget($0, to: &scratch) }
            if !special.urlQuery.isEmpty {
                text.withBytes(special.urlQuery) { Self.appendQuery($0, to: &scratch) }
            } else if text.withBytes(path, { !$0.contains(0x3f) }) {
                text.withBytes(special.urlFull) { Self.appendQuery(ofURL: $0, to: &scratch) }
            }
        } else if !special.urlFull.isEmpty {
            text.withBytes(special.urlFull) { Self.appendURL($0, withHost: false, to: &scratch) }
        } else {
            text.withBytes(special.httpRoute.isEmpty ? host : special.httpRoute) { scratch.append(contentsOf: $0) }
        }
        guard scratch.count > start, Self.isWellFormed(scratch) else { return .null }
        return text.append(bytes: scratch)
    }

    /// The host, without user and password, and the path of `scheme://user@host/path?query#fragment`.
    private static func appendURL(_ url: UnsafeBufferPointer<UInt8>, withHost: Bool, to out: inout [UInt8]) {
        var rest = url[...]
        if let slashes = firstSlashes(url) { rest = url[(slashes + 2)...] }
        let pathStart = rest.firstIndex { $0 == 0x2f || $0 == 0x3f || $0 == 0x23 } ?? rest.endIndex
        if withHost {
            let authority = rest[..<pathStart]
            let hostStart = authority.lastIndex(of: 0x40).map { $0 + 1 } ?? authority.startIndex
            out.append(contentsOf: authority[hostStart...])
        }
        appendTarget(UnsafeBufferPointer(rebasing: rest[pathStart...]), to: &out)
    }

    private static func firstSlashes(_ url: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let colon = url.prefix(16).firstIndex(of: 0x3a), colon + 2 < url.count else { return nil }
        return url[colon + 1] == 0x2f && url[colon + 2] == 0x2f ? colon + 1 : nil
    }

    /// `/path?query#fragment`: the path, then the query's parameters to read.
    private static func appendTarget(_ target: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        let end = target.firstIndex(of: 0x23) ?? target.endIndex
        let mark = target[..<end].firstIndex(of: 0x3f) ?? end
        out.append(contentsOf: target[..<mark])
        if mark < end { appendQuery(UnsafeBufferPointer(rebasing: target[(mark + 1)..<end]), to: &out) }
    }

    private static func appendQuery(ofURL url: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        let end = url.firstIndex(of: 0x23) ?? url.endIndex
        guard let mark = url[..<end].firstIndex(of: 0x3f) else { return }
        appendQuery(UnsafeBufferPointer(rebasing: url[(mark + 1)..<end]), to: &out)
    }

    /// ` ? a='1' & b='2'`, decoded, each value cut in its middle.
    private static func appendQuery(_ query: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var isFirst = true
        for pair in query.split(separator: 0x26) {
            let equals = pair.firstIndex(of: 0x3d) ?? pair.endIndex
            out.append(contentsOf: isFirst ? [0x20, 0x3f, 0x20] : [0x20, 0x26, 0x20])
            isFirst = false
            appendDecoded(pair[..<equals], to: &out)
            guard equals < pair.endIndex else { continue }
            out.append(contentsOf: [0x3d, 0x27])
            let mark = out.count
            appendDecoded(pair[(equals + 1)...], to: &out)
            cutMiddle(&out, from: mark, limit: parameterLimit)
            out.append(0x27)
        }
    }

    private static func appendDecoded(_ part: Slice<UnsafeBufferPointer<UInt8>>, to out: inout [UInt8]) {
        var index = part.startIndex
        while index < part.endIndex {
            let byte = part[index]
            if byte == 0x25, index + 2 < part.endIndex, let high = hex(part[index + 1]), let low = hex(part[index + 2]) {
                out.append(high << 4 | low)
                index += 3
            } else {
                out.append(byte == 0x2b ? 0x20 : byte)
                index += 1
            }
        }
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    // MARK: Text

    /// The statement on one line: white space runs become one blank, and the middle of a long one is left out.
    private static func appendLine(_ statement: UnsafeBufferPointer<UInt8>, limit: Int, to out: inout [UInt8]) {
        var isBlank = true
        for byte in statement.prefix(statementScan) {
            let isSpace = byte == 0x20 || (byte >= 0x09 && byte <= 0x0d)
            if !isSpace { out.append(byte) } else if !isBlank { out.append(0x20) }
            isBlank = isSpace
        }
        while out.last == 0x20 { out.removeLast() }
        if statement.count > statementScan {
            // The last character may be cut in two.
            while let last = out.last, last & 0xc0 == 0x80 { out.removeLast() }
            if let last = out.last, last & 0x80 != 0 { out.removeLast() }
        }
        cutMiddle(&out, from: 0, limit: limit)
    }

    /// Leaves the first and last half of `limit` bytes, with `...` between, never part of a character.
    private static func cutMiddle(_ out: inout [UInt8], from mark: Int, limit: Int) {
        guard out.count - mark > limit else { return }
        var head = mark + limit / 2
        while head > mark, out[head] & 0xc0 == 0x80 { head -= 1 }
        var tail = out.count - limit / 2
        while tail < out.count, out[tail] & 0xc0 == 0x80 { tail += 1 }
        out.replaceSubrange(head..<tail, with: [0x2e, 0x2e, 0x2e])
    }

    /// Whether decoding a query left text: escapes may stand for any bytes.
    private static func isWellFormed(_ bytes: [UInt8]) -> Bool {
        UTF8Text.isValid(bytes.span, 0..<bytes.count)
    }
}

extension TextStore {
    /// Copies `bytes`, which must be UTF-8, into the arena.
    fileprivate mutating func append(bytes: [UInt8]) -> TextRef {
        let start = mark
        arena.append(contentsOf: bytes)
        return reference(from: start)
    }
}
