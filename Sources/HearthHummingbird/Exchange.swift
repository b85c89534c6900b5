#if Hummingbird
    import HTTPTypes
    import Hearth
    import Hummingbird
    import Synchronization

    /// A request on its way to the end of its response; let go without one, it ends its span.
    final class Exchange: Sendable {
        let span: HearthSpan
        private let bodies = Mutex<(request: BodyCopy?, response: BodyCopy?)>((nil, nil))

        init(_ span: HearthSpan) {
            self.span = span
        }

        deinit {
            end()
        }

        func requestBody(of headers: HTTPFields, limit: Int) -> BodyCopy? {
            guard span.isRecording, BodyCopy.isText(headers) else { return nil }
            let copy = BodyCopy(limit: limit)
            bodies.withLock { $0.request = copy }
            return copy
        }

        func responseBody(of headers: HTTPFields, limit: Int) -> BodyCopy? {
            guard span.isRecording, BodyCopy.isText(headers) else { return nil }
            let copy = BodyCopy(limit: limit)
            bodies.withLock { $0.response = copy }
            return copy
        }

        /// - Parameter route: nil when no route fits.
        func name(_ method: String, route: String?) {
            // Where no route fits, Hummingbird names the responder instead.
            guard let route, route.hasPrefix("/") else { return }
            span.setName("\(method) \(route)")
            span.setAttribute("http.route", route)
        }

        func answer(status: Int, size: Int?) {
            span.setAttribute("http.response.status_code", status)
            if let size { span.setAttribute("http.response.body.size", size) }
            if status >= 500 {
                span.setAttribute("error.type", "\(status)")
                span.setStatus(.error)
            }
        }

        func fail(_ error: any Error) {
            let status = (error as? any HTTPResponseError).map { Int($0.status.code) } ?? 500
            span.setAttribute("http.response.status_code", status)
            if status >= 500 {
                span.setAttribute("error.type", String(reflecting: type(of: error)))
                span.recordError(error, isEscaping: true)
            }
            end()
        }

        func end() {
            let (request, response) = bodies.withLock { $0 }
            if let text = request?.text { span.setAttribute("http.request.body.text", text) }
            if let text = response?.text { span.setAttribute("http.response.body.text", text) }
            span.end()
        }
    }

    /// What is known of a request at its beginning.
    enum RequestAttributes {
        static func attributes(of request: Request, _ context: some RequestContext) -> Attributes {
            var attributes: Attributes = ["http.request.method": request.method.rawValue, "url.path": request.uri.path]
            if let query = request.uri.query { attributes["url.query"] = .string(query) }
            if let scheme = request.head.scheme { attributes["url.scheme"] = .string(scheme) }
            if let agent = request.headers[.userAgent] { attributes["user_agent.original"] = .string(agent) }
            if let length = request.headers[.contentLength].flatMap(Int64.init) { attributes["http.request.body.size"] = .int(length) }
            if let authority = request.head.authority ?? request.headers[HTTPField.Name("Host")!] {
                let (address, port) = parts(ofAuthority: authority)
                attributes["server.address"] = .string(address)
                if let port { attributes["server.port"] = .int(Int64(port)) }
            }
            if let remote = (context as? any RemoteAddressRequestContext)?.remoteAddress {
                if let address = remote.ipAddress ?? remote.pathname { attributes["client.address"] = .string(address) }
                if let port = remote.port { attributes["client.port"] = .int(Int64(port)) }
            }
            return attributes
        }

        /// `host:port`, `[::1]:port` or a host alone.
        static func parts(ofAuthority text: String) -> (address: String, port: Int?) {
            guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
                return (text.filter { $0 != "[" && $0 != "]" }, nil)
            }
            return (text[..<colon].filter { $0 != "[" && $0 != "]" }, port)
        }
    }
#endif
