/// Where requests go: the parts of an `http` URL.
package struct Endpoint: Sendable, Hashable {
    package var isSecure: Bool
    /// Without brackets for IPv6.
    package var host: String
    package var port: UInt16
    /// Begins with a slash; no query.
    package var path: String

    package init(isSecure: Bool = false, host: String, port: UInt16, path: String) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.path = path
    }

    /// Reads a URL.
    ///
    /// - Throws: an ``EndpointError`` that says what is wrong with it.
    package init(_ text: String) throws(EndpointError) {
        var rest = text[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        if rest.contains(where: { $0.isNewline || $0 == " " || $0.asciiValue.map { $0 < 0x20 } ?? false }) {
            throw EndpointError(text, "it contains spaces or control characters")
        }
        if let scheme = Self.cut("https://", from: &rest) {
            isSecure = scheme
        } else if Self.cut("http://", from: &rest) != nil {
            isSecure = false
        } else {
            throw EndpointError(text, "it must begin with http:// or https://")
        }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        var authority = rest[..<end]
        var path = rest[end...]
        if let cut = path.firstIndex(where: { $0 == "?" || $0 == "#" }) { path = path[..<cut] }
        if authority.contains("@") { throw EndpointError(text, "user names in the address are not supported; pass a header instead") }
        var port: Substring?
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else {
                throw EndpointError(text, "the bracket of the IPv6 address is not closed")
            }
            let behind = authority[authority.index(after: close)...]
            if behind.first == ":" {
                port = behind.dropFirst()
            } else if !behind.isEmpty {
                throw EndpointError(text, "there is text between the IPv6 address and the port")
            }
            authority = authority[authority.index(after: authority.startIndex)..<close]
        } else if let colon = authority.lastIndex(of: ":") {
            port = authority[authority.index(after: colon)...]
            authority = authority[..<colon]
        }
        guard !authority.isEmpty else { throw EndpointError(text, "the host is missing") }
        host = String(authority)
        if let port {
            guard let number = UInt16(port), number > 0 else { throw EndpointError(text, "the port must be a number from 1 to 65535") }
            self.port = number
        } else {
            self.port = isSecure ? 443 : 80
        }
        self.path = path.isEmpty ? "/" : String(path)
    }

    /// The value of the `Host` header.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The URL as text.
    package var text: String { url(path: path) }

    /// The URL of another path on the same host.
    func url(path: String) -> String { (isSecure ? "https://" : "http://") + authority + path }

    /// The endpoint with path components added.
    package func appending(_ suffix: String) -> Endpoint {
        var copy = self
        while copy.path.last == "/" { copy.path.removeLast() }
        copy.path += suffix
        return copy
    }

    private static func cut(_ prefix: String, from text: inout Substring) -> Bool? {
        guard text.count >= prefix.count, text.prefix(prefix.count).lowercased() == prefix else { return nil }
        text = text.dropFirst(prefix.count)
        return true
    }
}

/// A URL that cannot be used.
package struct EndpointError: Error, CustomStringConvertible {
    package let description: String

    init(_ text: String, _ reason: String) {
        description = "'\(text)' is not a usable address: \(reason)"
    }
}
