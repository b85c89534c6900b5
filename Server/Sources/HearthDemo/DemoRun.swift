/// The demonstration: tells the story and sends it while it happens.
public struct DemoRun: Sendable {
    private let configuration: DemoConfiguration

    public init(_ configuration: DemoConfiguration) {
        self.configuration = configuration
    }

    /// Sends until the story is over. When the task is cancelled, whatever is open is ended and sent, and the method returns.
    ///
    /// - Parameter report: called after each export.
    /// - Returns: what was sent.
    /// - Throws: ``DemoError`` when the server cannot be reached or refuses.
    public func run(report: @Sendable (DemoProgress) -> Void = { _ in }) async throws(DemoError) -> DemoTruth {
        let clock = DemoClock(wallStart: DemoClock.now(), length: Int64(configuration.minutes * 60e9), speed: configuration.speed)
        let sender = OTLPSender(endpoint: configuration.endpoint, token: configuration.token, compresses: configuration.compresses)
        let encoder = OTLPEncoder(
            identifiers: IdentifierSource(random: DemoRandom(seed: configuration.seed), startTime: clock.storyStart),
            startTime: clock.storyStart)
        var timeline = Timeline(seed: configuration.seed, clock: clock)
        do {
            try await tell(&timeline, clock, encoder, sender, report)
        } catch {
            await sender.close()
            throw error
        }
        await sender.close()
        return timeline.truth
    }

    private func tell(
        _ timeline: inout Timeline, _ clock: DemoClock, _ encoder: OTLPEncoder, _ sender: OTLPSender,
        _ report: @Sendable (DemoProgress) -> Void
    ) async throws(DemoError) {
        while let time = timeline.nextTime {
            let wait = clock.wallTime(of: time) - DemoClock.now()
            if wait > 0 { try? await Task.sleep(for: .nanoseconds(wait)) }
            if Task.isCancelled { timeline.stop(at: DemoClock.now()) }
            for batch in timeline.advance() { try await send(batch, encoder, sender) }
            let remaining =
                timeline.nextTime == nil ? 0 : Double(clock.wallTime(of: clock.storyStart + clock.storyLength) - DemoClock.now()) / 1e9
            report(DemoProgress(truth: timeline.truth, remaining: max(0, remaining)))
        }
    }

    private func send(_ batch: ServiceBatch, _ encoder: OTLPEncoder, _ sender: OTLPSender) async throws(DemoError) {
        if !batch.spans.isEmpty { try await sender.send(.traces, encoder.traces(batch.spans, of: batch.service)) }
        if !batch.logs.isEmpty { try await sender.send(.logs, encoder.logs(batch.logs, of: batch.service)) }
        if !batch.metrics.isEmpty { try await sender.send(.metrics, encoder.metrics(batch.metrics, of: batch.service)) }
    }
}
