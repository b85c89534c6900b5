import Synchronization

@testable import HearthExport

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A server in this process that answers connections as a script says, then as the last line of the script.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        /// A whole answer: status line's code and more headers.
        case answer(Int, String = "")
        /// Bytes as they are, then the connection is closed.
        case raw(String)
        /// The connection is closed before anything is read.
        case hangUp
        /// Nothing for so many milliseconds, then the connection is closed.
        case silence(UInt32)
        /// 413 above so many bytes, 200 otherwise.
        case limit(Int)
    }

    private struct State {
        var steps: [Step]
        var bodies: [[UInt8]] = []
        var requests = 0
        var isStopped = false
    }

    private let state: Mutex<State>
    private let descriptor: Int32
    let port: UInt16

    init(_ steps: [Step]) throws {
        state = Mutex(State(steps: steps))
        #if canImport(Glibc)
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        descriptor = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(listener, raw, length) == 0 && getsockname(listener, raw, &length) == 0
            }
        }
        guard bound, listen(listener, 64) == 0 else { throw HTTPError.unreachable("no port") }
        port = UInt16(bigEndian: address.sin_port)
        _ = WorkerThread.start { [self] in run() }
    }

    var endpoint: Endpoint { Endpoint(host: "127.0.0.1", port: port, path: "/v1/traces") }
    var requests: Int { state.withLock { $0.requests } }
    /// Bodies that were answered with 200.
    var bodies: [[UInt8]] { state.withLock { $0.bodies } }

    func stop() {
        state.withLock { $0.isStopped = true }
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private func run() {
        while true {
            let client = accept(descriptor, nil, nil)
            if client < 0 { return }
            // One connection after another is enough here, but those that are silent must not hold up the others.
            _ = WorkerThread.start { [self] in
                serve(client)
                close(client)
            }
        }
    }

    private func serve(_ client: Int32) {
        while !state.withLock({ $0.isStopped }) {
            if case .hangUp? = state.withLock({ $0.steps.first }) {
                _ = next()
                return
            }
            guard let body = request(client) else { return }
            let step = next()
            switch step {
            case .answer(let status, let headers): answer(client, status, headers, body)
            case .limit(let count): answer(client, body.count > count ? 413 : 200, "", body)
            case .raw(let text):
                send(client, text)
                return
            case .silence(let milliseconds):
                usleep(milliseconds * 1000)
                return
            case .hangUp: return
            }
        }
    }

    private func next() -> Step {
        state.withLock { state in
            state.requests += 1
            return state.steps.count > 1 ? state.steps.removeFirst() : state.steps[0]
        }
    }

    private func answer(_ client: Int32, _ status: Int, _ headers: String, _ body: [UInt8]) {
        if status == 200 { state.withLock { $0.bodies.append(body) } }
        send(client, "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: 0\r\n\r\n")
    }

    private func send(_ client: Int32, _ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(client, $0.baseAddress!, $0.count) }
    }

    /// Reads one request; nil when the client has gone.
    private func request(_ client: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = text[..<end.lowerBound]
                let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                let length = line.flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) } ?? 0
                let start = text[..<end.upperBound].utf8.count
                if bytes.count >= start + length { return Array(bytes[start..<(start + length)]) }
            }
            let count = read(client, &buffer, buffer.count)
            if count <= 0 { return nil }
            bytes += buffer[..<count]
        }
    }
}

extension String {
    /// The first place of another text.
    fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}
