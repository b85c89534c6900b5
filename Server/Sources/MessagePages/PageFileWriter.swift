#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Appends pages to a file.
public struct PageFileWriter: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private var builder = PageBuilder()
    /// Bytes of the file that are valid.
    public private(set) var end: Int

    /// - Parameter end: valid bytes of the file; what lies behind them is left over from an attempt that was not finished, and cut off.
    /// - Throws: ``PageError/Code/io``; ``PageError/Code/damaged`` when the file is shorter.
    public init(path: String, end: Int) throws(PageError) {
        self.path = path
        self.end = end
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw PageError(code: .io, message: "cannot open \(path): \(systemMessage())") }
        let size = lseek(descriptor, 0, SEEK_END)
        if size < end { throw PageError(code: .damaged, message: "\(path) has \(size) bytes instead of \(end)") }
        guard ftruncate(descriptor, off_t(end)) == 0 else {
            throw PageError(code: .io, message: "cannot cut \(path): \(systemMessage())")
        }
        if end > 0 {
            let first = try PageFile(path: path).raw(at: 0)
            if first.count >= PageFormat.smallestDictionary {
                builder.dictionary = PackingDictionary(offset: 0, raw: first, level: PageBuilder.level)
            }
        }
    }

    deinit { close(descriptor) }

    /// Adds a body; see ``PageBuilder/add(_:trace:)``.
    public mutating func add(_ body: UnsafeBufferPointer<UInt8>, trace: UInt64) throws(PageError) -> BodyReference {
        if builder.isFull(for: trace) { try flush() }
        return BodyReference(page: end, slot: builder.add(body, trace: trace))
    }

    /// Writes what is left and returns when the file is durable.
    public mutating func finish() throws(PageError) {
        if !builder.isEmpty { try flush() }
        guard fsync(descriptor) == 0 else { throw PageError(code: .io, message: "cannot sync \(path): \(systemMessage())") }
    }

    private mutating func flush() throws(PageError) {
        let frame = try builder.finish(at: end)
        var done = 0
        while done < frame.count {
            let written = frame.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.unsafelyUnwrapped + done, frame.count - done, off_t(end + done))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw PageError(code: .io, message: "cannot write \(path): \(systemMessage())") }
            done += written
        }
        end += frame.count
    }
}
