import Synchronization
import TelemetryModel

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Room for large answers on their way to clients that read more slowly than the engine answers.
///
/// What does not fit into a ``ResultPipe`` goes to a file without a name, so that a query ends and gives back its place and the engine's memory,
/// whatever its client does. The files have a budget, and so has the memory that takes their place when the disk is full.
final class AnswerSpool: Sendable {
    struct Limits: Sendable {
        /// Bytes of the files of all projects together; a project has half of it. 0 for none.
        var fileBytes = 1 << 30
        /// Bytes that answers may hold in memory beyond their pipes: half of it until their clients have taken them, the rest when there is no
        /// file.
        var memoryBytes = 64 << 20
        /// Large answers that wait for their clients, in all; a project has half of them.
        var answers = 192
        /// Space on the disk that is left to what is stored.
        var freeBytes = 256 << 20
    }

    private struct State {
        var fileBytes: [ProjectID: Int] = [:]
        var answers: [ProjectID: Int] = [:]
        var memoryBytes = 0
        var files = 0
    }

    let limits: Limits
    private let folder: String
    private let state = Mutex(State())

    /// - Parameter folder: where the files are made; it exists.
    init(folder: String, _ limits: Limits = Limits()) {
        self.folder = folder
        self.limits = limits
    }

    // MARK: Answers

    /// Counts one more answer that waits for its client.
    ///
    /// - Throws: ``QueryError`` `tooMany` when there are too many.
    func enter(_ project: ProjectID) throws(QueryError) {
        let isFree = state.withLock { state in
            let all = state.answers.values.reduce(0, +)
            guard all < limits.answers, state.answers[project, default: 0] < max(1, limits.answers / 2) else { return false }
            state.answers[project, default: 0] += 1
            return true
        }
        if !isFree { throw Self.tooMany }
    }

    func leave(_ project: ProjectID) { state.withLock { $0.answers[project, default: 1] -= 1 } }

    static let tooMany = QueryError(
        code: .tooMany,
        message: "too many large answers are waiting for clients that read slowly; read them, or ask for less rows or columns",
        retryAfter: 5)

    // MARK: Files

    /// A file for an answer; nil when there is no room for one.
    func open(_ project: ProjectID) -> SpoolFile? {
        guard limits.fileBytes > 0, hasSpace else { return nil }
        let number = state.withLock { state in
            state.files += 1
            return state.files
        }
        let path = "\(folder)/answer-\(getpid())-\(number).tmp"
        let descriptor = systemOpen(path)
        guard descriptor >= 0 else { return nil }
        // From here on it goes away with its descriptor, also when the process is killed.
        unlink(path)
        return SpoolFile(descriptor, project, self)
    }

    private func systemOpen(_ path: String) -> Int32 {
        #if canImport(Darwin)
            Darwin.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        #elseif canImport(Musl)
            Musl.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        #else
            Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        #endif
    }

    private var hasSpace: Bool {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) > UInt64(limits.freeBytes)
    }

    fileprivate func reserve(_ bytes: Int, _ project: ProjectID) -> Bool {
        state.withLock { state in
            let all = state.fileBytes.values.reduce(0, +)
            guard all + bytes <= limits.fileBytes, state.fileBytes[project, default: 0] + bytes <= limits.fileBytes / 2 else {
                return false
            }
            state.fileBytes[project, default: 0] += bytes
            return true
        }
    }

    fileprivate func release(_ bytes: Int, _ project: ProjectID) { state.withLock { $0.fileBytes[project, default: bytes] -= bytes } }

    // MARK: Memory

    /// - Parameter isQuick: whether a file would do as well.
    func reserveMemory(_ bytes: Int, isQuick: Bool = false) -> Bool {
        state.withLock { state in
            guard state.memoryBytes + bytes <= (isQuick ? limits.memoryBytes / 2 : limits.memoryBytes) else { return false }
            state.memoryBytes += bytes
            return true
        }
    }

    func releaseMemory(_ bytes: Int) { state.withLock { $0.memoryBytes -= bytes } }
}

/// Bytes of an answer in a file without a name, first in, first out. Used under its pipe's lock.
final class SpoolFile {
    private let descriptor: Int32
    private let project: ProjectID
    private let spool: AnswerSpool
    private var begin = 0
    private var end = 0
    private var reserved = 0

    fileprivate init(_ descriptor: Int32, _ project: ProjectID, _ spool: AnswerSpool) {
        self.descriptor = descriptor
        self.project = project
        self.spool = spool
    }

    deinit {
        close(descriptor)
        spool.release(reserved, project)
    }

    /// Bytes that were not taken yet.
    var count: Int { end - begin }

    /// - Returns: whether all bytes were taken; false when the budget or the disk has no room for them.
    func append(_ bytes: ArraySlice<UInt8>) -> Bool {
        let surplus = end + bytes.count - reserved
        if surplus > 0 {
            guard spool.reserve(surplus, project) else { return false }
            reserved += surplus
        }
        let isWritten = bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = pwrite(descriptor, buffer.baseAddress.unsafelyUnwrapped + done, buffer.count - done, off_t(end + done))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
        if isWritten { end += bytes.count }
        return isWritten
    }

    /// - Returns: the next bytes, at most `limit`; nil when they cannot be read back.
    func next(_ limit: Int) -> [UInt8]? {
        let wanted = min(limit, count)
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
            while initialized < wanted {
                let place = UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped) + initialized
                let count = pread(descriptor, place, wanted - initialized, off_t(begin + initialized))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                initialized += count
            }
        }
        guard bytes.count == wanted else { return nil }
        begin += wanted
        if begin == end { (begin, end) = (0, 0) }
        return bytes
    }
}
