import HearthExport
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Appends export requests to a file, each behind its length in four bytes, the most significant first: `hearth import` reads such files.
///
/// A file holds requests of one signal, so metrics go to a file of their own.
final class FileDestination: SpanDestination, MetricDestination {
    private struct State {
        var descriptor: Int32 = -1
        var lost = 0
    }

    private let path: String
    private let state = Mutex(State())

    init(path: String) {
        self.path = path
    }

    var counts: (delivered: Int, spooled: Int, lost: Int) { (0, 0, state.withLock { $0.lost }) }

    func take(_ batch: SpanBatch) { append(batch.encoded) }
    func take(_ batch: MetricBatch) { append(batch.encoded) }

    private func append(_ batch: RecordBatch) {
        let body = batch.request(0..<batch.count)
        guard let length = UInt32(exactly: body.count) else { return lose(batch, "could not write \(body.count) bytes at once to \(path)") }
        let head = (0..<4).map { UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * $0)) }
        let failure = state.withLock { state -> String? in
            if state.descriptor < 0 { state.descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
            guard state.descriptor >= 0 else { return "could not open \(path): \(String(cString: strerror(errno)))" }
            return Self.write(head + body, to: state.descriptor) ? nil : "could not write to \(path): \(String(cString: strerror(errno)))"
        }
        if let failure { lose(batch, failure) }
    }

    /// Writes all or nothing: half a request would make what comes behind it unreadable.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        let end = lseek(descriptor, 0, SEEK_END)
        guard !FileWriting.write(bytes, to: descriptor) else { return true }
        let reason = errno
        if end >= 0 { _ = ftruncate(descriptor, end) }
        errno = reason
        return false
    }

    private func lose(_ batch: RecordBatch, _ reason: String) {
        let count = batch.recordCount(of: 0..<batch.count)
        state.withLock { $0.lost += count }
        Diagnostics.warn(.delivery, "\(reason); \(count) records were dropped")
    }

    func shutdown(deadline: UInt64) -> Bool {
        state.withLock { state in
            if state.descriptor >= 0 { close(state.descriptor) }
            state.descriptor = -1
        }
        return true
    }
}
