import CZstd
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's words for the last failed call.
func systemMessage() -> String { String(cString: strerror(errno)) }

/// A file of pages that is open for reading.
final class PageFile: Sendable {
    private let path: String
    private let descriptor: Int32
    private let dictionaries = Mutex<[Int: UnpackingDictionary]>([:])
    /// Contexts that nobody uses at the moment; each is used by one thread at a time.
    private let contexts = Mutex<[Context]>([])

    private struct Context: @unchecked Sendable { var handle: OpaquePointer? }

    init(path: String) throws(PageError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PageError(code: .io, message: "cannot open \(path): \(systemMessage())") }
    }

    deinit {
        for context in contexts.withLock({ $0 }) { ZSTD_freeDCtx(context.handle) }
        close(descriptor)
    }

    /// Reads and unpacks the page at an offset.
    func page(at offset: Int) throws(PageError) -> Page { try Page(raw: try raw(at: offset)) }

    /// The raw bytes of the page at an offset.
    func raw(at offset: Int) throws(PageError) -> [UInt8] {
        let header = try read(PageFormat.headerSize, at: offset)
        let (compressed, raw, dictionary) = (header.read32(4), header.read32(8), header.read64(12))
        guard header.read32(0) == Int(PageFormat.magic), raw <= PageFormat.maximumRawBytes, compressed <= PageFormat.maximumRawBytes,
            dictionary == PageFormat.noDictionary || dictionary < UInt64(offset)
        else { throw damaged(offset) }
        let prepared = dictionary == PageFormat.noDictionary ? nil : try self.dictionary(at: Int(dictionary))
        let frame = try read(compressed, at: offset + PageFormat.headerSize)
        let context = contexts.withLock { $0.popLast()?.handle } ?? ZSTD_createDCtx()
        defer { contexts.withLock { $0.append(Context(handle: context)) } }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: raw) { target, count in
            let size = frame.withUnsafeBytes {
                ZSTD_decompress_usingDDict(context, target.baseAddress, raw, $0.baseAddress, $0.count, prepared?.handle)
            }
            failed = ZSTD_isError(size) != 0 || size != raw
            count = failed ? 0 : raw
        }
        if failed { throw damaged(offset) }
        return bytes
    }

    private func dictionary(at offset: Int) throws(PageError) -> UnpackingDictionary {
        if let known = dictionaries.withLock({ $0[offset] }) { return known }
        let dictionary = UnpackingDictionary(raw: try raw(at: offset))
        dictionaries.withLock { $0[offset] = dictionary }
        return dictionary
    }

    private func damaged(_ offset: Int) -> PageError {
        PageError(code: .damaged, message: "the messages at byte \(offset) of \(path) are damaged")
    }

    private func read(_ count: Int, at offset: Int) throws(PageError) -> [UInt8] {
        var done = 0
        var failure: String?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            while done < count {
                let got = pread(descriptor, target.baseAddress.unsafelyUnwrapped + done, count - done, off_t(offset + done))
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    failure = got < 0 ? systemMessage() : nil
                    break
                }
                done += got
            }
            filled = done
        }
        if let failure { throw PageError(code: .io, message: "cannot read \(path): \(failure)") }
        guard done == count else { throw damaged(offset) }
        return bytes
    }
}
