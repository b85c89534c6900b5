#if HTTPClient
    public import AsyncHTTPClient
    import Hearth
    public import HearthGenAI
    public import NIOCore
    import NIOHTTP1

    extension HTTPClient {
        /// A client whose requests are recorded; requests to models are recorded as model calls too.
        ///
        /// ```swift
        /// let client = HTTPClient.instrumented()
        /// let response = try await client.execute(request, timeout: .seconds(30))
        /// ```
        /// The client's own tracing is switched off. Shut it down like any other.
        public static func instrumented(
            _ options: HTTPInstrumentation = HTTPInstrumentation(),
            retries: ModelRetries = .none,
            configuration: HTTPClient.Configuration = .init()
        ) -> InstrumentedHTTPClient {
            var configuration = configuration
            configuration.tracing.tracer = nil
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            return InstrumentedHTTPClient(client, options, retries: retries)
        }

        /// Records the requests that are made through the returned value.
        ///
        /// A client that traces by itself makes a second span for each of them: give it no tracer.
        public func instrumented(
            _ options: HTTPInstrumentation = HTTPInstrumentation(),
            retries: ModelRetries = .none
        ) -> InstrumentedHTTPClient {
            InstrumentedHTTPClient(self, options, retries: retries)
        }
    }

    /// An `HTTPClient` whose requests are recorded: a CLIENT span for each attempt, with the trace in its headers, and the span of the
    /// model call around requests to models.
    ///
    /// Spans end when the body of the answer has been read, or is no longer wanted.
    public struct InstrumentedHTTPClient: Sendable {
        /// The client that sends.
        public let client: HTTPClient
        /// What is recorded of requests and answers.
        public var options: HTTPInstrumentation
        /// How often requests to models are repeated; ``ModelRetries/none`` by default.
        public var retries: ModelRetries

        /// - Parameters:
        ///   - client: sends the requests; it must not trace by itself.
        ///   - options: what is recorded.
        ///   - retries: how often requests to models are repeated.
        public init(_ client: HTTPClient, _ options: HTTPInstrumentation = HTTPInstrumentation(), retries: ModelRetries = .none) {
            self.client = client
            self.options = options
            self.retries = retries
        }

        /// Closes the client's connections; needed once, for clients made by `HTTPClient.instrumented`.
        public func shutdown() async throws { try await client.shutdown() }

        /// Sends a request and returns when the head of the answer has come.
        public func execute(
            _ request: HTTPClientRequest,
            timeout: TimeAmount,
            fileID: String = #fileID,
            function: String = #function,
            line: Int = #line
        ) async throws -> HTTPClientResponse {
            try await execute(request, deadline: .now() + timeout, fileID: fileID, function: function, line: line)
        }

        /// Sends a request and returns when the head of the answer has come.
        public func execute(
            _ request: HTTPClientRequest,
            deadline: NIODeadline,
            fileID: String = #fileID,
            function: String = #function,
            line: Int = #line
        ) async throws -> HTTPClientResponse {
            guard Hearth.isConfigured else { return try await client.execute(request, deadline: deadline) }
            var request = request
            let (body, isReplayable) = try await Self.takeBody(of: &request, options)
            let headers = request.headers
            var previous: HTTPRecorder?
            var delay: Duration?
            var attempt = 0
            while true {
                let recorder = HTTPRecorder(
                    method: request.method.rawValue, url: request.url, headers: headers.map { ($0.name, $0.value) }, body: body,
                    options: options, after: previous, delay: delay, fileID: fileID, function: function, line: line)
                let isRepeated = recorder.call != nil && isReplayable && attempt < retries.maximumCount
                request.headers = headers
                for header in recorder.propagationHeaders { request.headers.replaceOrAdd(name: header.name, value: header.value) }
                attempt += 1
                do {
                    let response = try await client.execute(request, deadline: deadline)
                    recorder.receiveHead(status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) })
                    let asked = ModelRetries.asked { response.headers.first(name: $0) }
                    delay = Self.spread(retries.delay(before: attempt, asked: asked), isAsked: asked != nil)
                    // An answer, even a refusal, is better than none in time.
                    guard isRepeated, recorder.isRepeatable, Self.fits(delay, before: deadline) else {
                        return Self.recorded(response, recorder)
                    }
                    await Self.drain(response, recorder)
                } catch {
                    delay = Self.spread(retries.delay(before: attempt, asked: nil), isAsked: false)
                    guard isRepeated, !Self.isCancelled(error), Self.fits(delay, before: deadline) else {
                        recorder.fail(error, type: Self.type(of: error))
                        throw error
                    }
                    recorder.fail(error, type: Self.type(of: error), isFollowed: true)
                }
                previous = recorder
                if let delay {
                    do {
                        try await Task.sleep(for: delay)
                    } catch {
                        // The task was cancelled between two attempts: the failed one was the last.
                        recorder.abandonRepetition()
                        throw error
                    }
                }
            }
        }

        /// Reads an answer that only says that the request is to be sent again.
        private static func drain(_ response: HTTPClientResponse, _ recorder: HTTPRecorder) async {
            do {
                for try await buffer in response.body { recorder.receive(buffer.readableBytesView) }
                recorder.finish(isFollowed: true)
            } catch {
                recorder.fail(error, type: type(of: error), isFollowed: true)
            }
        }

        /// Whether there is time for another attempt behind a pause.
        private static func fits(_ delay: Duration?, before deadline: NIODeadline) -> Bool {
            NIODeadline.now() + TimeAmount(delay ?? .zero) < deadline
        }

        /// All errors of the client are of one type; what they are called tells them apart.
        static func type(of error: any Error) -> String? {
            isCancelled(error) ? "cancelled" : (error as? HTTPClientError).map { "\($0)" }
        }

        /// Whether the application itself has given up.
        private static func isCancelled(_ error: any Error) -> Bool {
            error is CancellationError || error as? HTTPClientError == .cancelled
        }

        /// Many clients that were refused together must not come back together.
        private static func spread(_ delay: Duration, isAsked: Bool) -> Duration {
            delay * (isAsked ? Double.random(in: 1...1.1) : Double.random(in: 0.75...1))
        }

        private static func recorded(_ response: HTTPClientResponse, _ recorder: HTTPRecorder) -> HTTPClientResponse {
            var response = response
            response.body = .stream(RecordedBody(body: response.body, recorder: recorder))
            return response
        }

        /// The body of a request that has to be looked at, as bytes, and whether the request can be sent twice; it has the body still.
        private static func takeBody(
            of request: inout HTTPClientRequest,
            _ options: HTTPInstrumentation
        ) async throws -> (body: [UInt8]?, isReplayable: Bool) {
            let isModel = options.modelCalls && ModelExchange.mayConcern(method: request.method.rawValue, url: request.url)
            guard let body = request.body, isModel || options.requestBodies else { return (nil, true) }
            let limit = isModel ? ModelExchange.maximumBodyBytes : options.maximumBodyBytes
            var iterator = body.makeAsyncIterator()
            // What is in memory comes at once, whatever its size; only streams come in parts.
            var bytes = try await iterator.next() ?? ByteBuffer()
            while let part = try await iterator.next() {
                bytes.writeImmutableBuffer(part)
                if bytes.readableBytes > limit {
                    request.body = .stream(RejoinedBody(first: bytes, rest: iterator), length: .unknown)
                    return (nil, false)
                }
            }
            request.body = .bytes(bytes)
            return (bytes.readableBytes <= ModelExchange.maximumBodyBytes ? Array(bytes.readableBytesView) : nil, true)
        }
    }
#endif
