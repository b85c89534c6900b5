import NIOCore
import NIOPosix

/// Sends exports to the server and repeats what it could not take, as an SDK does.
actor OTLPSender {
    /// The signals' paths.
    enum Signal: String, Sendable {
        case traces = "/v1/traces"
        case logs = "/v1/logs"
        case metrics = "/v1/metrics"
    }

    /// Bodies up to this size are sent as they are.
    private static let compressionThreshold = 1_024
    /// How long a server that is away or busy is waited for.
    private static let patience = Duration.seconds(15)
    /// The same before it has ever answered: it may be starting, or not be there at all.
    private static let firstPatience = Duration.seconds(3)
    private static let shortestPause = Duration.milliseconds(200)
    private static let longestPause = Duration.seconds(2)

    private let endpoint: HTTPEndpoint
    private let token: String?
    private let compresses: Bool
    private var connection: HTTPConnection?
    private var hasAnswered = false

    init(endpoint: HTTPEndpoint, token: String?, compresses: Bool) {
        self.endpoint = endpoint
        self.token = token
        self.compresses = compresses
    }

    /// Returns when the server has taken the message.
    ///
    /// - Throws: ``DemoError`` when it refuses, or stays away or busy for longer than 15 seconds (3 at the beginning).
    func send(_ signal: Signal, _ message: [UInt8]) async throws(DemoError) {
        var headers = [("Content-Type", "application/x-protobuf"), ("User-Agent", "hearth-demo")]
        if let token { headers.append(("Authorization", token)) }
        var body = message
        if compresses, message.count > Self.compressionThreshold, let packed = Gzip.compress(message) {
            body = packed
            headers.append(("Content-Encoding", "gzip"))
        }
        let started = ContinuousClock.now
        var pause = Self.shortestPause
        while true {
            let problem: DemoError
            var requestedPause: Duration?
            do {
                let answer = try await post(signal, headers, body)
                hasAnswered = true
                switch answer.status {
                case 200..<300: return
                case 429, 503:
                    requestedPause = answer.retryAfter.map { .seconds($0) }
                    problem = DemoError(.busy, "The server at \(endpoint) is busy (\(answer.status)): \(answer.body)")
                case let status:
                    throw DemoError(.refused, "The server at \(endpoint) refused \(signal.rawValue) with \(status): \(answer.body)")
                }
            } catch let error as DemoError {
                throw error
            } catch is NIOConnectionError {
                problem = DemoError(
                    .unreachable, "No Hearth server answers at \(endpoint). Start one with `make run`, or name another with --url.")
            } catch let error as ChannelError {
                problem = DemoError(.connection, "The connection to \(endpoint) broke: \(error)")
            } catch let error as IOError {
                problem = DemoError(.connection, "The connection to \(endpoint) broke: \(error)")
            } catch {
                throw DemoError(.connection, "What answers at \(endpoint) is not a Hearth server: \(error)")
            }
            guard ContinuousClock.now - started < (hasAnswered ? Self.patience : Self.firstPatience) else { throw problem }
            do {
                try await Task.sleep(for: min(max(requestedPause ?? pause, Self.shortestPause), Self.longestPause))
            } catch {
                throw problem
            }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    func close() async {
        await connection?.close()
        connection = nil
    }

    private func post(_ signal: Signal, _ headers: [(String, String)], _ body: [UInt8]) async throws -> HTTPAnswer {
        if connection?.isOpen != true { connection = try await HTTPConnection.connect(to: endpoint) }
        guard let connection else { throw ChannelError.ioOnClosedChannel }
        do {
            return try await connection.post(signal.rawValue, headers: headers, body: body)
        } catch {
            await close()
            throw error
        }
    }
}
