import Testing

#if GRPC
    @testable import HearthGRPC

    @Suite struct PeerTests {
        @Test(
            arguments: [
                ("ipv4:127.0.0.1:31415", "127.0.0.1", 31415), ("ipv6:[::1]:443", "::1", 443), ("unix:/tmp/x", "/tmp/x", nil),
                ("in-process:7", "7", nil),
                ("ipv4:host", "host", nil),
            ] as [(String, String, Int?)])
        func peersHaveAddressAndPort(_ peer: String, _ address: String, _ port: Int?) {
            #expect(RPCCall.parts(ofPeer: peer)?.address == address)
            #expect(RPCCall.parts(ofPeer: peer)?.port == port)
        }

        @Test func otherTextIsNoPeer() {
            #expect(RPCCall.parts(ofPeer: "") == nil)
            #expect(RPCCall.parts(ofPeer: "nonsense") == nil)
            #expect(RPCCall.parts(ofPeer: "unix:") == nil)
        }
    }
#endif

#if Hummingbird
    import HTTPTypes
    import Hearth

    @testable import HearthHummingbird

    @Suite struct HeaderTests {
        private let fields: HTTPFields = [.authorization: "Bearer x", .cookie: "a=b", .accept: "text/html", .userAgent: "test"]

        @Test func headersAreChosen() {
            func names(_ headers: HTTPCapture.Headers) -> [String] { headers.attributes(fields, prefix: "").map(\.key) }
            #expect(names(.none).isEmpty)
            #expect(names(.all) == ["accept", "user-agent"])
            #expect(names(.all(except: [.accept])) == ["user-agent"])
            #expect(names(.some([.authorization])) == ["authorization"])
        }

        @Test func repeatedHeadersAreOneAttribute() {
            var fields = HTTPFields()
            fields.append(HTTPField(name: .via, value: "a"))
            fields.append(HTTPField(name: .via, value: "b"))
            #expect(HTTPCapture.Headers.all.attributes(fields, prefix: "h.")["h.via"] == .strings(["a", "b"]))
        }

        @Test(
            arguments: [
                ("text/plain; charset=utf-8", nil, true), ("application/problem+json", "identity", true),
                ("application/json", "gzip", false),
                ("image/png", nil, false), ("application/x-www-form-urlencoded", nil, true),
            ] as [(String, String?, Bool)])
        func onlyTextIsCopied(_ type: String, _ encoding: String?, _ isText: Bool) {
            var fields: HTTPFields = [.contentType: type]
            fields[.contentEncoding] = encoding
            #expect(BodyCopy.isText(fields) == isText)
        }

        @Test func authorities() {
            #expect(RequestAttributes.parts(ofAuthority: "a.b:80") == ("a.b", 80))
            #expect(RequestAttributes.parts(ofAuthority: "[::1]:8080") == ("::1", 8080))
            #expect(RequestAttributes.parts(ofAuthority: "[::1]") == ("[::1]".filter { $0 != "[" && $0 != "]" }, nil))
            #expect(RequestAttributes.parts(ofAuthority: "host") == ("host", nil))
        }
    }
#endif
