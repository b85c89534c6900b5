#if Hummingbird
    import HTTPTypes
    import Hearth
    import Hummingbird

    /// What is known of a request at its beginning.
    enum RequestAttributes {
        static func attributes(of request: Request, _ context: some RequestContext) -> Attributes {
            var attributes = HTTPConventions.attributes(ofMethod: request.method.rawValue)
            attributes["url.path"] = .string(request.uri.path)
            if let query = request.uri.query { attributes["url.query"] = .string(HTTPConventions.redacted(query: query)) }
            if let scheme = request.head.scheme { attributes["url.scheme"] = .string(scheme) }
            if let agent = request.headers[.userAgent] { attributes["user_agent.original"] = .string(agent) }
            if let length = request.headers[.contentLength].flatMap(Int64.init) { attributes["http.request.body.size"] = .int(length) }
            if let authority = request.head.authority {
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
            // The last group of an address in brackets is no port.
            let isBracketed = text.last == "]"
            guard !isBracketed, let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
                return (text.filter { $0 != "[" && $0 != "]" }, nil)
            }
            return (text[..<colon].filter { $0 != "[" && $0 != "]" }, port)
        }
    }
#endif
