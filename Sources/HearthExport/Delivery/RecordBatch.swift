import OTLPWire

/// Encoded spans, logs or metrics of one resource, still divisible: what a sender keeps until the server has taken it.
///
/// A record is its field of `ScopeSpans` with tag and length, so a request is made by putting bytes one behind the other.
package struct RecordBatch: Sendable {
    /// Consecutive records of one scope.
    package struct Run: Sendable {
        /// The encoded `scope` field of `ScopeSpans`.
        package var scope: [UInt8]
        /// Number of the first record.
        package var start: Int

        package init(scope: [UInt8], start: Int) {
            self.scope = scope
            self.start = start
        }
    }

    /// The encoded `resource` field of `ResourceSpans`.
    package var resource: [UInt8]
    /// In the order of their records; the first one starts at zero.
    package var runs: [Run]
    package var bytes: [UInt8]
    /// Offset behind each record.
    package var ends: [Int]
    /// As how many each record counts, which is what servers do: a metric as its data points. Empty where each counts as one.
    package var weights: [Int]

    package init(resource: [UInt8], runs: [Run] = [], bytes: [UInt8] = [], ends: [Int] = [], weights: [Int] = []) {
        self.resource = resource
        self.runs = runs
        self.bytes = bytes
        self.ends = ends
        self.weights = weights
    }

    /// Parts into which the batch can be divided.
    package var count: Int { ends.count }

    /// How many spans or data points some of the records are.
    package func recordCount(of records: Range<Int>) -> Int {
        weights.isEmpty ? records.count : weights[records].reduce(0, +)
    }

    /// Bytes of some records, without resource and scopes.
    package func byteCount(of records: Range<Int>) -> Int {
        records.isEmpty ? 0 : ends[records.upperBound - 1] - start(of: records.lowerBound)
    }

    /// An export request with some of the records.
    package func request(_ records: Range<Int>) -> [UInt8] {
        guard !records.isEmpty else { return [] }
        var pieces: [(scope: [UInt8], range: Range<Int>)] = []
        var inner = resource.count
        for (index, run) in runs.enumerated() {
            let end = index + 1 < runs.count ? runs[index + 1].start : count
            let part = max(run.start, records.lowerBound)..<max(run.start, records.lowerBound, min(end, records.upperBound))
            guard !part.isEmpty else { continue }
            let range = start(of: part.lowerBound)..<ends[part.upperBound - 1]
            pieces.append((run.scope, range))
            let length = run.scope.count + range.count
            inner += 1 + WireWriter.varintSize(length) + length
        }
        var writer = WireWriter(capacity: inner + 16)
        writer.begin(OTLPFields.TracesData.resourceSpans, length: inner)
        writer.append(resource[...])
        for piece in pieces {
            writer.begin(OTLPFields.ResourceSpans.scopeSpans, length: piece.scope.count + piece.range.count)
            writer.append(piece.scope[...])
            writer.append(bytes[piece.range])
        }
        return writer.bytes
    }

    private func start(of record: Int) -> Int { record == 0 ? 0 : ends[record - 1] }
}
