import Foundation
import NIOHTTP1
import Synchronization

/// Records that were committed together, and the model calls among them.
struct LiveRecords: Sendable {
    var sequence: Int64
    var records: [AnswerJSON]
    private var calls: [String: AnswerJSON] = [:]

    init(_ json: AnswerJSON) throws(ServerClient.Failure) {
        guard let sequence = json["sequence"]?.int, let records = json["records"]?.array else {
            throw ServerClient.Failure(description: "the server's answer cannot be read; it may be of another version")
        }
        self.sequence = sequence
        self.records = records
        for call in json["calls"]?.array ?? [] { calls[Self.key(call)] = call }
    }

    func call(of record: AnswerJSON) -> AnswerJSON? { calls[Self.key(record)] }

    private static func key(_ value: AnswerJSON) -> String { "\(value["trace_id"]?.string ?? "")/\(value["span_id"]?.string ?? "")" }
}

/// Follows `/ui/live/stream` (Server-Sent Events) and goes on from the last commit after a lost connection.
struct LiveFollower: Sendable {
    let client: ServerClient
    /// SQL over records.
    let condition: String?
    let show: @Sendable (LiveRecords) -> Void
    let notice: @Sendable (String) -> Void

    /// The server says something every ten seconds.
    private static let silence = Duration.seconds(25)
    private static let longestWait = 5.0

    /// - Parameter newest: stored records to begin with.
    /// - Throws: ``ServerClient/Failure`` when the first request fails, or a later one is refused.
    func run(newest: Int) async throws {
        let first = try await snapshot(newest: max(1, newest))
        if newest > 0 {
            var shown = first
            shown.records = first.records.reversed()
            show(shown)
        }
        let place = Place(first.sequence)
        var wait = 0.25
        var isLost = false
        while true {
            do {
                if isLost {
                    // A server whose data began anew counts its commits from the start.
                    let newest = try await snapshot(newest: 1).sequence
                    if newest < place.sequence { place.restart() }
                    notice("connected again")
                    isLost = false
                }
                let before = place.events
                try await follow(place)
                if place.events > before { wait = 0.25 }
            } catch let error as ServerClient.Failure {
                guard error.exitCode == 69 || error.exitCode == 75 || (error.status ?? 0) >= 500 else { throw error }
            }
            if let failure = place.failure { throw failure }
            if !isLost { notice("the connection to \(client.url) was lost; trying again") }
            isLost = true
            try await Task.sleep(for: .seconds(wait * Double.random(in: 0.8...1.2)))
            wait = min(wait * 2, Self.longestWait)
        }
    }

    private func snapshot(newest: Int) async throws -> LiveRecords {
        let path = "/ui/live" + URLQuery.text(["limit": "\(newest)", "q": condition])
        return try LiveRecords(Self.parse(try await client.send(.GET, path)))
    }

    /// Until the connection ends, or nothing came for too long.
    private func follow(_ place: Place) async throws {
        let path = "/ui/live/stream" + URLQuery.text(["after": "\(place.sequence)", "q": condition])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let event = Mutex(ServerSentEvent())
                try await client.lines(.GET, path, headers: ["Accept": "text/event-stream"]) { line in
                    place.heard()
                    guard let data = event.withLock({ $0.take(line) }) else { return }
                    do {
                        let batch = try LiveRecords(Self.parse(data))
                        show(batch)
                        place.reached(batch.sequence)
                    } catch let error as ServerClient.Failure {
                        place.fail(error)
                    } catch {
                        place.fail(ServerClient.Failure(description: "\(error)"))
                    }
                }
            }
            group.addTask {
                place.heard()
                while place.silence < Self.silence { try await Task.sleep(for: .seconds(1)) }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static func parse(_ bytes: [UInt8]) throws(ServerClient.Failure) -> AnswerJSON {
        do { return try JSONParser.parse(bytes) } catch {
            throw ServerClient.Failure(description: "the server's answer cannot be read: \(error)")
        }
    }
}

/// How far the follower is.
private final class Place: Sendable {
    private struct State {
        var sequence: Int64
        var events = 0
        var lastHeard = ContinuousClock.now
        var failure: ServerClient.Failure?
    }

    private let state: Mutex<State>

    init(_ sequence: Int64) { state = Mutex(State(sequence: sequence)) }

    var sequence: Int64 { state.withLock { $0.sequence } }
    var events: Int { state.withLock { $0.events } }
    var silence: Duration { state.withLock { ContinuousClock.now - $0.lastHeard } }
    var failure: ServerClient.Failure? { state.withLock { $0.failure } }

    func heard() { state.withLock { $0.lastHeard = .now } }
    func fail(_ failure: ServerClient.Failure) { state.withLock { $0.failure = $0.failure ?? failure } }
    func restart() { state.withLock { $0.sequence = 0 } }

    func reached(_ sequence: Int64) {
        state.withLock {
            $0.sequence = max($0.sequence, sequence)
            $0.events += 1
        }
    }
}

/// Lines of an event stream become the data of events (HTML standard, "Server-sent events").
private struct ServerSentEvent {
    private var name = ""
    private var data: [UInt8] = []

    /// The data of a batch when `line` ends one.
    mutating func take(_ line: [UInt8]) -> [UInt8]? {
        guard !line.isEmpty else {
            defer {
                name = ""
                data = []
            }
            return name == "batch" ? data : nil
        }
        if let value = Self.value(of: "event", line) { name = String(decoding: value, as: UTF8.self) }
        if let value = Self.value(of: "data", line) { data += value }
        return nil
    }

    private static func value(of field: String, _ line: [UInt8]) -> ArraySlice<UInt8>? {
        guard line.starts(with: (field + ":").utf8) else { return nil }
        let value = line.dropFirst(field.utf8.count + 1)
        return value.first == 0x20 ? value.dropFirst() : value
    }
}
