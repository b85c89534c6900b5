import Testing

@testable import HTTPAPI

@Suite("Foreign hosts and origins")
struct RequestGuardTests {
    @Test(arguments: ["localhost", "localhost:4318", "127.0.0.1:4318", "127.8.9.1", "[::1]:4318", "LOCALHOST:1", ""])
    func loopbackHosts(authority: String) {
        #expect(RequestGuard.isLoopbackHost(authority))
    }

    @Test(arguments: ["example.com", "127.0.0.1.example.com", "localhost.example.com:4318", "10.0.0.1", "127.0.0.999", "[::2]:4318"])
    func foreignHosts(authority: String) {
        #expect(!RequestGuard.isLoopbackHost(authority))
    }

    @Test func origins() {
        #expect(RequestGuard.isSameOrigin("http://127.0.0.1:4318", authority: "127.0.0.1:4318"))
        #expect(!RequestGuard.isSameOrigin("http://127.0.0.1:4319", authority: "127.0.0.1:4318"))
        #expect(!RequestGuard.isSameOrigin("null", authority: "127.0.0.1:4318"))
        #expect(!RequestGuard.isSameOrigin("http://evil.example", authority: "127.0.0.1:4318"))
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
}
