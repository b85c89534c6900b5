import Foundation

/// A file of OTLP requests: OTLP/JSON on lines, or protobuf with a length before each request.
struct OTLPFile {
    enum Signal: String, CaseIterable {
        case traces, logs, metrics

        var path: String { "/v1/" + rawValue }
        /// The member that a request in JSON has.
        var member: String {
            switch self {
            case .traces: "resourceSpans"
            case .logs: "resourceLogs"
            case .metrics: "resourceMetrics"
            }
        }
    }

    /// One request.
    struct Request {
        var signal: Signal
        var body: [UInt8]
        var isJSON: Bool
        /// For messages: `line 3`, `request 3`.
        var place: String
        /// Bytes of the file up to the end of the request.
        var end: Int
    }

    struct Failure: Error, CustomStringConvertible { let description: String }

    let path: String
    private let file: FileHandle
    /// Bytes; nil of standard input.
    let size: Int?
    /// Says what requests in protobuf are, where the file's name does not.
    private let signal: Signal?
    private var buffer: [UInt8] = []
    private var start = 0
    private var consumed = 0
    private var number = 0
    private var isJSON: Bool?
    private var isAtEnd = false

    /// Largest request, as the server's limit is unless it was changed.
    private static let largest = 1 << 30

    /// - Parameter path: `-` for standard input.
    init(path: String, signal: Signal?) throws(Failure) {
        self.path = path
        if path == "-" {
            file = .standardInput
            size = nil
        } else {
            guard let file = FileHandle(forReadingAtPath: path) else { throw Failure(description: "\(path) cannot be read") }
            self.file = file
            size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue
        }
        let name = (path as NSString).lastPathComponent.lowercased()
        self.signal =
            signal
            ?? (name.contains("trace") || name.contains("span")
                ? .traces : name.contains("log") ? .logs : name.contains("metric") ? .metrics : nil)
    }

    /// The next request; nil at the end.
    mutating func next() throws(Failure) -> Request? {
        if isJSON == nil {
            try fill(1)
            guard start < buffer.count else { return nil }
            try fill(8)
            // A brace and a name's quote; as a length the brace would be followed by the fields of a message of 123 bytes.
            let head = buffer[start...].prefix(64).filter { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
            isJSON = head.first == UInt8(ascii: "{") && [UInt8(ascii: "\""), UInt8(ascii: "}")].contains(head.dropFirst().first)
        }
        return isJSON == true ? try line() : try frame()
    }

    private mutating func line() throws(Failure) -> Request? {
        while true {
            var searched = start
            while true {
                if let end = buffer[searched...].firstIndex(of: 0x0a) {
                    let line = Array(buffer[start..<end])
                    advance(to: end + 1)
                    number += 1
                    if let request = try request(line) { return request }
                    break
                }
                searched = buffer.count
                let before = searched - start
                guard try more() else {
                    let line = Array(buffer[start...])
                    advance(to: buffer.count)
                    number += 1
                    return try request(line)
                }
                searched = start + before
            }
        }
    }

    private func request(_ line: [UInt8]) throws(Failure) -> Request? {
        guard line.contains(where: { ![0x20, 0x09, 0x0d].contains($0) }) else { return nil }
        let head = String(decoding: line.prefix(64), as: UTF8.self)
        let found = Signal.allCases.first { head.contains("\"\($0.member)\"") } ?? signalOfMembers(line)
        guard let found else {
            throw Failure(
                description: "\(path), line \(number): no OTLP/JSON request: resourceSpans, resourceLogs or resourceMetrics is missing")
        }
        return Request(signal: found, body: line, isJSON: true, place: "line \(number)", end: consumed)
    }

    private func signalOfMembers(_ line: [UInt8]) -> Signal? {
        guard let value = try? JSONParser.parse(line, rawBelow: 1) else { return nil }
        return Signal.allCases.first { value[$0.member] != nil }
    }

    /// Four bytes of length, most significant first, as the Collector's file exporter writes; else a variable-length integer.
    private mutating func frame() throws(Failure) -> Request? {
        try fill(4)
        guard start < buffer.count else { return nil }
        guard let signal else {
            throw Failure(description: "\(path): name the signal of requests in protobuf with --signal traces, logs or metrics")
        }
        number += 1
        var length = 0
        var head = 0
        if buffer.count - start >= 4, buffer[start] == 0 || buffer[start] < 0x40 && isBigEndian {
            length = buffer[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            head = 4
        } else {
            var shift = 0
            while true {
                guard start + head < buffer.count, shift < 35 else {
                    throw Failure(description: "\(path), request \(number): no length of a request")
                }
                let byte = buffer[start + head]
                head += 1
                length |= Int(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 { break }
            }
        }
        guard length <= Self.largest else {
            throw Failure(
                description:
                    "\(path), request \(number): \(length) bytes is no length of a request; is the file OTLP with a length before each request?"
            )
        }
        try fill(head + length)
        guard buffer.count - start >= head + length else {
            throw Failure(description: "\(path), request \(number): the file ends in the middle of it")
        }
        let body = Array(buffer[start + head..<start + head + length])
        if head == 4 { isBigEndian = true }
        advance(to: start + head + length)
        return Request(signal: signal, body: body, isJSON: false, place: "request \(number)", end: consumed)
    }

    /// Set by the first request with a length of four bytes.
    private var isBigEndian = false

    private mutating func advance(to index: Int) {
        consumed += index - start
        start = index
    }

    /// Reads until `count` bytes are there, or the file ends.
    private mutating func fill(_ count: Int) throws(Failure) {
        while buffer.count - start < count { guard try more() else { return } }
    }

    private mutating func more() throws(Failure) -> Bool {
        if isAtEnd { return false }
        if start > 1 << 20 {
            buffer.removeFirst(start)
            start = 0
        }
        do {
            guard let part = try file.read(upToCount: 1 << 20), !part.isEmpty else {
                isAtEnd = true
                return false
            }
            buffer += part
            return true
        } catch {
            throw Failure(description: "\(path) cannot be read: \(error.localizedDescription)")
        }
    }
}
