/// An answer of a server, as far as the sender needs it.
package struct HTTPResponse: Sendable, Hashable {
    package var status = 0
    /// Names in lower case, in the order of the answer.
    package var headers: [(name: String, value: String)] = []
    /// At most ``HTTPResponseParser/maximumBodyBytes``; the rest is read and thrown away.
    package var body: [UInt8] = []
    /// Whether the connection can serve another request.
    package var keepsAlive = true

    package init() {}

    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    package static func == (left: HTTPResponse, right: HTTPResponse) -> Bool {
        left.status == right.status && left.body == right.body && left.keepsAlive == right.keepsAlive
            && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(status)
        hasher.combine(body)
    }
}

/// Reads one HTTP/1.x response from bytes that arrive in any pieces. Pure; bounded in what it keeps.
package struct HTTPResponseParser: Sendable {
    package static let maximumHeadBytes = 64 * 1024
    package static let maximumBodyBytes = 64 * 1024

    private enum Phase {
        case head
        case body(remaining: Int)
        case untilClose
        case chunkSize
        case chunk(remaining: Int)
        case chunkEnd
        case trailer
        case done
    }

    private var phase = Phase.head
    private var line: [UInt8] = []
    private var headBytes = 0
    private var sawStatus = false
    private var isOld = false
    package private(set) var response = HTTPResponse()

    /// Longer bodies are read to their end but not kept.
    private let bodyLimit: Int

    package init(bodyLimit: Int = HTTPResponseParser.maximumBodyBytes) {
        self.bodyLimit = bodyLimit
    }

    /// Whether status and headers are there.
    package var hasHead: Bool {
        if case .head = phase { return false }
        return true
    }

    /// Gives away what has come of the body.
    package mutating func takeBody() -> [UInt8] {
        var body: [UInt8] = []
        swap(&body, &response.body)
        return body
    }

    package var isComplete: Bool {
        if case .done = phase { return true }
        return false
    }

    /// Takes what arrived.
    ///
    /// - Throws: when the bytes are not HTTP.
    package mutating func consume(_ bytes: some Sequence<UInt8>) throws(HTTPError) {
        for byte in bytes {
            switch phase {
            case .body(let remaining):
                keep(byte)
                phase = remaining > 1 ? .body(remaining: remaining - 1) : .done
            case .untilClose:
                keep(byte)
            case .chunk(let remaining):
                keep(byte)
                phase = remaining > 1 ? .chunk(remaining: remaining - 1) : .chunkEnd
            case .done:
                // Bytes behind an answer make the connection unusable for another one.
                response.keepsAlive = false
            case .head, .chunkSize, .chunkEnd, .trailer:
                headBytes += 1
                guard headBytes <= Self.maximumHeadBytes else { throw .malformed("the head of the answer is too long") }
                if byte != 0x0a {
                    line.append(byte)
                    continue
                }
                if line.last == 0x0d { line.removeLast() }
                let text = String(decoding: line, as: UTF8.self)
                line.removeAll(keepingCapacity: true)
                try take(line: text)
            }
        }
    }

    /// Tells that the server closed the connection.
    ///
    /// - Throws: when the answer was not complete.
    package mutating func end() throws(HTTPError) {
        switch phase {
        case .done: break
        case .untilClose:
            response.keepsAlive = false
            phase = .done
        default: throw .closed(beforeAnswer: !sawStatus && line.isEmpty)
        }
    }

    private mutating func keep(_ byte: UInt8) {
        if response.body.count < bodyLimit { response.body.append(byte) }
    }

    private mutating func take(line text: String) throws(HTTPError) {
        switch phase {
        case .head:
            if !sawStatus {
                try takeStatus(text)
            } else if text.isEmpty {
                try endHead()
            } else {
                takeHeader(text)
            }
        case .chunkSize:
            let digits = text.prefix { $0 != ";" && $0 != " " }
            guard let size = Int(digits, radix: 16), size >= 0 else { throw .malformed("a chunk has no size") }
            headBytes = 0
            phase = size == 0 ? .trailer : .chunk(remaining: size)
        case .chunkEnd:
            guard text.isEmpty else { throw .malformed("a chunk is longer than its size") }
            phase = .chunkSize
        case .trailer:
            if text.isEmpty { phase = .done }
        default:
            break
        }
    }

    private mutating func takeStatus(_ text: String) throws(HTTPError) {
        let parts = text.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]), (100...999).contains(status) else {
            throw .malformed("the answer is not HTTP/1.1")
        }
        isOld = parts[0] == "HTTP/1.0"
        response.status = status
        sawStatus = true
    }

    private mutating func takeHeader(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return }
        var value = text[text.index(after: colon)...]
        while value.first == " " || value.first == "\t" { value.removeFirst() }
        while value.last == " " || value.last == "\t" { value.removeLast() }
        response.headers.append((text[..<colon].lowercased(), String(value)))
    }

    private mutating func endHead() throws(HTTPError) {
        // 1xx answers announce the real one.
        if response.status < 200 {
            response = HTTPResponse()
            sawStatus = false
            return
        }
        let connection = response.header("connection")?.lowercased()
        response.keepsAlive = isOld ? connection == "keep-alive" : connection != "close"
        if response.status == 204 || response.status == 304 {
            phase = .done
        } else if response.header("transfer-encoding")?.lowercased().hasSuffix("chunked") == true {
            headBytes = 0
            phase = .chunkSize
        } else if let length = response.header("content-length") {
            guard let count = Int(length), count >= 0 else { throw .malformed("the length of the answer is not a number") }
            phase = count == 0 ? .done : .body(remaining: count)
        } else {
            phase = .untilClose
        }
    }
}

/// Why a request got no answer.
package enum HTTPError: Error, Sendable, Hashable {
    /// Not resolved or not connected.
    case unreachable(String)
    /// The connection broke; `beforeAnswer` when not a byte of the answer had come.
    case closed(beforeAnswer: Bool)
    case timedOut
    case malformed(String)

    package var text: String {
        switch self {
        case .unreachable(let reason): reason
        case .closed: "the connection was closed before the answer was complete"
        case .timedOut: "no answer in time"
        case .malformed(let reason): reason
        }
    }
}
