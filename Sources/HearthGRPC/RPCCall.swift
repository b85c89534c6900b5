#if GRPC
    import GRPCCore
    import Hearth
    import HearthExport
    import Synchronization

    extension InstrumentationScope {
        static let grpc = InstrumentationScope(name: "hearth.grpc")
    }

    /// A call on its way to its end, told under the names of the RPC conventions; let go without an end, it ends its span.
    final class RPCCall: Sendable {
        private static let serverDuration = Hearth.histogram(
            "rpc.server.call.duration", unit: "s", description: "Duration of calls that are answered",
            boundaries: HTTPConventions.durationBoundaries, scope: .grpc)
        private static let clientDuration = Hearth.histogram(
            "rpc.client.call.duration", unit: "s", description: "Duration of calls that are made",
            boundaries: HTTPConventions.durationBoundaries, scope: .grpc)

        /// The place inside of the span.
        let place: TraceLocation
        private let span: HearthSpan
        private let isServer: Bool
        private let attributes: Attributes
        /// Nanoseconds of a monotonic clock.
        private let begun = SystemTime.monotonic()
        private let isEnded = Atomic(false)

        /// - Parameters:
        ///   - method: what is called.
        ///   - peer: the other side, as the transport describes it.
        ///   - caller: where the caller's span is; nil for the side that calls.
        init(_ method: MethodDescriptor, peer: String, from caller: TraceLocation? = nil) {
            isServer = caller != nil
            let name = method.fullyQualifiedMethod
            var attributes: Attributes = ["rpc.system.name": "grpc", "rpc.method": name]
            let (own, others) = Self.attributes(ofPeer: peer, isServer: caller != nil)
            attributes.merge(own)
            self.attributes = attributes
            let open = OpenSpan(name, kind: caller == nil ? .client : .server, scope: .grpc, in: caller) {
                var all = attributes
                all.merge(others)
                return all
            }
            span = open.span
            place = open.place
        }

        deinit {
            end(status: nil, errorType: nil)
        }

        /// The response is whole.
        func succeed() { end(status: 0, errorType: nil) }

        /// The call has failed.
        func fail(_ error: any Error) {
            let code = Self.code(of: error)
            // For a server, what the client did wrong is no error of its own.
            let isError = !isServer || [2, 4, 12, 13, 14, 15].contains(code.rawValue)
            if isError || !(error is RPCError) { span.recordError(error, isEscaping: isError) }
            end(status: code.rawValue, errorType: isError ? Self.name(ofStatus: code.rawValue) : nil)
        }

        private func end(status: Int?, errorType: String?) {
            guard !isEnded.exchange(true, ordering: .relaxed) else { return }
            var outcome: Attributes = [:]
            if let status { outcome["rpc.response.status_code"] = .string(Self.name(ofStatus: status)) }
            if let errorType { outcome["error.type"] = .string(errorType) }
            span.setAttributes(outcome)
            outcome.merge(attributes)
            let seconds = Double(SystemTime.monotonic() &- begun) / 1e9
            let histogram = isServer ? Self.serverDuration : Self.clientDuration
            place.attach { histogram.record(seconds, outcome) }
            span.end()
        }

        // MARK: Names

        /// Attributes of the other side: those that calls are counted by, and those that differ with each call.
        private static func attributes(ofPeer peer: String, isServer: Bool) -> (own: Attributes, others: Attributes) {
            guard let (kind, address, port) = parts(ofPeer: peer) else { return ([:], [:]) }
            let transport = kind == "unix" ? "unix" : kind == "in-process" ? "inproc" : "tcp"
            var others: Attributes = ["network.transport": transport]
            // The number of a transport inside of the process is no address.
            if kind == "in-process" { return ([:], others) }
            var place: Attributes = [isServer ? "client.address" : "server.address": address]
            if let port { place[isServer ? "client.port" : "server.port"] = .int(Int64(port)) }
            guard isServer else { return (place, others) }
            others.merge(place)
            return ([:], others)
        }

        /// Reads `ipv4:127.0.0.1:31415`, `ipv6:[::1]:443`, `unix:/path` and `in-process:1`.
        static func parts(ofPeer peer: String) -> (kind: String, address: String, port: Int?)? {
            guard let colon = peer.firstIndex(of: ":") else { return nil }
            let kind = String(peer[..<colon])
            let rest = peer[peer.index(after: colon)...]
            guard kind == "ipv4" || kind == "ipv6" else { return rest.isEmpty ? nil : (kind, String(rest), nil) }
            guard let last = rest.lastIndex(of: ":"), let port = Int(rest[rest.index(after: last)...]) else {
                return (kind, String(rest), nil)
            }
            return (kind, String(rest[..<last].filter { $0 != "[" && $0 != "]" }), port)
        }

        private static let statusNames = [
            "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
            "UNAUTHENTICATED",
        ]

        /// `rpc.response.status_code`: the name that gRPC has for a number.
        static func name(ofStatus code: Int) -> String { statusNames.indices.contains(code) ? statusNames[code] : "\(code)" }

        private static func code(of error: any Error) -> RPCError.Code {
            if let error = error as? RPCError { return error.code }
            if let error = error as? any RPCErrorConvertible { return error.rpcErrorCode }
            return error is CancellationError ? .cancelled : .unknown
        }
    }
#endif
