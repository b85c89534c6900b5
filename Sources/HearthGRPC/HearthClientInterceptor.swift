#if GRPC
    public import GRPCCore
    public import Hearth

    /// Records calls of a client as spans, measures them as `rpc.client.call.duration`, and tells the server the place in the trace.
    ///
    /// ```swift
    /// try await withGRPCClient(transport: transport, interceptors: [HearthClientInterceptor()]) { client in … }
    /// ```
    /// A span ends when the response has been read to its end. A call that the client repeats by itself is a span for each attempt.
    public struct HearthClientInterceptor: ClientInterceptor {
        private let propagation: [Propagation]

        /// - Parameter propagation: the metadata that are sent.
        public init(propagation: [Propagation] = [.traceContext, .baggage]) {
            self.propagation = propagation
        }

        /// Makes the call inside of a span; see `ClientInterceptor`.
        @concurrent
        public func intercept<Input: Sendable, Output: Sendable>(
            request: StreamingClientRequest<Input>,
            context: ClientContext,
            next: @concurrent (StreamingClientRequest<Input>, ClientContext) async throws -> StreamingClientResponse<Output>
        ) async throws -> StreamingClientResponse<Output> {
            let call = RPCCall(context.descriptor, peer: context.remotePeer)
            var request = request
            let headers = call.place.attach { Hearth.propagationHeaders(propagation) }
            for header in headers { request.metadata.replaceOrAddString(header.value, forKey: header.name) }
            do {
                var response = try await call.place.attach { try await next(request, context) }
                switch response.accepted {
                case .success(var contents):
                    contents.bodyParts = RPCAsyncSequence(wrapping: RecordedParts(base: contents.bodyParts, call: call))
                    response.accepted = .success(contents)
                case .failure(let error):
                    call.fail(error)
                }
                return response
            } catch {
                call.fail(error)
                throw error
            }
        }
    }

    /// The parts of a response, the last of which ends the span.
    private struct RecordedParts<Part: Sendable>: AsyncSequence, Sendable {
        typealias Element = Part
        typealias Failure = any Error

        let base: RPCAsyncSequence<Part, any Error>
        let call: RPCCall

        func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), call: call) }

        struct Iterator: AsyncIteratorProtocol {
            var base: RPCAsyncSequence<Part, any Error>.AsyncIterator
            let call: RPCCall

            mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> Part? {
                do {
                    if let part = try await base.next(isolation: actor) { return part }
                    call.succeed()
                    return nil
                } catch {
                    call.fail(error)
                    throw error
                }
            }

            mutating func next() async throws -> Part? { try await next(isolation: nil) }
        }
    }
#endif
