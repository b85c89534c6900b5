import Hearth
import HearthBootstrap
import Testing

struct BootstrapTests {
    @Test func aTrailingClosureIsTheConfiguration() {
        // A process can be bootstrapped once; a value that cannot be used ends the call before that.
        #expect(throws: ConfigurationError.self) { try Hearth.bootstrap { $0.baseURL = "ftp://127.0.0.1" } }
    }
}
