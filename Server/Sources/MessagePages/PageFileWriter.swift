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
    /// Bytes of the file that are valid once ``finish()`` has returned.
    public private(set) var end: Int
    /// Pages of the runs before, and where the directory of the last is.
    private var pageCount = 0
    private var lastDirectory = PageFormat.noOffset
    private var offsets: [UInt64] = []
    private var signatures: [PageSignature] = []

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
            let file = try PageFile(path: path, end: end)
            pageCount = file.pageCount
            lastDirectory = file.lastDirectory.map { UInt64($0) } ?? PageFormat.noOffset
            if let offset = try file.lastDictionary() { try builder.use(dictionary: try file.raw(at: offset), at: offset) }
        }
    }

    deinit { close(descriptor) }

    /// Adds a body; see ``PageBuilder/add(_:trace:)``.
    public mutating func add(_ body: UnsafeBufferPointer<UInt8>, trace: UInt64) throws(PageError) -> BodyReference {
        if builder.isFull(for: trace) { try flush() }
        return BodyReference(page: pageCount + offsets.count, slot: builder.add(body, trace: trace))
    }

    /// Adds a body of another file, whose page knows what it is made of.
    public mutating func add(_ body: BodyReference, of reader: inout BodyReader, trace: UInt64) throws(PageError) -> BodyReference {
        if builder.isFull(for: trace) { try flush() }
        let slot = try reader.withMembers(body) { text, members throws(PageError) in builder.add(text, members, trace: trace) }
        return BodyReference(page: pageCount + offsets.count, slot: slot)
    }

    /// Writes what is left and returns when the file is durable.
    public mutating func finish() throws(PageError) {
        if !builder.isEmpty { try flush() }
        if !offsets.isEmpty { try writeDirectory() }
        guard fsync(descriptor) == 0 else { throw PageError(code: .io, message: "cannot sync \(path): \(systemMessage())") }
    }

    private mutating func flush() throws(PageError) {
        signatures.append(builder.signature)
        offsets.append(UInt64(end))
        try write(try builder.finish(at: end))
    }

    private mutating func writeDirectory() throws(PageError) {
        let bits = PageSignature.bits(pages: offsets.count)
        let place = UInt64(end)
        var bytes: [UInt8] = []
        bytes.append32(Int(PageFormat.directoryMagic))
        bytes.append32(offsets.count)
        bytes.append32(bits)
        bytes.append32(pageCount)
        bytes.append64(lastDirectory)
        for offset in offsets { bytes.append64(offset) }
        bytes += PageSignature.rows(signatures, bits: bits)
        let checksum = PageFormat.checksum(bytes)
        bytes.append64(place)
        bytes.append64(checksum)
        bytes.append64(PageFormat.footerMagic)
        try write(bytes)
        pageCount += offsets.count
        lastDirectory = place
        offsets = []
        signatures = []
    }

    private mutating func write(_ bytes: [UInt8]) throws(PageError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.unsafelyUnwrapped + done, bytes.count - done, off_t(end + done))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw PageError(code: .io, message: "cannot write \(path): \(systemMessage())") }
            done += written
        }
        end += bytes.count
    }
}
