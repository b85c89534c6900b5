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
final class FileDestination: RecordDestination, MetricDestination {
    private let path: String
    private let descriptor = Mutex<Int32>(-1)

    init(path: String) {
        self.path = path
    }

    func take(_ batch: SpanBatch) { append(batch.encoded) }
    func take(_ batch: MetricBatch) { append(batch.encoded) }

    private func append(_ batch: RecordBatch) {
        let body = batch.request(0..<batch.count)
        let length = UInt32(clamping: body.count)
        var bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * $0)) }
        bytes += body
        descriptor.withLock { descriptor in
            if descriptor < 0 { descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
            guard descriptor >= 0 else {
                Diagnostics.warn(.delivery, "could not open \(path): \(String(cString: strerror(errno)))")
                return
            }
            var written = 0
            while written < bytes.count {
                let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
                if count > 0 {
                    written += count
                } else if errno != EINTR {
                    Diagnostics.warn(.delivery, "could not write to \(path): \(String(cString: strerror(errno)))")
                    return
                }
            }
        }
    }

    func flush(deadline: UInt64) -> Bool { true }

    func shutdown(deadline: UInt64) -> Bool {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
        return true
    }
}
