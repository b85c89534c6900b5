import Hearth
import HearthExport

/// The duration of a request as `http.client.request.duration`, measured at the place where the request began.
struct HTTPMeasurement: Sendable {
    private static let duration = Hearth.histogram(
        "http.client.request.duration", unit: "s", description: "Duration of HTTP client requests",
        boundaries: HTTPConventions.durationBoundaries, scope: .http)

    private let method: String
    private let address: WebAddress?
    private let place: TraceLocation
    /// Nanoseconds of a monotonic clock.
    private let begun = SystemTime.monotonic()

    /// - Parameters:
    ///   - method: of the request.
    ///   - address: whom it goes to.
    ///   - place: inside of the request's span, so that points name it as their exemplar.
    init(_ method: String, _ address: WebAddress?, in place: TraceLocation) {
        self.method = method
        self.address = address
        self.place = place
    }

    /// - Parameters:
    ///   - status: nil when no answer has come.
    ///   - errorType: why there is none, or no whole one; otherwise statuses from 400 on are their own type.
    func record(status: Int?, errorType: String?) {
        guard Hearth.isConfigured else { return }
        let seconds = Double(SystemTime.monotonic() &- begun) / 1e9
        var attributes: Attributes = ["http.request.method": HTTPConventions.method(method)]
        if let address {
            attributes["server.address"] = .string(address.host)
            if let port = address.effectivePort { attributes["server.port"] = .int(Int64(port)) }
        }
        if let status { attributes["http.response.status_code"] = .int(Int64(status)) }
        if let type = errorType ?? status.flatMap({ $0 >= 400 ? String($0) : nil }) { attributes["error.type"] = .string(type) }
        place.attach { Self.duration.record(seconds, attributes) }
    }
}
