import HTTPAPI
import HTTPTypes
import Hummingbird
import Ingest
import NIOCore
import OTLPIngest

/// Reads the one message of a unary call ("gRPC over HTTP2", Length-Prefixed-Message): a flag, four bytes of length, the message.
struct GRPCMessage {
    /// Bytes before each message.
    private static let prefixLength = 5

    private let coding: ContentCoding
    private let limit: Int
    private var prefix: [UInt8] = []
    private var isPacked = false
    private var length = 0
    private var bytes: [UInt8] = []

    private init(coding: ContentCoding, limit: Int) {
        self.coding = coding
        self.limit = limit
    }

    /// Reads and unpacks the message of a request, under the size limit and the budget that all transports share, then calls `handle` while
    /// the bytes still count.
    ///
    /// - Throws: ``GRPCFailure``, or what `handle` throws.
    static func withContent<R: Sendable>(
        of request: Request, coding: ContentCoding, body: BodyReader, _ handle: ([UInt8]) async throws -> R
    ) async throws -> R {
        var held = HeldBytes(body.budget)
        defer { held.release() }
        var message = GRPCMessage(coding: coding, limit: body.limit)
        for try await buffer in request.body {
            let needed = try message.append(buffer)
            guard held.hold(needed) else { throw GRPCFailure.overloaded }
        }
        let content = try message.content()
        guard held.hold(content.count) else { throw GRPCFailure.overloaded }
        return try await handle(content)
    }

    /// Adds received bytes; returns the bytes that this message holds.
    private mutating func append(_ buffer: ByteBuffer) throws(GRPCFailure) -> Int {
        var view = buffer.readableBytesView
        if prefix.count < Self.prefixLength {
            let part = view.prefix(Self.prefixLength - prefix.count)
            prefix.append(contentsOf: part)
            view = view.dropFirst(part.count)
            guard prefix.count == Self.prefixLength else { return prefix.count }
            try readPrefix()
        }
        guard bytes.count + view.count <= length else {
            throw GRPCFailure(.invalidArgument, "an Export call has one message, and more bytes than its length follow it")
        }
        bytes.append(contentsOf: view)
        return bytes.count
    }

    private mutating func readPrefix() throws(GRPCFailure) {
        guard prefix[0] <= 1 else { throw GRPCFailure(.internalError, "the message's compression flag is neither 0 nor 1") }
        isPacked = prefix[0] == 1
        if isPacked, coding == .identity {
            throw GRPCFailure(.internalError, "the message is flagged as compressed and grpc-encoding names no compression")
        }
        length = prefix[1...].reduce(0) { $0 << 8 | Int($1) }
        guard length <= limit else { throw GRPCFailure.tooLarge(limit) }
    }

    private func content() throws -> [UInt8] {
        guard prefix.count == Self.prefixLength, bytes.count == length else {
            throw GRPCFailure(.invalidArgument, "the message ends too early: \(bytes.count) of \(length) bytes")
        }
        return isPacked ? try coding.unpack(bytes, limit: limit) : bytes
    }

    /// A message that is not compressed, with its prefix.
    static func frame(_ message: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(prefixLength + message.count)
        buffer.writeInteger(UInt8(0))
        buffer.writeInteger(UInt32(message.count))
        buffer.writeBytes(message)
        return buffer
    }
}
