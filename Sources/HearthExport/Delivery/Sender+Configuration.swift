extension Sender {
    /// Where and how a sender delivers.
    package struct Configuration: Sendable {
        /// With the path of the signal.
        package var endpoint: Endpoint
        /// Validated; `Authorization`, `User-Agent` and the like.
        package var headers: [(name: String, value: String)]
        /// Nanoseconds for one request.
        package var timeout: UInt64 = 10_000_000_000
        /// Larger requests are sent in parts.
        package var maximumRequestBytes = 5 * 1024 * 1024
        /// Requests with more are sent in parts.
        package var maximumRequestRecords = Int.max
        /// Encoded bytes that may wait; batches beyond are dropped and counted.
        package var maximumQueuedBytes = 64 * 1024 * 1024
        package var retry = RetryPolicy()
        /// Keeps what cannot be sent now; nil drops it in the end.
        package var spool: Spool?

        package init(endpoint: Endpoint, headers: [(name: String, value: String)]) {
            self.endpoint = endpoint
            self.headers = headers
        }
    }

    /// Spans or data points, ever.
    package struct Statistics: Sendable, Hashable {
        /// Taken by the server.
        package var deliveredRecords = 0
        /// Refused, given up, or without room.
        package var droppedRecords = 0
        /// Left on disk for later, or for the next process.
        package var spooledRecords = 0
        /// Attempts, repetitions included.
        package var requests = 0
    }
}
