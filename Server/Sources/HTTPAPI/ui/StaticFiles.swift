import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// The built web bundle, read into memory at start: a few hundred kilobytes, served without touching the disk.
public struct StaticFiles: Sendable {
    struct File: Sendable {
        var contentType: String
        var body: ByteBuffer
    }

    /// Keyed by path below the bundle's folder, such as `assets/app.js`.
    private let files: [String: File]
    private let folder: String

    /// Reads the bundle; a missing folder gives an empty bundle, and pages then say how to build it.
    public init(folder: String) {
        self.folder = folder
        var files: [String: File] = [:]
        let manager = FileManager.default
        for path in (try? manager.subpathsOfDirectory(atPath: folder)) ?? [] {
            guard let type = Self.contentType(path), let data = manager.contents(atPath: folder + "/" + path) else { continue }
            files[path] = File(contentType: type, body: ByteBuffer(bytes: data))
        }
        self.files = files
    }

    public var isEmpty: Bool { files.isEmpty }

    func add(to router: Router<HearthRequestContext>) {
        router.get("assets/**") { request, _ in
            try asset(String(request.uri.path.drop { $0 == "/" }))
        }
        for path in ["favicon.ico", "favicon.svg"] where files[path] != nil {
            router.get(RouterPath(path)) { _, _ in try asset(path) }
        }
        for page in ["/", "login", "setup", ":organization/:project", ":organization/:project/**"] {
            router.get(RouterPath(page)) { request, _ in try index(request) }
        }
    }

    private func asset(_ path: String) throws -> Response {
        guard let file = files[path] else { throw APIError(.notFound, "no such file: /\(path)") }
        return Response(
            status: .ok,
            headers: [.contentType: file.contentType, .cacheControl: "public, max-age=31536000, immutable"],
            body: ResponseBody(byteBuffer: file.body)
        )
    }

    /// The single page for every address a person may open or reload; programs get the 404 they can read.
    private func index(_ request: Request) throws -> Response {
        let wantsPage = request.headers[.accept]?.contains("text/html") ?? false
        guard wantsPage, !request.uri.path.hasPrefix("/v1/"), !request.uri.path.hasPrefix("/v2/"), !request.uri.path.hasPrefix("/ui/"),
            !request.uri.path.hasPrefix("/api/")
        else {
            throw HTTPError(.notFound)
        }
        guard let file = files["index.html"] else {
            throw APIError(.serviceUnavailable, "the web bundle is not in \(folder); run `make build`, or pass --web with its folder")
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: file.contentType, .cacheControl: "no-cache", .contentSecurityPolicy: Self.policy,
                .xContentTypeOptions: "nosniff", Self.referrerPolicy: "same-origin",
            ],
            body: ResponseBody(byteBuffer: file.body)
        )
    }

    /// Nothing is loaded from elsewhere; captured images are shown inline only.
    private static let policy =
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

    /// Addresses of pages hold queries and ids; no other site gets to know them.
    private static let referrerPolicy = HTTPField.Name("Referrer-Policy")!

    private static func contentType(_ path: String) -> String? {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "json", "map": "application/json"
        case "woff2": "font/woff2"
        case "woff": "font/woff"
        case "ttf", "otf": "font/ttf"
        case "txt": "text/plain; charset=utf-8"
        default: nil
        }
    }
}
