import Foundation
import OTLPIngest
import OTLPWire
import Synchronization
import TelemetryModel

/// Makes the record `logfire ingest error` that tells a project what was sent to it and not stored (`logfire-contract.md` §2.3).
///
/// A sender that is wrong is wrong with every batch, so each kind of request is reported at most once a minute and project; the next report
/// says how many more there were.
final class IngestErrorReport: Sendable {
    private struct Key: Hashable {
        var project: ProjectID
        var signal: OTLPSignal
        var isWhole: Bool
    }

    private struct Entry {
        var reportedAt: ContinuousClock.Instant
        var records = 0
        var requests = 0
    }

    /// Keys remembered; beyond it nothing is reported until an entry is a minute old.
    private static let limit = 1_000
    private static let pause = Duration.seconds(60)
    private let entries = Mutex<[Key: Entry]>([:])

    /// The OTLP log request that reports a rejection; nil when it is too early for another one.
    ///
    /// - Parameters:
    ///   - count: rejected records, nil when the whole request was refused.
    ///   - reason: of the first one.
    ///   - service: whose records they were, where that is known.
    func request(_ signal: OTLPSignal, count: Int?, reason: String, service: String?, project: ProjectID) -> [UInt8]? {
        let key = Key(project: project, signal: signal, isWhole: count == nil)
        let now = ContinuousClock.now
        let earlier = entries.withLock { entries -> Entry? in
            if let entry = entries[key], now - entry.reportedAt < Self.pause {
                entries[key]?.records += count ?? 0
                entries[key]?.requests += 1
                return nil
            }
            if entries.count >= Self.limit { entries = entries.filter { now - $0.value.reportedAt < Self.pause } }
            guard entries.count < Self.limit else { return nil }
            return entries.updateValue(Entry(reportedAt: now), forKey: key) ?? Entry(reportedAt: now)
        }
        guard let earlier else { return nil }
        return Self.encode(signal, count: count, reason: reason, service: service, unreported: earlier)
    }

    private static func encode(_ signal: OTLPSignal, count: Int?, reason: String, service: String?, unreported: Entry) -> [UInt8] {
        let name = signal.name
        var text = count.map { "\($0) \(name) rejected: \(reason)" } ?? "a request of \(name) was refused: \(reason)"
        if unreported.requests > 0 { text += " (and \(unreported.requests) requests like it since the last report)" }
        var record = OTLPLogRecord(time: UInt64(Date().timeIntervalSince1970 * 1_000_000) * 1_000, body: .string(text))
        record.severityNumber = 17
        record.eventName = "logfire ingest error"
        record.attributes = [
            OTLPAttribute("ingest.signal", .string(name)), OTLPAttribute("ingest.reason", .string(reason)),
            OTLPAttribute("ingest.unreported_requests", .int(Int64(unreported.requests))),
        ]
        if let count {
            record.attributes.append(OTLPAttribute("ingest.rejected_records", .int(Int64(count + unreported.records))))
        }
        var writer = OTLPLogWriter()
        writer.begin(OTLPResource(attributes: [OTLPAttribute("service.name", .string(service ?? "hearth"))]))
        writer.begin(OTLPScope(name: "hearth.ingest"))
        writer.add(record)
        return writer.finish()
    }
}

extension OTLPSignal {
    /// The signal's name in texts and paths.
    var name: String {
        switch self {
        case .traces: "traces"
        case .logs: "logs"
        case .metrics: "metrics"
        }
    }
}
