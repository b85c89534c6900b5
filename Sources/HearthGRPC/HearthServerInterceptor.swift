#if GRPC
    public import GRPCCore
    import Hearth

    /// Records calls that a server answers as spans of the trace of their clients, and measures them as `rpc.server.call.duration`.
    ///
    /// ```swift
    /// let server = GRPCServer(transport: transport, services: [service], interceptors: [HearthServerInterceptor()])
    /// ```
    /// A span ends when the response is written. Of the failures only those make it an error that are the server's own: unknown, deadline
    /// exceeded, unimplemented, internal, unavailable, data loss.
    public struct HearthServerInterceptor: ServerInterceptor {
        /// An interceptor for all services; it continues the traces of callers where the configuration allows it.
        public init() {}

        /// Answers the call inside of a span; see `ServerInterceptor`.
        @concurrent
        public func intercept<Input: Sendable, Output: Sendable>(
            request: StreamingServerRequest<Input>,
            context: ServerContext,
            next: @Sendable @concurrent (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<Output>
        ) async throws -> StreamingServerResponse<Output> {
            let caller = Hearth.remoteContext { name in request.metadata[stringValues: name].first { _ in true } }
            let call = RPCCall(context.descriptor, peer: context.remotePeer, from: caller)
            do {
                var response = try await call.place.attach { try await next(request, context) }
                switch response.accepted {
                case .success(var contents):
                    let produce = contents.producer
                    contents.producer = { writer in
                        do {
                            let trailing = try await call.place.attach { try await produce(writer) }
                            call.succeed()
                            return trailing
                        } catch {
                            call.fail(error)
                            throw error
                        }
                    }
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
#endif
