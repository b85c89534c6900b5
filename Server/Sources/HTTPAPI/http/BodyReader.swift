import HTTPTypes
import Hummingbird
import NIOCore

/// Reads request bodies under a size limit and the global in-flight budget.
struct BodyReader: Sendable {
    /// Bytes; also the limit for what a compressed body may unpack to.
    let limit: Int
    let budget: InFlightBudget

    /// Reads the whole body, then calls `handle` while the bytes still count against the budget.
    ///
    /// - Throws: ``APIError`` 413 beyond ``limit``, 503 with `Retry-After` when the budget is used up (clients keep the data).
    func withBody<R: Sendable>(of request: Request, _ handle: ([UInt8]) async throws -> R) async throws -> R {
        if let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced > limit { throw Self.tooLarge(limit) }
        var taken = 0
        defer { budget.give(taken) }
        var bytes: [UInt8] = []
        if let announced = request.headers[.contentLength].flatMap({ Int($0) }) {
            guard budget.take(announced) else { throw Self.overloaded() }
            taken = announced
            bytes.reserveCapacity(announced)
        }
        for try await buffer in request.body {
            let total = bytes.count + buffer.readableBytes
            guard total <= limit else { throw Self.tooLarge(limit) }
            if total > taken {
                guard budget.take(total - taken) else { throw Self.overloaded() }
                taken = total
            }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return try await handle(bytes)
    }

    static func tooLarge(_ limit: Int) -> APIError {
        APIError(.contentTooLarge, "the request is larger than \(limit) bytes; send smaller batches or raise --max-body-bytes")
    }

    static func overloaded() -> APIError {
        APIError(.serviceUnavailable, "too many requests are in flight; try again shortly", headers: [.retryAfter: "1"])
    }
}
