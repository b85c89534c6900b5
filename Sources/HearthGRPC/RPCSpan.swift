#if GRPC
    import GRPCCore
    import Hearth

    extension InstrumentationScope {
        static let grpc = InstrumentationScope(name: "hearth.grpc")
    }

    /// What is told of a call, under the names of the RPC conventions.
    enum RPCSpan {
        static func name(_ method: MethodDescriptor) -> String { method.fullyQualifiedMethod }

        static func attributes(_ method: MethodDescriptor, peer: String, isServer: Bool) -> Attributes {
            var attributes: Attributes = [
                "rpc.system": "grpc", "rpc.service": method.service.fullyQualifiedService, "rpc.method": method.method,
            ]
            guard let (kind, address, port) = parts(ofPeer: peer) else { return attributes }
            attributes["network.transport"] = .string(kind == "unix" ? "unix" : kind == "in-process" ? "inproc" : "tcp")
            // The number of a transport inside of the process is no address.
            if kind == "in-process" { return attributes }
            attributes[isServer ? "client.address" : "server.address"] = .string(address)
            if let port { attributes[isServer ? "client.port" : "server.port"] = .int(Int64(port)) }
            return attributes
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

        /// Tells how the call ended.
        ///
        /// - Parameter error: nil for success.
        static func end(_ span: HearthSpan, _ error: (any Error)?, isServer: Bool) {
            guard span.isRecording else { return }
            defer { span.end() }
            guard let error else {
                span.setAttribute("rpc.grpc.status_code", 0)
                return
            }
            let code = code(of: error)
            span.setAttribute("rpc.grpc.status_code", code.rawValue)
            span.setAttribute("error.type", code.description)
            // For a server, what the client did wrong is no error of its own.
            let isError = !isServer || [2, 4, 12, 13, 14, 15].contains(code.rawValue)
            if isError || !(error is RPCError) { span.recordError(error, isEscaping: isError) }
        }

        private static func code(of error: any Error) -> RPCError.Code {
            if let error = error as? RPCError { return error.code }
            if let error = error as? any RPCErrorConvertible { return error.rpcErrorCode }
            return error is CancellationError ? .cancelled : .unknown
        }
    }
#endif
