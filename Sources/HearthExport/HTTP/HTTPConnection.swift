#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A keep-alive HTTP/1.1 connection to one endpoint over a plain socket, or the registered way for `https`; used by one thread.
package struct HTTPConnection: ~Copyable {
    private let endpoint: Endpoint
    private var descriptor: Int32 = -1
    private let resolver: Resolver

    package init(to endpoint: Endpoint, resolver: Resolver = Resolver()) {
        self.endpoint = endpoint
        self.resolver = resolver
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Sends a request and waits for its answer.
    ///
    /// A connection that was kept and turns out to be closed is replaced once, without that being an error.
    /// - Parameters:
    ///   - headers: without `Host` and `Content-Length`.
    ///   - deadline: a moment of ``SystemTime/monotonic()`` for the whole exchange.
    package mutating func post(
        _ body: [UInt8],
        path: String,
        headers: [(name: String, value: String)],
        deadline: UInt64
    ) throws(HTTPError) -> HTTPResponse {
        if endpoint.isSecure {
            guard let secure = SecureTransport.connection else { throw .unreachable("\(endpoint.authority): there is no TLS") }
            return try secure.post(body, url: endpoint.url(path: path), headers: headers, bodyLimit: 1024 * 1024, deadline: deadline)
        }
        let head = head(path, headers, body.count)
        let wasKept = descriptor >= 0
        if !wasKept { try connect(deadline: deadline) }
        do throws(HTTPError) {
            return try exchange(head, body, deadline: deadline)
        } catch .closed(beforeAnswer: true) where wasKept {
            disconnect()
            try connect(deadline: deadline)
            do throws(HTTPError) {
                return try exchange(head, body, deadline: deadline)
            } catch {
                disconnect()
                throw error
            }
        } catch {
            disconnect()
            throw error
        }
    }

    /// The head of a request.
    func head(_ path: String, _ headers: [(name: String, value: String)], _ length: Int) -> [UInt8] {
        var head = "POST \(path) HTTP/1.1\r\nHost: \(endpoint.authority)\r\nContent-Length: \(length)\r\n"
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        return Array((head + "\r\n").utf8)
    }

    package mutating func disconnect() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private mutating func exchange(_ head: [UInt8], _ body: [UInt8], deadline: UInt64) throws(HTTPError) -> HTTPResponse {
        var failure: HTTPError?
        do throws(HTTPError) {
            try send(head, hasMore: !body.isEmpty, deadline: deadline)
            try send(body, hasMore: false, deadline: deadline)
        } catch {
            // A server that refuses early answers before it has read everything; that answer is worth reading.
            guard case .closed = error else { throw error }
            failure = error
        }
        var parser = HTTPResponseParser()
        var buffer = [UInt8](repeating: 0, count: 8192)
        while !parser.isComplete {
            let count: Int
            do throws(HTTPError) {
                count = try receive(&buffer, deadline: deadline)
            } catch {
                throw failure ?? error
            }
            if count == 0 {
                try parser.end()
            } else {
                try parser.consume(buffer[..<count])
            }
        }
        if failure != nil || !parser.response.keepsAlive { disconnect() }
        return parser.response
    }

    func send(_ bytes: [UInt8], hasMore: Bool, deadline: UInt64) throws(HTTPError) {
        #if canImport(Darwin)
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL.rawOrSelf) | (hasMore ? Int32(MSG_MORE.rawOrSelf) : 0)
        #endif
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                    Darwin.send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, flags)
                #elseif canImport(Glibc)
                    Glibc.send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, flags)
                #else
                    Musl.send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, flags)
                #endif
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                try Self.wait(descriptor, for: Int16(POLLOUT), deadline: deadline)
            } else if errno != EINTR {
                throw .closed(beforeAnswer: true)
            }
        }
    }

    func receive(_ buffer: inout [UInt8], deadline: UInt64) throws(HTTPError) -> Int {
        while true {
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress!, $0.count, 0) }
            if count >= 0 { return count }
            if errno == EAGAIN || errno == EWOULDBLOCK {
                try Self.wait(descriptor, for: Int16(POLLIN), deadline: deadline)
            } else if errno != EINTR {
                throw .closed(beforeAnswer: true)
            }
        }
    }

    /// Tries every address of the host, IPv6 and IPv4, one after another.
    mutating func connect(deadline: UInt64) throws(HTTPError) {
        // The name must not take the whole time of the request.
        let moment = min(deadline, SystemTime.deadline(after: .seconds(5)))
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        var reason = "no address"
        for address in try resolver.addresses(of: endpoint.host, port: endpoint.port, deadline: moment) {
            let candidate = socket(address.family, kind, 0)
            guard candidate >= 0 else {
                reason = Self.text(of: errno)
                continue
            }
            do throws(HTTPError) {
                try Self.open(candidate, address, deadline: deadline)
                descriptor = candidate
                return
            } catch {
                close(candidate)
                reason = error.text
            }
        }
        throw .unreachable("\(endpoint.authority): \(reason)")
    }

    private static func open(_ descriptor: Int32, _ address: Resolver.Address, deadline: UInt64) throws(HTTPError) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
        #if canImport(Darwin)
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, size)
        #endif
        let result = address.bytes.withUnsafeBytes { bytes in
            let pointer = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            #if canImport(Darwin)
                return Darwin.connect(descriptor, pointer, socklen_t(bytes.count))
            #elseif canImport(Glibc)
                return Glibc.connect(descriptor, pointer, socklen_t(bytes.count))
            #else
                return Musl.connect(descriptor, pointer, socklen_t(bytes.count))
            #endif
        }
        if result == 0 { return }
        guard errno == EINPROGRESS || errno == EINTR else { throw .unreachable(text(of: errno)) }
        // No address may take the whole time of the request.
        try wait(descriptor, for: Int16(POLLOUT), deadline: min(deadline, SystemTime.deadline(after: .seconds(5))))
        var failure: Int32 = 0
        var length = size
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length)
        guard failure == 0 else { throw .unreachable(text(of: failure)) }
    }

    private static func wait(_ descriptor: Int32, for events: Int16, deadline: UInt64) throws(HTTPError) {
        while true {
            let now = SystemTime.monotonic()
            guard now < deadline else { throw .timedOut }
            let milliseconds = min((deadline - now) / 1_000_000 + 1, 60_000)
            var poll = pollfd(fd: descriptor, events: events, revents: 0)
            let count = withUnsafeMutablePointer(to: &poll) { pointer in
                #if canImport(Darwin)
                    Darwin.poll(pointer, 1, Int32(milliseconds))
                #elseif canImport(Glibc)
                    Glibc.poll(pointer, 1, Int32(milliseconds))
                #else
                    Musl.poll(pointer, 1, Int32(milliseconds))
                #endif
            }
            if count > 0 { return }
        }
    }

    private static func text(of code: Int32) -> String {
        String(cString: strerror(code))
    }
}

#if !canImport(Darwin)
    extension FixedWidthInteger {
        fileprivate var rawOrSelf: Self { self }
    }

    extension RawRepresentable where RawValue: FixedWidthInteger {
        fileprivate var rawOrSelf: RawValue { rawValue }
    }
#endif
