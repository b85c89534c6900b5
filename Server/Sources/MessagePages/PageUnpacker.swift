import CZstd
import Synchronization

/// Unpacks frames; any number of threads at a time.
final class PageUnpacker: Sendable {
    private struct Context: @unchecked Sendable { var handle: OpaquePointer? }

    /// Contexts that nobody uses at the moment; each is used by one thread at a time.
    private let contexts = Mutex<[Context]>([])

    deinit {
        for context in contexts.withLock({ $0 }) { ZSTD_freeDCtx(context.handle) }
    }

    /// - Parameters:
    ///   - frame: one zstd frame, without the header of a page.
    ///   - count: bytes that come out.
    /// - Returns: nil when the frame is not whole.
    func unpack(_ frame: ArraySlice<UInt8>, _ count: Int, _ dictionary: UnpackingDictionary?) -> [UInt8]? {
        let context = contexts.withLock { $0.popLast()?.handle } ?? ZSTD_createDCtx()
        defer { contexts.withLock { $0.append(Context(handle: context)) } }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            let size = frame.withUnsafeBytes {
                ZSTD_decompress_usingDDict(context, target.baseAddress, count, $0.baseAddress, $0.count, dictionary?.handle)
            }
            failed = ZSTD_isError(size) != 0 || size != count
            filled = failed ? 0 : count
        }
        return failed ? nil : bytes
    }
}
