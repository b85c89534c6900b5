extension Sender {
    /// Tells what an answer says.
    ///
    /// - Returns: how many of the records the server refused although it took the request.
    func report(_ response: HTTPResponse, records: Int) -> Int {
        switch response.status {
        case 200..<300:
            if let rejected = PartialSuccess.rejected(in: response.body) {
                Diagnostics.warn(.refused, "\(target) refused \(rejected.count) of \(records) records: \(rejected.message)")
                return min(max(Int(clamping: rejected.count), 0), records)
            }
        case 413:
            break
        case let status where RetryMachine.isTemporary(status):
            Diagnostics.warn(.delivery, "\(target) answered \(status); the records are kept and sent again")
        case 401, 403:
            Diagnostics.warn(
                .refused, "\(target) answered \(response.status): the token is missing, wrong or may not write; records were dropped")
        case let status:
            let text = String(decoding: response.body.prefix(200), as: UTF8.self)
            Diagnostics.warn(.refused, "\(target) answered \(status), \(records) records were dropped: \(text)")
        }
        return 0
    }

    /// Seconds or a date as nanoseconds from now, at most an hour.
    ///
    /// - Parameter now: nanoseconds since the Unix epoch.
    package static func retryAfter(_ header: String?, now: UInt64 = SystemTime.wall()) -> UInt64? {
        guard let header else { return nil }
        if let seconds = Double(header) {
            guard seconds >= 0, seconds.isFinite else { return nil }
            return UInt64(min(seconds, 3600) * 1e9)
        }
        guard let date = HTTPDate.seconds(header) else { return nil }
        return UInt64(min(max(date - Int64(now / 1_000_000_000), 0), 3600)) * 1_000_000_000
    }
}
