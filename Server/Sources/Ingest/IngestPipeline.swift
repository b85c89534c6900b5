public import GenAI
public import OTLPIngest
public import Storage
public import TelemetryModel

/// What became of one export request.
public struct IngestOutcome: Sendable {
    /// Records that were left out, with the reason; answered as partial success.
    public var rejections: Rejections
    /// Rows that had been stored before and were dropped.
    public var repeated: Int
}

/// The write path behind every transport: decode → apply the project's policy → normalise → write, answered after the commit.
public struct IngestPipeline: Sendable {
    private let writer: any TelemetryWriter
    private let policies: ProjectPolicies
    private let bodyLimit: Int

    /// - Parameter bodyLimit: bytes of an unpacked request.
    public init(writer: any TelemetryWriter, policies: ProjectPolicies, bodyLimit: Int) {
        self.writer = writer
        self.policies = policies
        self.bodyLimit = bodyLimit
    }

    /// Stores one unpacked request.
    ///
    /// - Throws: ``OTLPDecodeError`` when the bytes are no such request, ``StorageError`` when they could not be stored.
    public func ingest(
        _ bytes: [UInt8], signal: OTLPSignal, encoding: OTLPEncoding, project: ProjectID
    ) async throws -> IngestOutcome {
        let batch = try batch(bytes, signal: signal, encoding: encoding, project: project)
        let rejections = batch.records?.rejected ?? batch.metrics?.rejected ?? Rejections()
        let receipt = try await writer.write(batch)
        return IngestOutcome(rejections: rejections, repeated: receipt.repeated)
    }

    /// The decoded and normalised batch of one request.
    private func batch(_ bytes: [UInt8], signal: OTLPSignal, encoding: OTLPEncoding, project: ProjectID) throws -> IngestBatch {
        var limits = DecodeLimits()
        limits.bodyBytes = bodyLimit
        switch signal {
        case .traces, .logs:
            var records =
                try signal == .traces
                ? TraceDecoder.decode(bytes, encoding: encoding, limits: limits)
                : LogDecoder.decode(bytes, encoding: encoding, limits: limits)
            let steps = StepExtractor.extract(&records)
            return IngestBatch(project: project, records: records, steps: steps, metrics: nil)
        case .metrics:
            return IngestBatch(
                project: project, records: nil, steps: [], metrics: try MetricDecoder.decode(bytes, encoding: encoding, limits: limits))
        }
    }
}
