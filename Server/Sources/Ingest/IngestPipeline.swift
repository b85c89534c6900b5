public import GenAI
public import OTLPIngest
public import Prices
import Redaction
public import Storage
public import TelemetryModel

/// What became of one export request.
public struct IngestOutcome: Sendable {
    /// Records that were left out, with the reason; answered as partial success.
    public var rejections: Rejections
    /// Rows that had been stored before and were dropped.
    public var repeated: Int

    /// What a person should know although the request was answered with success; nil when there is nothing.
    public var warning: String? {
        guard rejections.count > 0 else { return nil }
        return "\(rejections.count) records were rejected: \(rejections.firstReason ?? "no reason known")"
    }
}

/// The write path behind every transport: decode → apply the project's policy → normalise → price → write, answered after the commit.
public struct IngestPipeline: Sendable {
    private let writer: any TelemetryWriter
    private let policies: ProjectPolicies
    private let prices: PriceBook
    private let limits: DecodeLimits
    private let errors = IngestErrorReport()
    private let audit: RedactionAudit
    /// What came in through this pipeline.
    public let activity = IngestActivity()

    /// - Parameters:
    ///   - prices: what model calls cost.
    ///   - limits: what one request may make the decoder do.
    ///   - audit: told what was redacted in stored requests.
    public init(
        writer: any TelemetryWriter, policies: ProjectPolicies, prices: PriceBook, limits: DecodeLimits,
        audit: RedactionAudit = RedactionAudit()
    ) {
        self.audit = audit
        self.writer = writer
        self.policies = policies
        self.prices = prices
        self.limits = limits
    }

    /// Stores one unpacked request.
    ///
    /// - Throws: ``OTLPDecodeError`` when the bytes are no such request, ``StorageError`` when they could not be stored.
    public func ingest(
        _ bytes: [UInt8], signal: OTLPSignal, encoding: OTLPEncoding, project: ProjectID
    ) async throws -> IngestOutcome {
        let redaction = policies[project].redaction
        var redacted: RedactionCounts?
        let batch: IngestBatch
        do {
            batch = try self.batch(bytes, signal: signal, encoding: encoding, project: project, redaction, &redacted)
        } catch let error as OTLPDecodeError {
            activity.count(signal) { $0.malformed += 1 }
            try await report(signal, count: nil, reason: error.message, service: nil, project)
            throw error
        }
        let rejections = batch.records?.rejected ?? batch.metrics?.rejected ?? Rejections()
        let service = batch.records?.resources.first?.serviceName ?? batch.metrics?.resources.first?.serviceName
        let receipt = try await write(batch, signal, rejected: rejections.count)
        // A request that was sent again was counted the first time.
        if let redaction, let redacted, receipt.stored > 0, redacted.total > 0 { audit.add(redacted, redaction, project) }
        if rejections.count > 0 {
            try await report(signal, count: rejections.count, reason: rejections.firstReason ?? "", service: service, project)
        }
        return IngestOutcome(rejections: rejections, repeated: receipt.repeated)
    }

    private func write(_ batch: IngestBatch, _ signal: OTLPSignal, rejected: Int) async throws -> WriteReceipt {
        let start = ContinuousClock.now
        do {
            let receipt = try await writer.write(batch)
            activity.committed(after: ContinuousClock.now - start)
            activity.count(signal) { counts in
                counts.requests += 1
                counts.stored += Int64(receipt.stored)
                counts.repeated += Int64(receipt.repeated)
                counts.rejected += Int64(rejected)
            }
            return receipt
        } catch {
            activity.count(signal) { $0.failed += 1 }
            throw error
        }
    }

    /// Says in the project itself what of a request was not stored, unless the same was said a short while ago.
    private func report(_ signal: OTLPSignal, count: Int?, reason: String, service: String?, _ project: ProjectID) async throws {
        guard let body = errors.request(signal, count: count, reason: reason, service: service, project: project) else { return }
        var records = try LogDecoder.decode(body, encoding: .protobuf)
        // A reason can name parts of the request.
        if let redaction = policies[project].redaction { _ = redaction.redact(&records) }
        _ = try await writer.write(IngestBatch(project: project, records: records, steps: [], metrics: nil))
    }

    /// The steps of decoded records by the project's present settings, with their prices. Also for records that are stored already.
    public func normalise(_ records: inout RecordBatch, project: ProjectID) -> [GenAIStep] {
        policies[project].mapping.apply(to: &records)
        var steps = StepExtractor.extract(&records)
        if !steps.isEmpty { PriceSteps.price(&steps, &records, by: prices.list(project: project.value)) }
        return steps
    }

    /// The decoded, redacted and normalised batch of one request. What is removed is removed before anything is derived from it.
    private func batch(
        _ bytes: [UInt8], signal: OTLPSignal, encoding: OTLPEncoding, project: ProjectID, _ redaction: CompiledRedaction?,
        _ redacted: inout RedactionCounts?
    ) throws -> IngestBatch {
        switch signal {
        case .traces, .logs:
            var records =
                try signal == .traces
                ? TraceDecoder.decode(bytes, encoding: encoding, limits: limits)
                : LogDecoder.decode(bytes, encoding: encoding, limits: limits)
            if let redaction { redacted = redaction.redact(&records) }
            let steps = normalise(&records, project: project)
            return IngestBatch(project: project, records: records, steps: steps, metrics: nil)
        case .metrics:
            var metrics = try MetricDecoder.decode(bytes, encoding: encoding, limits: limits)
            if let redaction { redacted = redaction.redact(&metrics) }
            return IngestBatch(project: project, records: nil, steps: [], metrics: metrics)
        }
    }
}
