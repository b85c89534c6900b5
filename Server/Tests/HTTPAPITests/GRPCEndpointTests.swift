import Testing

@testable import HTTPAPI

@Suite struct GRPCEndpointTests {
    @Test func addressStandsBesideThatOfHTTP() {
        let endpoint = GRPCEndpoint()
        #expect(endpoint.url(beside: "http://127.0.0.1:4318") == nil)
        endpoint.opened(port: 4317)
        #expect(endpoint.url(beside: "http://127.0.0.1:4318") == "http://127.0.0.1:4317")
        #expect(endpoint.url(beside: "https://hearth.example.com") == "https://hearth.example.com:4317")
        #expect(endpoint.url(beside: "http://[::1]:4318") == "http://[::1]:4317")
    }
}
