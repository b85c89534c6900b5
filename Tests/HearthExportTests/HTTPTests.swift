import HearthExport
import Testing

@Suite struct HTTPTests {
    /// Parses a text in pieces of a size.
    private func parse(_ text: String, pieces: Int = .max, closes: Bool = false) throws -> HTTPResponse? {
        var parser = HTTPResponseParser()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            try parser.consume(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
        }
        if closes { try parser.end() }
        return parser.isComplete ? parser.response : nil
    }

    @Test(arguments: [1, 2, 3, 7, 4096])
    func readsAnswersInAnyPieces(_ size: Int) throws {
        let length = try #require(try parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nRetry-After:  7 \r\n\r\nhello", pieces: size))
        #expect(length.status == 200)
        #expect(length.body == Array("hello".utf8))
        #expect(length.header("retry-after") == "7")
        #expect(length.keepsAlive)
        let chunked = try #require(
            try parse(
                "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n", pieces: size)
        )
        #expect(chunked.status == 503)
        #expect(chunked.body == Array("abc0123456789".utf8))
        let closed = try #require(try parse("HTTP/1.0 200 OK\r\n\r\nrest", pieces: size, closes: true))
        #expect(closed.body == Array("rest".utf8))
        #expect(!closed.keepsAlive)
        let announced = try #require(try parse("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\nConnection: close\r\n\r\n", pieces: size))
        #expect(announced.status == 204)
        #expect(!announced.keepsAlive)
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH\r\n", "HTTP/2 200 OK\r\n", "HTTP/1.1 xx OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    ])
    func refusesWhatIsNotHTTP(_ text: String) {
        #expect(throws: HTTPError.self) { _ = try parse(text) }
    }

    @Test func endsAreTold() {
        #expect(throws: HTTPError.closed(beforeAnswer: true)) { _ = try parse("", closes: true) }
        #expect(throws: HTTPError.closed(beforeAnswer: false)) {
            _ = try parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", closes: true)
        }
        #expect(throws: HTTPError.self) { _ = try parse("HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 70_000)) }
    }

    @Test func keepsOnlyTheBeginningOfLongBodies() throws {
        let body = String(repeating: "a", count: 200_000)
        let response = try #require(try parse("HTTP/1.1 400 Bad\r\nContent-Length: 200000\r\n\r\n" + body))
        #expect(response.body.count == HTTPResponseParser.maximumBodyBytes)
        #expect(response.keepsAlive)
    }

    @Test func readsAddresses() throws {
        let plain = try Endpoint("http://127.0.0.1:4318")
        #expect(plain == Endpoint(host: "127.0.0.1", port: 4318, path: "/"))
        #expect(plain.appending("/v1/traces").path == "/v1/traces")
        #expect(try Endpoint("HTTP://example.org/base/").appending("/v1/traces").text == "http://example.org/base/v1/traces")
        let six = try Endpoint("http://[::1]:80/x?y#z")
        #expect(six.host == "::1" && six.port == 80 && six.path == "/x" && six.authority == "[::1]")
        let secure = try Endpoint("https://example.org")
        #expect(secure.isSecure && secure.port == 443)
    }

    @Test(arguments: [
        "", "example.org", "ftp://example.org", "http://", "http://:80", "http://a:0", "http://a:65536", "http://a:b", "http://[::1",
        "http://[::1]x",
        "http://user:secret@host", "http://a b", "http://a\r\nX: y",
    ])
    func refusesAddresses(_ text: String) {
        #expect(throws: EndpointError.self) { _ = try Endpoint(text) }
    }
}
