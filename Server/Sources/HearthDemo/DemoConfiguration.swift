/// What to send, and where.
public struct DemoConfiguration: Sendable {
    public var endpoint: HTTPEndpoint
    /// Value of the `Authorization` header; a server on loopback needs none.
    public var token: String?
    /// Length of the story; more than 0.
    public var minutes: Double
    /// The same seed tells the same story.
    public var seed: UInt64
    /// 1 is real time; at 60 a minute of traffic is sent within a second and lies in the past. At least 1.
    public var speed: Double
    /// Compress exports with gzip.
    public var compresses: Bool

    public init(
        endpoint: HTTPEndpoint, token: String? = nil, minutes: Double = 2, seed: UInt64 = 1, speed: Double = 1, compresses: Bool = true
    ) {
        self.endpoint = endpoint
        self.token = token
        self.minutes = minutes
        self.seed = seed
        self.speed = speed
        self.compresses = compresses
    }
}

/// How far the demonstration is.
public struct DemoProgress: Sendable {
    /// What has been sent.
    public var truth: DemoTruth
    /// Seconds of wall-clock time until the end.
    public var remaining: Double
}
