import Testing

@testable import HearthServer

@Suite("Listening addresses")
struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:4318", "127.0.0.1", 4_318),
        ("4318", "127.0.0.1", 4_318),
        ("localhost:0", "localhost", 0),
        ("[::1]:80", "::1", 80),
        ("0.0.0.0:65535", "0.0.0.0", 65_535),
    ])
    func reads(text: String, host: String, port: Int) {
        #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
    }

    @Test(arguments: ["", "host", ":80", "host:", "host:port", "host:65536", "-1"])
    func refuses(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test func loopback() {
        #expect(ListenAddress("127.0.0.1:1")?.isLoopback == true)
        #expect(ListenAddress("[::1]:1")?.isLoopback == true)
        #expect(ListenAddress("0.0.0.0:1")?.isLoopback == false)
    }
}
