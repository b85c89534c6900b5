#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Request bodies in one file: for each a u32 length, a u32 number of spans (both little-endian), and the bytes.
///
/// The file stays in the page cache, so that a large workload costs the benchmark no memory of its own.
final class FrameFile: Sendable {
    struct Frame: Sendable {
        var offset: Int
        var length: Int
        var spans: Int
    }

    let path: String
    let frames: [Frame]
    private let descriptor: Int32

    var spans: Int { frames.reduce(0) { $0 + $1.spans } }
    var bytes: Int { frames.reduce(0) { $0 + $1.length } }

    /// Opens `path` and reads the frames' heads, as many as hold `limit` spans.
    init(path: String, limit: Int = .max) throws(BenchError) {
        self.path = path
        descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw BenchError("\(path) cannot be opened") }
        var frames: [Frame] = []
        var offset = 0
        var spans = 0
        var head: [UInt32] = [0, 0]
        while spans < limit, pread(descriptor, &head, 8, offset) == 8 {
            let frame = Frame(offset: offset + 8, length: Int(UInt32(littleEndian: head[0])), spans: Int(UInt32(littleEndian: head[1])))
            frames.append(frame)
            offset = frame.offset + frame.length
            spans += frame.spans
        }
        self.frames = frames
        guard !frames.isEmpty else { throw BenchError("\(path) holds no frames") }
    }

    deinit {
        close(descriptor)
    }

    /// The bytes of frame `index`.
    func body(_ index: Int) throws(BenchError) -> [UInt8] {
        let frame = frames[index]
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: frame.length) { buffer, count in
            while got < frame.length {
                let part = pread(descriptor, buffer.baseAddress! + got, frame.length - got, off_t(frame.offset + got))
                guard part > 0 else { break }
                got += part
            }
            count = got
        }
        guard got == frame.length else { throw BenchError("the workload file ends in the middle of a body") }
        return bytes
    }
}

/// Writes a ``FrameFile``.
struct FrameWriter: ~Copyable {
    private let file: UnsafeMutablePointer<FILE>

    init(path: String) throws(BenchError) {
        guard let file = fopen(path, "wb") else { throw BenchError("\(path) cannot be written") }
        self.file = file
    }

    deinit {
        fclose(file)
    }

    func write(_ body: [UInt8], spans: Int) throws(BenchError) {
        let head = [UInt32(body.count).littleEndian, UInt32(spans).littleEndian]
        guard fwrite(head, 4, 2, file) == 2, fwrite(body, 1, body.count, file) == body.count else {
            throw BenchError("the workload cannot be written: disk full?")
        }
    }
}
