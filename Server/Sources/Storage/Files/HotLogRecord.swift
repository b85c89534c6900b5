#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How long the log of a hot file was after its last commit, and how many rows the file had: a small file beside it.
///
/// The engine cannot tell a log whose end is missing from one that ended there. The record is written after the log has reached the disk and is not
/// synced itself, so it never promises more than there was; after a loss of power it may promise less.
struct HotLogRecord: Equatable {
    var bytes: Int64
    /// Records and metric points that were written to the file; sampling may have removed some since.
    var rows: Int64

    /// Bytes of the file.
    private static let size = 48

    static func read(_ path: String) -> HotLogRecord? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var content = [UInt8](repeating: 0, count: size)
        let count = pread(file, &content, size, 0)
        guard count == size, content.last == UInt8(ascii: "\n") else { return nil }
        let fields = content.dropLast().split(separator: UInt8(ascii: " ")).map { Int64(String(decoding: $0, as: UTF8.self)) }
        guard fields.count == 2, let bytes = fields[0], let rows = fields[1] else { return nil }
        return HotLogRecord(bytes: bytes, rows: rows)
    }

    /// What is missing of a log, in words.
    static func report(_ log: String, bytes: Int64, rows: Int64, _ record: HotLogRecord) -> String {
        let lost = max(0, record.rows - rows)
        let what = lost == 0 ? "what was acknowledged last" : "up to \(lost) records and metric points that were acknowledged"
        return """
            The write-ahead log \(log) \(bytes == 0 ? "is missing or empty" : "has been cut"): \(bytes) of \(record.bytes) bytes are there, \(what) \
            \(lost == 0 ? "is" : "are") missing.
            """
    }

    /// - Returns: whether it was written.
    @discardableResult
    func write(_ path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { return false }
        defer { close(file) }
        return write(file)
    }

    fileprivate func write(_ file: Int32) -> Bool {
        var content = Array("\(bytes) \(rows)".utf8)
        content += [UInt8](repeating: UInt8(ascii: " "), count: max(0, Self.size - 1 - content.count)) + [UInt8(ascii: "\n")]
        return pwrite(file, content, content.count, 0) == content.count
    }
}

/// Keeps the ``HotLogRecord`` of the hot file that is written. Used by the writer's thread only.
struct HotLogRecorder: ~Copyable {
    private let file: Int32

    init(path: String) { file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644) }

    deinit { if file >= 0 { close(file) } }

    /// Notes what is durable. One write into the page cache; when it fails, the record promises less than there is.
    func note(_ record: HotLogRecord) { if file >= 0 { _ = record.write(file) } }
}
