#if GRPC
    public import GRPCCore
    import Hearth

    /// Records calls that a server answers as spans of the trace of their clients.
    ///
    /// ```swift
    /// let server = GRPCServer(transport: transport, services: [service], interceptors: [HearthServerInterceptor()])
    /// ```
    /// A span ends when the response is written. Of the failures only those make it an error that are the server's own: unknown, deadline exceeded,
    /// unimplemented, internal, unavailable, data loss.
    public struct HearthServerInterceptor: ServerInterceptor {
        /// An interceptor that continues the traces of callers where the configuration allows it.
        /// Makes an interceptor; one serves all services.
        public init() {}

        /// Answers the call inside of a span; see `ServerInterceptor`.
        @concurrent
        public func intercept<Input: Sendable, Output: Sendable>(
            request: StreamingServerRequest<Input>,
            context: ServerContext,
            next: @Sendable @concurrent (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<Output>
        ) async throws -> StreamingServerResponse<Output> {
            let caller = Hearth.remoteContext { name in request.metadata[stringValues: name].first { _ in true } }
            let open = OpenSpan(RPCSpan.name(context.descriptor), role: .server, scope: .grpc, in: caller) {
                RPCSpan.attributes(context.descriptor, peer: context.remotePeer, isServer: true)
            }
            let call = SpanGuard(open.span)
            do {
                var response = try await open.place.attach { try await next(request, context) }
                switch response.accepted {
                case .success(var contents):
                    let produce = contents.producer
                    contents.producer = { writer in
                        do {
                            let trailing = try await open.place.attach { try await produce(writer) }
                            RPCSpan.end(call.span, nil, isServer: true)
                            return trailing
                        } catch {
                            RPCSpan.end(call.span, error, isServer: true)
                            throw error
                        }
                    }
                    response.accepted = .success(contents)
                case .failure(let error):
                    RPCSpan.end(open.span, error, isServer: true)
                }
                return response
            } catch {
                RPCSpan.end(open.span, error, isServer: true)
                throw error
            }
        }
    }
#endif
