// A gRPC client and its server in one trace: the interceptors carry the place in the trace through the metadata.
import GRPCCore
import GRPCInProcessTransport
import Hearth
import HearthGRPC

/// Messages of this example are text.
struct TextCoder: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: String) throws -> Bytes { Bytes(message.utf8) }

    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> String {
        bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}

enum Risk {
    static let service = ServiceDescriptor(fullyQualifiedService: "market.Risk")
    static let assess = MethodDescriptor(service: service, method: "Assess")
    static let watch = MethodDescriptor(service: service, method: "Watch")
}

struct RiskService: RegistrableRPCService {
    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerHandler(forMethod: Risk.assess, deserializer: TextCoder(), serializer: TextCoder()) { request, _ in
            for try await symbol in request.messages {
                guard symbol != "FRAUD" else { throw RPCError(code: .permissionDenied, message: "this symbol is not traded here") }
                Hearth.info("assessing {symbol}", ["symbol": symbol])
            }
            return StreamingServerResponse(single: ServerResponse(message: "low"))
        }
        router.registerHandler(forMethod: Risk.watch, deserializer: TextCoder(), serializer: TextCoder()) { _, _ in
            StreamingServerResponse { writer in
                for level in ["low", "low", "high"] {
                    Hearth.debug("risk is {level}", ["level": level])
                    try await writer.write(level)
                }
                return [:]
            }
        }
    }
}

try Hearth.configure()
let transport = InProcessTransport()
let server = GRPCServer(transport: transport.server, services: [RiskService()], interceptors: [HearthServerInterceptor()])

try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await server.serve() }
    try await withGRPCClient(transport: transport.client, interceptors: [HearthClientInterceptor()]) { client in
        try await Hearth.span("check portfolio") { _ in
            for symbol in ["AAPL", "FRAUD"] {
                let answer = try? await client.unary(
                    request: ClientRequest(message: symbol), descriptor: Risk.assess, serializer: TextCoder(), deserializer: TextCoder(),
                    options: .defaults
                ) { try $0.message }
                print(symbol, answer ?? "refused")
            }
            try await client.serverStreaming(
                request: ClientRequest(message: "AAPL"), descriptor: Risk.watch, serializer: TextCoder(), deserializer: TextCoder(),
                options: .defaults
            ) { response in
                for try await level in response.messages { print(level) }
            }
        }
    }
    server.beginGracefulShutdown()
    try await group.waitForAll()
}
