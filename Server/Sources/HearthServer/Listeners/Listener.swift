import Foundation
import HTTPAPI
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle

/// One address that is listened on, for HTTP/1.1 and HTTP/2, with or without TLS.
struct Listener: Service {
    private let application: Application<RouterResponder<HearthRequestContext>>
    private let address: ListenAddress
    private let flag: String

    /// - Parameters:
    ///   - flag: the option that sets the address, for errors.
    ///   - running: called with the port once connections are accepted.
    /// - Throws: when the TLS configuration cannot be used.
    init(
        router: Router<HearthRequestContext>, address: ListenAddress, flag: String, tls: TLSConfiguration?, logger: Logger,
        running: @escaping @Sendable (Int) async -> Void
    ) throws {
        self.address = address
        self.flag = flag
        application = Application(
            router: router,
            server: HTTPServerBuilder { responder in
                if let tls { return StalledClients(try HTTP2UpgradeChannel(tlsConfiguration: tls, responder: responder)) }
                return StalledClients(PlaintextChannel(responder: responder))
            },
            configuration: .init(
                address: .hostname(address.host, port: address.port), serverName: "hearth/\(HearthServer.version)", backlog: 1_024),
            onServerRunning: { channel in await running(channel.localAddress?.port ?? address.port) },
            logger: logger)
    }

    func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw Self.unavailable(address, flag: flag, error)
        }
    }

    /// Proves that an address can be listened on, before anything runs that would have to be stopped again.
    static func probe(_ address: ListenAddress, flag: String) throws {
        guard address.port != 0 else { return }
        do {
            try AddressProbe.take(host: address.host, port: address.port)
        } catch let error as IOError {
            throw unavailable(address, flag: flag, error)
        }
    }

    private static func unavailable(_ address: ListenAddress, flag: String, _ error: IOError) -> ServerError {
        let name = address.urlAuthority(port: address.port)
        return ServerError(
            .addressUnavailable,
            error.errnoCode == EADDRINUSE
                ? "the address \(name) is already in use; stop the program that listens there or pass \(flag)"
                : "cannot listen on \(name) (\(flag)): \(error)")
    }
}

/// The ports that the listeners took.
struct ListenerPorts: Sendable {
    var http = 0
    var grpc = 0
}

/// Says once where the server is, when the last of its listeners accepts connections.
actor Announcement {
    private var missing: Int
    private var ports = ListenerPorts()
    private let announce: @Sendable (ListenerPorts) -> Void

    init(listeners: Int, _ announce: @escaping @Sendable (ListenerPorts) -> Void) {
        missing = listeners
        self.announce = announce
    }

    func running(_ note: @Sendable (inout ListenerPorts) -> Void) {
        note(&ports)
        missing -= 1
        if missing == 0 { announce(ports) }
    }
}
