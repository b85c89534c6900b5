import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Asks a running server over HTTP, for commands that work on what it holds.
struct ServerClient: Sendable {
    /// What went wrong, in one sentence for a person.
    struct Failure: Error, CustomStringConvertible {
        let description: String
        /// HTTP status of a refusal; nil when no whole answer came.
        var status: Int?
        /// What the server sent with its refusal.
        var body: [UInt8] = []

        /// Of sysexits.h: 64 wrong use, 69 no server or a lost one, 75 try again later, 77 not allowed, else 1.
        var exitCode: Int32 = 1

        static func refused(_ status: Int, _ body: [UInt8]) -> Failure {
            let exitCode: Int32 =
                switch status {
                case 401, 403: 77
                case 429, 503: 75
                default: 1
                }
            return Failure(description: ServerRefusal.text(status, body), status: status, body: body, exitCode: exitCode)
        }

        static func lost(_ description: String) -> Failure { Failure(description: description, exitCode: 69) }
    }

    private let host: String
    private let port: Int
    private let isSecure: Bool
    private let token: String?
    private let project: String?
    let url: String

    /// - Parameters:
    ///   - url: `http://host[:port]` or `https://host[:port]`.
    ///   - token: an API key; nil on loopback.
    ///   - project: `organization/name` where the token does not say.
    init(url: String, token: String?, project: String?) throws(Failure) {
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty, ["http", "https"].contains(parts.scheme),
            parts.path.isEmpty || parts.path == "/"
        else { throw Failure(description: "--url must be http://host:port or https://host:port, not \(url)", exitCode: 64) }
        isSecure = parts.scheme == "https"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (isSecure ? 443 : 80)
        self.token = token
        self.project = project
        self.url = url
    }

    /// The body of a successful answer.
    ///
    /// - Throws: ``Failure``, with what the server said.
    func send(_ method: HTTPMethod, _ path: String, body: [UInt8]? = nil, headers: [String: String] = [:]) async throws -> [UInt8] {
        let collected = Collected()
        try await stream(method, path, body: body, headers: headers) { collected.append($0) }
        return collected.bytes
    }

    /// Sends a request and calls `line` with every line of the answer as it comes.
    func lines(
        _ method: HTTPMethod, _ path: String, body: [UInt8]? = nil, headers: [String: String] = [:],
        _ line: @escaping @Sendable ([UInt8]) -> Void
    ) async throws {
        let rest = Collected()
        try await stream(method, path, body: body, headers: headers) { bytes in
            rest.append(bytes)
            for found in rest.takeLines() { line(found) }
        }
        if !rest.bytes.isEmpty { line(rest.bytes) }
    }

    /// The system's words instead of a list of attempts.
    private static func reason(_ error: any Error) -> String {
        guard let connection = error as? NIOConnectionError else { return "\(error)" }
        if let dns = connection.dnsAError ?? connection.dnsAAAAError { return "\(dns)" }
        let code = (connection.connectionErrors.first?.error as? IOError)?.errnoCode
        return code.map { String(cString: strerror($0)).lowercased() } ?? "\(error)"
    }

    /// Sends a request and calls `receive` with every part of the answer as it comes.
    func stream(
        _ method: HTTPMethod, _ path: String, body: [UInt8]? = nil, headers: [String: String] = [:],
        _ receive: @escaping @Sendable ([UInt8]) -> Void
    ) async throws {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
        head.headers.add(name: "Host", value: "\(host.contains(":") ? "[\(host)]" : host):\(port)")
        head.headers.add(name: "Connection", value: "close")
        head.headers.add(name: "User-Agent", value: "hearth")
        if let token { head.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let project { head.headers.add(name: "X-Hearth-Project", value: project) }
        if let body {
            head.headers.add(name: "Content-Type", value: headers["Content-Type"] ?? "application/json")
            head.headers.add(name: "Content-Length", value: String(body.count))
        }
        for (name, value) in headers where name != "Content-Type" { head.headers.add(name: name, value: value) }
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let done = loop.makePromise(of: Void.self)
        let channel: any Channel
        do {
            let (isSecure, host) = (isSecure, host)
            channel = try await ClientBootstrap(group: loop).connectTimeout(.seconds(10)).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if isSecure {
                        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
                        let isName = (try? SocketAddress(ipAddress: host, port: 0)) == nil
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: isName ? host : nil))
                    }
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(AnswerHandler(done, receive))
                }
            }.connect(host: host, port: port).get()
        } catch {
            done.succeed()
            throw Failure.lost(
                "no server answers at \(url); start it with hearth serve, or name another with --url (\(Self.reason(error)))")
        }
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if let body { channel.write(HTTPClientRequestPart.body(.byteBuffer(channel.allocator.buffer(bytes: body))), promise: nil) }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil)).cascadeFailure(to: done)
        defer { channel.close(promise: nil) }
        try await withTaskCancellationHandler {
            try await done.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}

/// Bytes of an answer. Touched by the connection's event loop, and afterwards by whoever waited for its end.
private final class Collected: @unchecked Sendable {
    private(set) var bytes: [UInt8] = []
    /// Bytes already searched for the end of a line.
    private var searched = 0

    func append(_ more: [UInt8]) { bytes += more }

    func takeLines() -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = 0
        while let end = bytes[max(start, searched)...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(Array(bytes[start..<end]))
            start = end + 1
            searched = start
        }
        bytes.removeFirst(start)
        searched = bytes.count
        return lines
    }
}

private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let done: EventLoopPromise<Void>
    private let receive: @Sendable ([UInt8]) -> Void
    private var status = 0
    private var refusal: [UInt8] = []
    private var isDone = false

    init(_ done: EventLoopPromise<Void>, _ receive: @escaping @Sendable ([UInt8]) -> Void) {
        self.done = done
        self.receive = receive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let buffer):
            if (200..<300).contains(status) {
                receive(Array(buffer.readableBytesView))
            } else if refusal.count < 1 << 16 {
                refusal += buffer.readableBytesView
            }
        case .end:
            if (200..<300).contains(status) {
                finish(nil)
            } else {
                finish(ServerClient.Failure.refused(status, refusal))
            }
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(ServerClient.Failure.lost("the server closed the connection before its answer was complete"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(ServerClient.Failure.lost("the connection to the server failed: \(error)"))
        context.close(promise: nil)
    }

    private func finish(_ error: (any Error)?) {
        if isDone { return }
        isDone = true
        if let error { done.fail(error) } else { done.succeed() }
    }
}

/// What a server says when it refuses: `{"detail": …}`, as a text or as a list of places.
enum ServerRefusal {
    private struct Detail: Decodable { var detail: String }
    private struct Places: Decodable {
        struct Place: Decodable {
            var loc: [String]
            var msg: String
        }
        var detail: [Place]
    }

    static func text(_ status: Int, _ body: [UInt8]) -> String {
        let data = Data(body)
        if let refusal = try? JSONDecoder().decode(Detail.self, from: data) { return refusal.detail }
        if let refusal = try? JSONDecoder().decode(Places.self, from: data) {
            return refusal.detail.map { "\($0.loc.dropFirst().joined(separator: ".")): \($0.msg)" }.joined(separator: "; ")
        }
        return "the server answered \(status)"
    }
}
