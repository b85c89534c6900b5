#if Hummingbird
    import HTTPTypes
    import Hearth
    import HearthExport
    import Hummingbird
    import NIOCore
    import Synchronization

    /// A request on its way to the end of its response; let go without one, it ends its span.
    final class Exchange: Sendable {
        private struct State {
            var requestBody: BodyCopy?
            var responseBody: BodyCopy?
            var route: String?
            var status: Int?
            var errorType: String?
            var isEnded = false
        }

        private static let duration = Hearth.histogram(
            "http.server.request.duration", unit: "s", description: "Duration of HTTP server requests",
            boundaries: HTTPConventions.durationBoundaries, scope: .hummingbird)

        let span: HearthSpan
        /// The place inside of the span.
        let place: TraceLocation
        private let method: String
        private let scheme: String?
        /// Nanoseconds of a monotonic clock.
        private let begun = SystemTime.monotonic()
        private let state = Mutex(State())

        init(_ open: OpenSpan, method: String, scheme: String?) {
            span = open.span
            place = open.place
            self.method = method
            self.scheme = scheme
        }

        deinit {
            end()
        }

        func requestBody(of headers: HTTPFields, limit: Int) -> BodyCopy? {
            guard span.isRecording, BodyCopy.isText(headers) else { return nil }
            let copy = BodyCopy(limit: limit)
            state.withLock { $0.requestBody = copy }
            return copy
        }

        func responseBody(of headers: HTTPFields, limit: Int) -> BodyCopy? {
            guard span.isRecording, BodyCopy.isText(headers) else { return nil }
            let copy = BodyCopy(limit: limit)
            state.withLock { $0.responseBody = copy }
            return copy
        }

        /// - Parameter route: nil when no route fits.
        func name(route: String?) {
            // Where no route fits, Hummingbird names the responder instead.
            guard let route, route.hasPrefix("/") else { return }
            state.withLock { $0.route = route }
            span.setName("\(HTTPConventions.spanName(method)) \(route)")
            span.setAttribute("http.route", route)
        }

        func answer(status: Int, size: Int?) {
            state.withLock { state in
                state.status = status
                if status >= 500 { state.errorType = "\(status)" }
            }
            span.setAttribute("http.response.status_code", status)
            if let size { span.setAttribute("http.response.body.size", size) }
            if status >= 500 {
                span.setAttribute("error.type", "\(status)")
                span.setStatus(.error)
            }
        }

        /// The handler has thrown, or the response could not be written to its end.
        func fail(_ error: any Error) {
            // What is answered for errors that do not say it themselves; a status that is already sent stays.
            let status = (error as? any HTTPResponseError).map { Int($0.status.code) } ?? 500
            let isAnswered = state.withLock { state in
                defer { state.status = state.status ?? status }
                return state.status != nil
            }
            if !isAnswered { span.setAttribute("http.response.status_code", status) }
            if isAnswered, Self.isOfClient(error) {
                span.addEvent("response not taken")
            } else if isAnswered || status >= 500 {
                let type = String(reflecting: Swift.type(of: error))
                state.withLock { $0.errorType = type }
                span.setAttribute("error.type", type)
                span.recordError(error, isEscaping: true)
            }
            end()
        }

        /// A client that goes away before it has the whole response is no error of the server.
        private static func isOfClient(_ error: any Error) -> Bool {
            if let error = error as? ChannelError { return [.ioOnClosedChannel, .alreadyClosed, .outputClosed, .eof].contains(error) }
            return error is CancellationError
        }

        func end() {
            let state = state.withLock { state -> State? in
                guard !state.isEnded else { return nil }
                defer { state.isEnded = true }
                return state
            }
            guard let state else { return }
            if let text = state.requestBody?.text { span.setAttribute("http.request.body.text", text) }
            if let text = state.responseBody?.text { span.setAttribute("http.response.body.text", text) }
            measure(state)
            span.end()
        }

        private func measure(_ state: State) {
            var attributes: Attributes = ["http.request.method": HTTPConventions.method(method)]
            if let scheme { attributes["url.scheme"] = .string(scheme) }
            if let route = state.route { attributes["http.route"] = .string(route) }
            if let status = state.status { attributes["http.response.status_code"] = .int(Int64(status)) }
            if let type = state.errorType { attributes["error.type"] = .string(type) }
            let seconds = Double(SystemTime.monotonic() &- begun) / 1e9
            place.attach { Self.duration.record(seconds, attributes) }
        }
    }
#endif
