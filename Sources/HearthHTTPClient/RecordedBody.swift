#if HTTPClient
    import AsyncHTTPClient
    import HearthGenAI
    import NIOCore

    /// The body of an answer; what is read of it is recorded.
    struct RecordedBody: AsyncSequence, Sendable {
        typealias Element = ByteBuffer

        struct AsyncIterator: AsyncIteratorProtocol {
            var base: HTTPClientResponse.Body.AsyncIterator
            let recorder: HTTPRecorder

            @concurrent mutating func next() async throws -> ByteBuffer? {
                do {
                    guard let buffer = try await base.next() else {
                        recorder.finish()
                        return nil
                    }
                    recorder.receive(buffer.readableBytesView)
                    return buffer
                } catch {
                    recorder.fail(error, type: InstrumentedHTTPClient.type(of: error))
                    throw error
                }
            }
        }

        let body: HTTPClientResponse.Body
        /// Let go with the body, it ends the recording of an answer that nobody reads to its end.
        let recorder: HTTPRecorder

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: body.makeAsyncIterator(), recorder: recorder) }
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
