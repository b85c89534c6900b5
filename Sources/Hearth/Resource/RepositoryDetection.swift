/// The git repository around the working directory, read from its files.
enum RepositoryDetection {
    static func attributes(from directory: String?) -> Attributes {
        var result = Attributes()
        guard var folder = directory else { return result }
        while true {
            if let head = ProcessEnvironment.line(of: folder + "/.git/HEAD") {
                if let revision = revision(head, in: folder + "/.git") { result["vcs.repository.ref.revision"] = .string(revision) }
                if let bytes = ProcessEnvironment.file(folder + "/.git/config"),
                    let url = remote(in: String(decoding: bytes, as: UTF8.self))
                {
                    result["vcs.repository.url.full"] = .string(url)
                }
                return result
            }
            guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else { return result }
            folder = String(folder[..<slash])
        }
    }

    private static func revision(_ head: String, in git: String) -> String? {
        guard head.hasPrefix("ref: ") else { return isRevision(head) ? head : nil }
        let name = String(head.dropFirst(5))
        if let line = ProcessEnvironment.line(of: git + "/" + name), isRevision(line) { return line }
        guard let packed = ProcessEnvironment.file(git + "/packed-refs") else { return nil }
        for line in String(decoding: packed, as: UTF8.self).split(separator: "\n") where line.hasSuffix(" " + name) {
            let revision = String(line.prefix { $0 != " " })
            if isRevision(revision) { return revision }
        }
        return nil
    }

    private static func isRevision(_ text: String) -> Bool {
        text.utf8.count >= 40 && Hex.read(text.utf8) != nil
    }

    /// The address of `origin`, without a user name and password.
    static func remote(in config: String) -> String? {
        var isOrigin = false
        for line in config.split(separator: "\n") {
            let text = line.drop { $0 == " " || $0 == "\t" }
            if text.first == "[" {
                isOrigin = text.hasPrefix(#"[remote "origin"]"#)
            } else if isOrigin, text.hasPrefix("url"), let equals = text.firstIndex(of: "=") {
                let url = text[text.index(after: equals)...].drop { $0 == " " }
                guard let scheme = url.range(of: "://"), let at = url[scheme.upperBound...].prefix(while: { $0 != "/" }).lastIndex(of: "@")
                else {
                    return String(url)
                }
                return String(url[..<scheme.upperBound] + url[url.index(after: at)...])
            }
        }
        return nil
    }
}

extension Substring {
    /// Where a text begins and ends; Foundation's function of the same name is not at hand here.
    fileprivate func range(of other: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
            start = index(after: start)
        }
        return nil
    }
}
