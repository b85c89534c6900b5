#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A blocking HTTP/1.1 client on one keep-alive connection to loopback: as little work of its own as possible.
final class HTTPClient {
    struct Answer {
        var status: Int
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let port: Int
    private var descriptor: Int32 = -1

    init(port: Int) {
        self.port = port
    }

    deinit {
        hangUp()
    }

    /// Sends a request and waits for the answer.
    ///
    /// - Throws: when there is no connection, or it breaks.
    func exchange(_ method: String, _ path: String, type: String = "application/json", _ body: [UInt8] = []) throws(BenchError) -> Answer {
        if descriptor < 0 { try dial() }
        let head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
        do throws(BenchError) {
            try put(Array(head.utf8))
            try put(body)
            return try read()
        } catch {
            hangUp()
            throw error
        }
    }

    func hangUp() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private func dial() throws(BenchError) {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw BenchError("no socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0 else {
            close(socket)
            throw BenchError("nothing listens on port \(port)")
        }
        var one: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        // A server that never answers ends the benchmark with a message instead of holding it up.
        var longest = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &longest, socklen_t(MemoryLayout<timeval>.size))
        descriptor = socket
    }

    private func put(_ bytes: [UInt8]) throws(BenchError) {
        var sent = 0
        while sent < bytes.count {
            let part = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL)) }
            guard part > 0 else { throw BenchError("the server closed the connection") }
            sent += part
        }
    }

    private func read() throws(BenchError) -> Answer {
        var buffer: [UInt8] = []
        var end = 0
        while end == 0 {
            let searched = max(0, buffer.count - 3)
            try receive(into: &buffer)
            if let found = Self.find([13, 10, 13, 10], in: buffer, from: searched) { end = found + 4 }
        }
        let head = String(decoding: buffer[..<end], as: UTF8.self).lowercased()
        guard let status = Int(head.dropFirst(9).prefix(3)) else { throw BenchError("not an HTTP answer") }
        var body = Array(buffer[end...])
        if let line = head.split(separator: "\r\n").first(where: { $0.hasPrefix("content-length:") }) {
            let length = Int(line.dropFirst(15).drop { $0 == " " }) ?? 0
            while body.count < length { try receive(into: &body) }
        } else if head.contains("transfer-encoding: chunked") {
            while Self.find([0x30, 13, 10, 13, 10], in: body, from: max(0, body.count - 5)) == nil { try receive(into: &body) }
            body = Self.joined(chunks: body)
        }
        if head.contains("connection: close") { hangUp() }
        return Answer(status: status, body: body)
    }

    private func receive(into buffer: inout [UInt8]) throws(BenchError) {
        let part = [UInt8](unsafeUninitializedCapacity: 65_536) { target, count in
            count = max(0, recv(descriptor, target.baseAddress, 65_536, 0))
        }
        guard !part.isEmpty else { throw BenchError("the server closed the connection, or did not answer within two minutes") }
        buffer += part
    }

    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= start + pattern.count else { return nil }
        return (start...(bytes.count - pattern.count)).first { at in pattern.indices.allSatisfy { bytes[at + $0] == pattern[$0] } }
    }

    private static func joined(chunks: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while let line = find([13, 10], in: chunks, from: position) {
            guard let size = Int(String(decoding: chunks[position..<line], as: UTF8.self), radix: 16), size > 0 else { break }
            result += chunks[(line + 2)..<min(chunks.count, line + 2 + size)]
            position = line + 2 + size + 2
        }
        return result
    }
}
