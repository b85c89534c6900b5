import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import HearthServer

@Suite struct AddressProbeTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    /// A free port below those that the system gives to clients: one of these could be connected with itself.
    private func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 20_000..<30_000)
            do {
                try AddressProbe.take(host: "127.0.0.1", port: port)
                return port
            } catch let error as IOError where error.errnoCode == EADDRINUSE { continue }
        }
        throw CancellationError()
    }

    @Test func anAddressCanBeTakenAgainAndAgain() throws {
        let port = try freePort()
        for _ in 0..<10 { try AddressProbe.take(host: "localhost", port: port) }
    }

    @Test func aTakenAddressIsSaidWithItsFlag() async throws {
        let server = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let error = #expect(throws: ServerError.self) {
            try Listener.probe(ListenAddress(host: "127.0.0.1", port: port), flag: "--http HOST:PORT")
        }
        #expect(error?.code == .addressUnavailable)
        #expect(
            error?.description
                == "the address 127.0.0.1:\(port) is already in use; stop the program that listens there or pass --http HOST:PORT")
        try await server.close()
    }

    /// Whoever connects while a server starts would wait for an answer until its own time-out.
    @Test func noClientIsTakenMeanwhile() async throws {
        let port = try freePort()
        let taken = try await withThrowingTaskGroup(of: Int.self) { [group] tasks in
            tasks.addTask {
                for _ in 0..<2_000 { try AddressProbe.take(host: "127.0.0.1", port: port) }
                return 0
            }
            tasks.addTask {
                var taken = 0
                for _ in 0..<1_000 {
                    guard let client = try? await ClientBootstrap(group: group).connect(host: "127.0.0.1", port: port).get() else {
                        continue
                    }
                    taken += 1
                    try await client.close()
                }
                return taken
            }
            return try await tasks.reduce(0, +)
        }
        #expect(taken == 0)
    }
}
