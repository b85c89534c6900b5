import Testing

@testable import Accounts

@Suite("Tokens of requests")
struct AuthenticationTests {
    @Test(arguments: [
        ("pylf_v1_local_abc", "pylf_v1_local_abc"),
        ("Bearer pylf_v1_local_abc", "pylf_v1_local_abc"),
        ("bearer  pylf_v1_local_abc", "pylf_v1_local_abc"),
        ("BEARER x", "x"),
    ])
    func reads(header: String, token: String) {
        #expect(Authentication.token(header) == token)
    }

    @Test func absent() {
        #expect(Authentication.token(nil) == nil)
        #expect(Authentication.token("") == nil)
        #expect(Authentication.token("Bearer ") == nil)
    }

    @Test("A token is warned about once")
    func warnsOnce() {
        let seen = OnceSet(limit: 2)
        #expect(seen.insert("a"))
        #expect(!seen.insert("a"))
        #expect(seen.insert("b"))
        #expect(!seen.insert("c"), "beyond the limit nothing is new, so memory stays bounded")
    }
}
