#if Hummingbird
    import HTTPTypes
    import Hearth
    import Hummingbird
    import NIOCore
    import Synchronization

    /// The beginning of a body that goes by.
    final class BodyCopy: Sendable {
        private let state = Mutex<(bytes: [UInt8], isCut: Bool)>(([], false))
        private let limit: Int

        init(limit: Int) {
            self.limit = limit
        }

        func append(_ buffer: ByteBuffer) {
            state.withLock { state in
                let room = limit - state.bytes.count
                state.bytes.append(contentsOf: buffer.readableBytesView.prefix(room))
                if buffer.readableBytes > room { state.isCut = true }
            }
        }

        /// Nil when nothing went by; what is no text although it says so is shown as far as it is.
        var text: String? {
            let (bytes, isCut) = state.withLock { $0 }
            return bytes.isEmpty ? nil : BodyText.text(of: bytes, isCut: isCut) ?? String(decoding: bytes, as: UTF8.self)
        }

        /// Whether the body is text that can be read as it is.
        static func isText(_ headers: HTTPFields) -> Bool {
            guard headers[.contentEncoding].map({ $0 == "identity" }) ?? true, let type = headers[.contentType]?.lowercased() else {
                return false
            }
            return type.hasPrefix("text/") || type.contains("json") || type.contains("xml")
                || type.hasPrefix("application/x-www-form-urlencoded")
        }
    }

    /// A request's body that is copied while the handler reads it.
    struct CapturedSequence: AsyncSequence, Sendable {
        typealias Element = ByteBuffer

        let base: RequestBody
        let copy: BodyCopy

        func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), copy: copy) }

        struct Iterator: AsyncIteratorProtocol {
            var base: RequestBody.AsyncIterator
            let copy: BodyCopy

            @concurrent
            mutating func next() async throws -> ByteBuffer? {
                guard let buffer = try await base.next() else { return nil }
                copy.append(buffer)
                return buffer
            }
        }
    }

    /// Copies a response's body while it is written.
    struct CapturingWriter: ResponseBodyWriter {
        var base: any ResponseBodyWriter
        let copy: BodyCopy

        @concurrent
        mutating func write(_ buffer: ByteBuffer) async throws {
            copy.append(buffer)
            try await base.write(buffer)
        }

        @concurrent
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
            try await base.finish(trailingHeaders)
        }
    }
#endif
