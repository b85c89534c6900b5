#if Hummingbird
    import HTTPTypes
    import Hearth
    public import Hummingbird

    /// Records the requests of a Hummingbird server as spans of the trace of their clients.
    ///
    /// ```swift
    /// router.middlewares.add(HearthMiddleware(capture: .init(requestHeaders: .all, responseBody: true)))
    /// ```
    /// A span is named by method and route (`GET /orders/{id}`), its message is method and path; it ends when the response is written.
    /// Answers of 500 and above, and errors that are no HTTP errors, make it an error; a client that goes away before it has the whole
    /// response does not. Every request is measured as `http.server.request.duration`. Add it first, so that it sees what the others answer.
    ///
    /// Hummingbird's own `TracingMiddleware` works as well when `HearthTracer` is bootstrapped; add one of the two.
    public struct HearthMiddleware<Context: RequestContext>: RouterMiddleware {
        private let capture: HTTPCapture
        private let excludedPaths: Set<String>

        /// - Parameters:
        ///   - capture: what of headers and bodies is recorded; nothing by default.
        ///   - excludedPaths: requests to these paths, and what they lead to, are not recorded: checks of health, for instance.
        public init(capture: HTTPCapture = .init(), excludedPaths: Set<String> = []) {
            self.capture = capture
            self.excludedPaths = excludedPaths
        }

        /// Answers the request inside of a span; see `RouterMiddleware`.
        @concurrent
        public func handle(
            _ request: Request,
            context: Context,
            next: @concurrent (Request, Context) async throws -> Response
        ) async throws -> Response {
            guard Hearth.isConfigured else { return try await next(request, context) }
            if excludedPaths.contains(request.uri.path) { return try await Hearth.suppress { try await next(request, context) } }
            let caller = Hearth.remoteContext { name in HTTPField.Name(name).flatMap { request.headers[$0] } }
            let method = request.method.rawValue
            let open = OpenSpan(HTTPConventions.spanName(method), kind: .server, scope: .hummingbird, in: caller) {
                var attributes = RequestAttributes.attributes(of: request, context)
                attributes.merge(capture.requestHeaders.attributes(request.headers, prefix: "http.request.header."))
                return attributes
            }
            open.span.setMessage("\(method) \(request.uri.path)")
            let exchange = Exchange(open, method: method, scheme: request.head.scheme)
            var request = request
            if capture.requestBody, let body = exchange.requestBody(of: request.headers, limit: capture.maximumBodyBytes) {
                request.body = RequestBody(asyncSequence: CapturedSequence(base: request.body, copy: body))
            }
            do {
                var response = try await exchange.place.attach { try await next(request, context) }
                exchange.name(route: context.endpointPath)
                answer(&response, exchange)
                return response
            } catch {
                exchange.name(route: context.endpointPath)
                exchange.fail(error)
                throw error
            }
        }

        /// Records the head of the response, and its end when it is written.
        private func answer(_ response: inout Response, _ exchange: Exchange) {
            exchange.answer(status: Int(response.status.code), size: response.body.contentLength)
            if exchange.span.isRecording {
                exchange.span.setAttributes(capture.responseHeaders.attributes(response.headers, prefix: "http.response.header."))
            }
            let copy = capture.responseBody ? exchange.responseBody(of: response.headers, limit: capture.maximumBodyBytes) : nil
            let body = response.body
            response.body = ResponseBody(contentLength: body.contentLength) { writer in
                do {
                    // Stays in this task: the closure runs once, before the writer is used again.
                    nonisolated(unsafe) let target: any ResponseBodyWriter = copy.map { CapturingWriter(base: writer, copy: $0) } ?? writer
                    try await exchange.place.attach { try await body.write(target) }
                    exchange.end()
                } catch {
                    exchange.fail(error)
                    throw error
                }
            }
        }
    }

    extension InstrumentationScope {
        static let hummingbird = InstrumentationScope(name: "hearth.hummingbird")
    }
#endif
