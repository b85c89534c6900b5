import Hearth

/// The parts of an address that matter here; anything that cannot be read is nil or empty.
struct WebAddress {
    var scheme: String
    var host: String
    var port: Int?
    var path: Substring
    var query: Substring

    init?(_ text: String) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        scheme = text[..<colon.lowerBound].lowercased()
        let rest = text[colon.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        if authority.first == "[", let close = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<close])
            authority = authority[authority.index(after: close)...]
        } else {
            host = authority.prefix { $0 != ":" }.lowercased()
            authority = authority.drop { $0 != ":" }
        }
        guard !host.isEmpty else { return nil }
        port = authority.first == ":" ? Int(authority.dropFirst()) : nil
        let tail = rest[end...]
        let behind = tail.prefix { $0 != "#" }
        path = behind.prefix { $0 != "?" }
        query = behind.dropFirst(path.count).dropFirst()
    }

    /// The port, also where the address leaves it to the scheme.
    var effectivePort: Int? { port ?? (scheme == "https" ? 443 : scheme == "http" ? 80 : nil) }
}

/// Addresses as they may be recorded.
enum RecordedURL {
    /// The address without user names and with the values of secret parameters replaced.
    static func text(_ url: String) -> String {
        guard let address = WebAddress(url) else {
            // What cannot be read may hold a password before its host and anything behind its path.
            let path = url.prefix { $0 != "?" && $0 != "#" }
            return String(path.split(separator: "@", omittingEmptySubsequences: false).last ?? "")
        }
        var text = "\(address.scheme)://" + (address.host.contains(":") ? "[\(address.host)]" : address.host)
        if let port = address.port { text += ":\(port)" }
        text += address.path
        if !address.query.isEmpty { text += "?" + HTTPConventions.redacted(query: address.query) }
        return text
    }
}
