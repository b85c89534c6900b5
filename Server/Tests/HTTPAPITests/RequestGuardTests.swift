import Ingest
import Testing

@testable import HTTPAPI

@Suite("Foreign hosts and origins")
struct SiteRulesTests {
    private let loopback = SiteRules(isLoopback: true)

    @Test(arguments: ["localhost", "localhost:4318", "127.0.0.1:4318", "127.8.9.1", "[::1]:4318", "LOCALHOST:1", ""])
    func loopbackHosts(authority: String) {
        #expect(loopback.answers(for: authority))
    }

    @Test(arguments: ["example.com", "127.0.0.1.example.com", "localhost.example.com:4318", "10.0.0.1", "127.0.0.999", "[::2]:4318"])
    func foreignHosts(authority: String) {
        #expect(!loopback.answers(for: authority))
    }

    @Test func allowedHosts() {
        let named = SiteRules(isLoopback: true, allowedHosts: ["Hearth.Example.com"])
        #expect(named.answers(for: "hearth.example.com:4318"))
        #expect(!named.answers(for: "other.example.com"))
        let open = SiteRules(isLoopback: false)
        #expect(open.answers(for: "anything.example"))
        let closed = SiteRules(isLoopback: false, allowedHosts: ["hearth.example.com"])
        #expect(closed.answers(for: "hearth.example.com"))
        #expect(closed.answers(for: "192.0.2.7:4318"))
        #expect(closed.answers(for: "localhost"))
        #expect(!closed.answers(for: "evil.example"))
    }

    @Test func origins() {
        #expect(loopback.isOwn("http://127.0.0.1:4318", authority: "127.0.0.1:4318"))
        #expect(!loopback.isOwn("http://127.0.0.1:4319", authority: "127.0.0.1:4318"))
        #expect(!loopback.isOwn("null", authority: "127.0.0.1:4318"))
        #expect(!loopback.isOwn("http://evil.example", authority: "127.0.0.1:4318"))
    }

    @Test func publicURL() throws {
        let url = try #require(PublicURL("HTTPS://Hearth.example.com/"))
        #expect(url.text == "https://hearth.example.com")
        let rules = SiteRules(isLoopback: true, publicURL: url)
        #expect(rules.answers(for: "hearth.example.com"))
        #expect(rules.isOwn("https://hearth.example.com", authority: "127.0.0.1:4318"))
        for text in ["hearth.example.com", "ftp://a", "https://", "https://a/b", "https://u@a"] {
            #expect(PublicURL(text) == nil, "\(text)")
        }
    }

    @Test func crossOrigin() {
        #expect(!loopback.allowsOTLP(from: "https://app.example.com"))
        let rules = SiteRules(isLoopback: true, corsOrigins: ["https://App.example.com"])
        #expect(rules.allowsOTLP(from: "https://app.example.com"))
        #expect(!rules.allowsOTLP(from: "https://evil.example"))
        #expect(SiteRules(isLoopback: true, corsOrigins: ["*"]).allowsOTLP(from: "https://evil.example"))
    }
}

@Suite("The in-flight budget")
struct InFlightBudgetTests {
    @Test func refusesAboveTheLimit() {
        let budget = InFlightBudget(limit: 100)
        #expect(budget.take(60))
        #expect(!budget.take(41))
        #expect(budget.take(40))
        budget.give(100)
        #expect(budget.usage == (used: 0, refused: 1))
    }

    @Test func oneRequestHoldsItsLargestSize() {
        let budget = InFlightBudget(limit: 100)
        var held = HeldBytes(budget)
        // One by one, because `#expect` copies what it is given.
        let answers = [held.hold(30), held.hold(20), held.hold(90), held.hold(101)]
        #expect(answers == [true, true, true, false])
        #expect(budget.usage == (used: 90, refused: 1))
        held.release()
        #expect(budget.usage.used == 0)
    }
}
