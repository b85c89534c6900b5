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

    /// How often requests to models are repeated after 408, 409, 429, answers from 500 on and broken connections.
    public struct ModelRetries: Sendable, Hashable {
        /// Attempts after the first one.
        public var maximumCount: Int
        /// Pause before the first repetition, doubled each time; `Retry-After` comes first.
        public var initialDelay: Duration
        /// The longest pause of those; `Retry-After` may ask for up to a minute.
        public var maximumDelay: Duration

        /// - Parameters:
        ///   - maximumCount: attempts after the first one; 0 repeats nothing.
        ///   - initialDelay: pause before the first repetition, doubled each time.
        ///   - maximumDelay: the longest of these pauses.
        public init(maximumCount: Int, initialDelay: Duration = .milliseconds(500), maximumDelay: Duration = .seconds(8)) {
            self.maximumCount = max(maximumCount, 0)
            self.initialDelay = initialDelay
            self.maximumDelay = maximumDelay
        }

        /// Nothing is repeated: recording changes nothing of what the application does.
        public static let none = ModelRetries(maximumCount: 0)
        /// Two repetitions, as the clients of providers do it.
        public static let standard = ModelRetries(maximumCount: 2)

        /// The pause before a repetition, without what spreads it.
        func delay(before number: Int, asked: Duration?) -> Duration {
            if let asked { return min(asked, .seconds(60)) }
            return min(initialDelay * (1 << min(number - 1, 16)), maximumDelay)
        }

        /// What the headers `retry-after-ms` and `retry-after` ask for.
        static func asked(_ header: (String) -> String?) -> Duration? {
            if let text = header("retry-after-ms"), let value = Double(text), value >= 0, value.isFinite {
                return .milliseconds(min(value, 1e9))
            }
            if let text = header("retry-after"), let value = Double(text), value >= 0, value.isFinite { return .seconds(min(value, 1e6)) }
            return nil
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
            let body = try await Self.takeBody(of: &request, options)
            let headers = request.headers
            var previous: HTTPRecorder?
            var delay: Duration?
            var attempt = 0
            while true {
                let recorder = HTTPRecorder(
                    method: request.method.rawValue, url: request.url, headers: headers.map { ($0.name, $0.value) }, body: body,
                    options: options, after: previous, delay: delay, fileID: fileID, function: function, line: line)
                let isRepeated = recorder.call != nil && attempt < retries.maximumCount
                request.headers = headers
                for header in recorder.propagationHeaders { request.headers.replaceOrAdd(name: header.name, value: header.value) }
                attempt += 1
                do {
                    let response = try await client.execute(request, deadline: deadline)
                    recorder.receiveHead(status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) })
                    guard isRepeated, recorder.isRepeatable else { return Self.recorded(response, recorder) }
                    let asked = ModelRetries.asked { response.headers.first(name: $0) }
                    await Self.drain(response, recorder)
                    delay = Self.spread(retries.delay(before: attempt, asked: asked), isAsked: asked != nil)
                } catch {
                    guard isRepeated, !(error is CancellationError), deadline > .now() else {
                        recorder.fail(error, type: Self.type(of: error))
                        throw error
                    }
                    recorder.fail(error, type: Self.type(of: error), isFollowed: true)
                    delay = Self.spread(retries.delay(before: attempt, asked: nil), isAsked: false)
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

        /// All errors of the client are of one type; what they are called tells them apart.
        static func type(of error: any Error) -> String? { (error as? HTTPClientError).map { "\($0)" } }

        /// Many clients that were refused together must not come back together.
        private static func spread(_ delay: Duration, isAsked: Bool) -> Duration {
            delay * (isAsked ? Double.random(in: 1...1.1) : Double.random(in: 0.75...1))
        }

        private static func recorded(_ response: HTTPClientResponse, _ recorder: HTTPRecorder) -> HTTPClientResponse {
            var response = response
            response.body = .stream(RecordedBody(body: response.body, recorder: recorder))
            return response
        }

        /// The body of a request that has to be looked at, as bytes; the request has it still.
        private static func takeBody(
            of request: inout HTTPClientRequest,
            _ options: HTTPInstrumentation
        ) async throws -> [UInt8]? {
            let isModel = options.modelCalls && ModelExchange.mayConcern(method: request.method.rawValue, url: request.url)
            guard let body = request.body, isModel || options.requestBodies else { return nil }
            let limit = ModelExchange.maximumBodyBytes
            var bytes = ByteBuffer()
            var iterator = body.makeAsyncIterator()
            while let part = try await iterator.next() {
                bytes.writeImmutableBuffer(part)
                if bytes.readableBytes > limit {
                    request.body = .stream(RejoinedBody(first: bytes, rest: iterator), length: .unknown)
                    return nil
                }
            }
            request.body = .bytes(bytes)
            return Array(bytes.readableBytesView)
        }
    }

    /// The body of an answer; what is read of it is recorded.
    struct RecordedBody: AsyncSequence, Sendable {
        typealias Element = ByteBuffer

        /// Ends the recording of an answer that nobody reads to its end.
        final class Guardian: Sendable {
            let recorder: HTTPRecorder
            init(_ recorder: HTTPRecorder) { self.recorder = recorder }
            deinit { recorder.finish(.abandoned) }
        }

        struct AsyncIterator: AsyncIteratorProtocol {
            var base: HTTPClientResponse.Body.AsyncIterator
            let guardian: Guardian

            @concurrent mutating func next() async throws -> ByteBuffer? {
                do {
                    guard let buffer = try await base.next() else {
                        guardian.recorder.finish()
                        return nil
                    }
                    guardian.recorder.receive(buffer.readableBytesView)
                    return buffer
                } catch {
                    guardian.recorder.fail(error, type: InstrumentedHTTPClient.type(of: error))
                    throw error
                }
            }
        }

        private let body: HTTPClientResponse.Body
        private let guardian: Guardian

        init(body: HTTPClientResponse.Body, recorder: HTTPRecorder) {
            self.body = body
            guardian = Guardian(recorder)
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: body.makeAsyncIterator(), guardian: guardian) }
    }

    /// The rest of a body behind what was read of it; read once.
    struct RejoinedBody: AsyncSequence, @unchecked Sendable {
        typealias Element = ByteBuffer
        let first: ByteBuffer
        /// Handed over to the one reader.
        let rest: HTTPClientRequest.Body.AsyncIterator

        struct AsyncIterator: AsyncIteratorProtocol {
            var first: ByteBuffer?
            var rest: HTTPClientRequest.Body.AsyncIterator

            @concurrent mutating func next() async throws -> ByteBuffer? {
                if let first {
                    self.first = nil
                    return first
                }
                return try await rest.next()
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(first: first, rest: rest) }
    }
#endif
