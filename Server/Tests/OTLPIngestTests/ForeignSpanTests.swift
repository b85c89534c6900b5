import OTLPIngest
import OTLPWire
import TelemetryModel
import Testing

@Suite("Messages and levels of spans whose sender gave none")
struct ForeignSpanTests {
    private static func span(_ kind: OTLPSpan.Kind, _ attributes: [(String, OTLPValue)], name: String = "GET") -> OTLPSpan {
        var span = makeSpan(attributes.map { OTLPAttribute($0.0, $0.1) }, name: name)
        span.kind = kind
        return span
    }

    @Test(
        arguments: [
            ([("http.method", "GET"), ("http.target", "/a/b")], "GET /a/b"),
            ([("http.request.method", "POST"), ("url.path", "/a"), ("url.query", "x=1&y=two%20words")], "POST /a ? x='1' & y='two words'"),
            ([("http.method", "GET"), ("http.target", "/a?x=1#top")], "GET /a ? x='1'"),
            ([("http.method", "GET"), ("http.target", "/a"), ("http.url", "http://h/a?q=%C3%A9")], "GET /a ? q='é'"),
            ([("http.method", "GET"), ("http.url", "http://host:80/only")], "GET /only"),
            ([("http.method", "GET"), ("http.route", "/items/{id}")], "GET /items/{id}"),
            ([("http.method", "GET"), ("http.target", "/a?flag&b=")], "GET /a ? flag & b=''"),
            ([("http.method", "GET"), ("http.target", "/a?v=0123456789abcdefghijk")], "GET /a ? v='0123456789...bcdefghijk'"),
            ([("http.method", "GET"), ("http.target", "/a?v=%ff")], "GET"),
            ([("http.method", "GET")], "GET"),
        ] as [([(String, OTLPValue)], String)])
    func servers(attributes: [(String, OTLPValue)], message: String) throws {
        #expect(try decoded(Self.span(.server, attributes)).message == message)
    }

    @Test(
        arguments: [
            (
                [("http.request.method", "GET"), ("url.full", "https://user:secret@api.example:8080/v1?q=a+b")],
                "GET api.example:8080/v1 ? q='a b'"
            ),
            ([("http.method", "GET"), ("http.url", "http://api.example")], "GET api.example"),
            ([("http.method", "GET"), ("server.address", "api.example"), ("url.path", "/v1")], "GET api.example/v1"),
            ([("http.method", "GET"), ("net.peer.name", "api.example")], "GET api.example"),
        ] as [([(String, OTLPValue)], String)])
    func clients(attributes: [(String, OTLPValue)], message: String) throws {
        #expect(try decoded(Self.span(.client, attributes)).message == message)
    }

    @Test func databases() throws {
        #expect(try decoded(Self.span(.client, [("db.statement", "SELECT *\n  FROM  t\n")])).message == "SELECT * FROM t")
        #expect(try decoded(Self.span(.client, [("db.query.text", "SELECT 1"), ("db.query.summary", "SELECT t")])).message == "SELECT t")
        let long = "SELECT " + String(repeating: "é", count: 3_000) + " FROM t WHERE id = 1"
        let message = try #require(try decoded(Self.span(.client, [("db.statement", .string(long))])).message)
        #expect(message.utf8.count <= 123 && message.hasPrefix("SELECT é") && message.contains("..."))
    }

    @Test(
        arguments: [
            (OTLPSpan.Kind.server, 200, 9), (.server, 404, 13), (.server, 500, 17), (.client, 399, 9), (.client, 404, 17),
            (.internal, 500, 9),
        ] as [(OTLPSpan.Kind, Int64, Int16)])
    func statusCodes(kind: OTLPSpan.Kind, status: Int64, level: Int16) throws {
        let row = try decoded(Self.span(kind, [("http.method", "GET"), ("http.status_code", .int(status))]))
        #expect(row.level == level)
        #expect(row.statusCode == .unset, "the status stays as it was sent")
    }

    @Test func senderKnowsBetter() throws {
        let attributes: [(String, OTLPValue)] = [
            ("http.method", "GET"), ("http.target", "/a"), ("http.status_code", 500), ("logfire.msg", "mine"), ("logfire.level_num", 9),
        ]
        let row = try decoded(Self.span(.server, attributes))
        #expect(row.message == "mine" && row.level == 9)
    }

    @Test func chatterIsDebug() throws {
        #expect(try decoded(Self.span(.internal, [("asgi.event.type", "http.response.body")])).level == Level.debug)
        var failed = Self.span(.internal, [("asgi.event.type", "http.response.start")])
        failed.statusCode = .error
        #expect(try decoded(failed).level == Level.error)
        let scope = OTLPScope(name: "opentelemetry.instrumentation.sqlalchemy")
        let batch = try TraceDecoder.decode(traceBody([Self.span(.client, [], name: "connect")], scope: scope), encoding: .protobuf)
        #expect(batch.rows.first?.level == Level.debug)
    }

    @Test func canBeTurnedOff() throws {
        var limits = DecodeLimits()
        limits.derivesMessages = false
        let body = traceBody([Self.span(.server, [("http.method", "GET"), ("http.target", "/a"), ("http.status_code", 500)])])
        let batch = try TraceDecoder.decode(body, encoding: .protobuf, limits: limits)
        let row = Row(batch, try #require(batch.rows.first))
        #expect(row.message == "GET" && row.level == 9)
    }
}
