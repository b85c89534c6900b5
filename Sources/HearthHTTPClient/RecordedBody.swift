#if HTTPClient
    import AsyncHTTPClient
    import HearthGenAI
    import NIOCore

    /// The body of an answer; what is read of it is recorded.
    struct RecordedBody: AsyncSequence, Sendable {
        typealias Element = ByteBuffer

        /// A body is read once: who lets go of the iterator does not want the rest, however long the response is kept.
        private final class Reading: Sendable {
            let recorder: HTTPRecorder
            init(_ recorder: HTTPRecorder) { self.recorder = recorder }
            deinit { recorder.finish(.abandoned) }
        }

        struct AsyncIterator: AsyncIteratorProtocol {
            private var base: HTTPClientResponse.Body.AsyncIterator
            private let reading: Reading

            init(_ base: HTTPClientResponse.Body.AsyncIterator, _ recorder: HTTPRecorder) {
                self.base = base
                reading = Reading(recorder)
            }

            @concurrent mutating func next() async throws -> ByteBuffer? {
                do {
                    guard let buffer = try await base.next() else {
                        reading.recorder.finish()
                        return nil
                    }
                    reading.recorder.receive(buffer.readableBytesView)
                    return buffer
                } catch {
                    reading.recorder.fail(error, type: InstrumentedHTTPClient.type(of: error))
                    throw error
                }
            }
        }

        let body: HTTPClientResponse.Body
        /// Let go with the body, it ends the recording of an answer that nobody reads.
        let recorder: HTTPRecorder

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body.makeAsyncIterator(), recorder) }
    }

    /// The rest of a body behind what was read of it; read once.
    struct RejoinedBody: AsyncSequence, @unchecked Sendable {
        typealias Element = ByteBuffer
        let first: ByteBuffer
        /// Handed over to the one reader.
        let rest: HTTPClientRequest.Body.AsyncIterator

        struct AsyncIterator: AsyncIteratorProtocol {
            var first: ByteBuffer?
            var rest: HTTPClientRequest.Body.AsyncIterator

            @concurrent mutating func next() async throws -> ByteBuffer? {
                if let first {
                    self.first = nil
                    return first
                }
                return try await rest.next()
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(first: first, rest: rest) }
    }
#endif
