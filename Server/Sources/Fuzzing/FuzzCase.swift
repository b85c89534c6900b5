import GenAI
public import OTLPIngest
import TelemetryModel

/// One damaged request and its way through unpacking, decoding and GenAI extraction, up to what storage would be given.
public struct FuzzCase: Sendable {
    /// What became of a case; anything else (a trap, an endless loop) is a defect.
    public enum Outcome: Sendable, Hashable {
        /// Refused with an error that names the place.
        case refused
        /// Decoded to this many rows or points.
        case accepted(Int)
    }

    /// Bytes that a body may unpack to.
    static let limit = 4 << 20

    public let signal: OTLPSignal
    public let encoding: OTLPEncoding
    public let coding: ContentCoding
    public let body: [UInt8]

    /// The case with this number: always the same one for a corpus.
    public init(number: UInt64, corpus: FuzzCorpus) {
        var mutator = ByteMutator(seed: number &* 0x2545_f491_4f6c_dd1d)
        let seed = corpus.seeds[mutator.below(corpus.seeds.count)]
        let other = corpus.seeds[mutator.below(corpus.seeds.count)]
        // One case in eight goes through an unpacker; one in thirty-two to another decoder than it was written for.
        switch mutator.below(24) {
        case 0: (coding, body) = (.gzip, mutator.mutated(seed.gzip, with: other.gzip))
        case 1: (coding, body) = (.deflate, mutator.mutated(seed.deflate, with: other.deflate))
        case 2: (coding, body) = (.zstd, mutator.mutated(seed.zstd, with: other.zstd))
        default: (coding, body) = (.identity, mutator.mutated(seed.body, with: other.body))
        }
        let isAstray = mutator.below(32) == 0
        signal = isAstray ? other.signal : seed.signal
        encoding = isAstray ? other.encoding : seed.encoding
    }

    /// Runs the case.
    ///
    /// - Throws: an error that is neither of the unpackers nor of the decoders, or one that says nothing.
    public func run() throws -> Outcome {
        do {
            let content = try coding.unpack(body, limit: Self.limit)
            switch signal {
            case .traces:
                var batch = try TraceDecoder.decode(content, encoding: encoding)
                return .accepted(Self.extract(&batch))
            case .logs:
                var batch = try LogDecoder.decode(content, encoding: encoding)
                return .accepted(Self.extract(&batch))
            case .metrics:
                return .accepted(try MetricDecoder.decode(content, encoding: encoding).points.count)
            }
        } catch let error as OTLPDecodeError where !error.message.isEmpty {
            return .refused
        } catch let error as UnpackError where !error.message.isEmpty {
            return .refused
        }
    }

    private static func extract(_ batch: inout RecordBatch) -> Int {
        _ = StepExtractor.extract(&batch)
        for row in batch.rows {
            // Every text must lie in its buffer and be UTF-8.
            for text in [row.spanName, row.message, row.attributesJSON, row.eventsJSON, row.linksJSON, row.bodiesJSON, row.logBodyJSON] {
                let isText = batch.text.withBytes(text) { bytes in (try? UTF8Span(validating: bytes.span)) != nil }
                precondition(isText, "a column holds bytes that are no text")
            }
        }
        return batch.rows.count
    }
}
