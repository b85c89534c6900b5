import Testing

@testable import HearthQuery

@Suite struct QueryErrorTests {
    @Test func descriptionHasTextAndStatus() {
        #expect(QueryError(.executionFailed, "no such table: x", status: 400).description == "no such table: x (status 400)")
        #expect(QueryError(.unreachable, "refused").description == "refused")
    }
}
