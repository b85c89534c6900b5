import HTTPTypes
package import Hummingbird
package import Ingest
import NIOCore
package import OTLPIngest

/// Reads request bodies under a size limit and the global in-flight budget.
package struct BodyReader: Sendable {
    /// Bytes; also the limit for what a compressed body may unpack to.
    package let limit: Int
    package let budget: InFlightBudget

    package init(limit: Int, budget: InFlightBudget) {
        self.limit = limit
        self.budget = budget
    }

    /// Reads and unpacks the whole body, then calls `handle` while the bytes still count against the budget.
    ///
    /// - Throws: ``APIError`` 413 beyond ``limit``, 503 with `Retry-After` when the budget is used up (clients keep the data); `UnpackError`.
    package func withBody<R: Sendable>(
        of request: Request, coding: ContentCoding = .identity, _ handle: ([UInt8]) async throws -> R
    ) async throws -> R {
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        if announced > limit { throw Self.tooLarge(limit) }
        var held = HeldBytes(budget)
        defer { held.release() }
        var bytes: [UInt8] = []
        if announced > 0 {
            guard held.hold(announced) else { throw Self.overloaded() }
            bytes.reserveCapacity(announced)
        }
        for try await buffer in request.body {
            let total = bytes.count + buffer.readableBytes
            guard total <= limit else { throw Self.tooLarge(limit) }
            guard held.hold(total) else { throw Self.overloaded() }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        if coding != .identity {
            bytes = try coding.unpack(bytes, limit: limit)
            guard held.hold(bytes.count) else { throw Self.overloaded() }
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
