import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Requests on disk that a server has not taken yet: they survive the process and are sent by the next one.
///
/// A file is one request. Whoever has it in hand holds the file's lock, which the system lets go when the process ends, so that several
/// processes can share a folder and no file is sent by two at once. A file goes when the server has answered; only a process that dies
/// between the answer and that moment sends twice, and servers know such repetitions by their ids.
package final class Spool: Sendable {
    /// A request in hand.
    package struct Entry: ~Copyable, Sendable {
        fileprivate let path: String
        fileprivate let descriptor: Int32

        deinit { close(descriptor) }
    }

    private let folder: String
    /// Begins the names of the destination's files: what waits for one server is not sent to another, nor with another token.
    private let prefix: String
    private let maximumBytes: Int
    private let counter = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - folder: made when it is needed, readable by its owner alone.
    ///   - identity: address and headers of the destination; only a hash of it is written.
    ///   - maximumBytes: of all files of the destination together.
    package init(folder: String, identity: String, maximumBytes: Int) {
        self.folder = folder
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in identity.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        prefix = "hearth-" + String(repeating: "0", count: 16 - digits.count) + digits + "-"
        self.maximumBytes = maximumBytes
    }

    /// Writes a request and keeps it in hand.
    ///
    /// - Returns: nil when there is no room or the file cannot be written, which is told.
    package func store(_ body: [UInt8]) -> Entry? {
        guard usedBytes() + body.count <= maximumBytes else {
            Diagnostics.warn(.spool, "the spool folder \(folder) holds \(maximumBytes) bytes already; what cannot be sent now is dropped")
            return nil
        }
        if mkdir(folder, 0o700) != 0, errno != EEXIST { return failed("could not make the spool folder \(folder)") }
        // Names sort by age.
        let time = String(SystemTime.wall())
        let stamp = String(repeating: "0", count: max(20 - time.utf8.count, 0)) + time
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let path = "\(folder)/\(prefix)\(stamp)-\(getpid())-\(number).request"
        let part = path + ".part"
        let descriptor = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return failed("could not write to the spool folder \(folder)") }
        let entry = Entry(path: path, descriptor: descriptor)
        // Locked before it has its name: another process never sees it free.
        guard FileWriting.write(body, to: descriptor), flock(descriptor, LOCK_EX | LOCK_NB) == 0, rename(part, path) == 0 else {
            let reason = errno
            unlink(part)
            errno = reason
            return failed("could not write to the spool folder \(folder)")
        }
        return entry
    }

    /// Takes the oldest request that nobody has in hand; nil when there is none.
    package func take(_ body: inout [UInt8]) -> Entry? {
        let names = names().sorted()
        removeLeftovers(names)
        for name in names where name.hasSuffix(".request") {
            let path = "\(folder)/\(name)"
            let descriptor = open(path, O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            var status = stat()
            // Another process may have sent and removed it since the folder was read.
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0,
                let content = Self.read(descriptor, Int(status.st_size))
            else {
                close(descriptor)
                continue
            }
            body = content
            return Entry(path: path, descriptor: descriptor)
        }
        return nil
    }

    /// Removes what processes left that ended while they wrote; it would take room for ever.
    private func removeLeftovers(_ names: [String]) {
        for name in names where name.hasSuffix(".part") {
            var status = stat()
            guard stat("\(folder)/\(name)", &status) == 0 else { continue }
            #if canImport(Darwin)
                let changed = status.st_mtimespec.tv_sec
            #else
                let changed = status.st_mtim.tv_sec
            #endif
            if changed < time(nil) - 3600 { unlink("\(folder)/\(name)") }
        }
    }

    /// The server has answered, or will never take it.
    package func remove(_ entry: consuming Entry) {
        unlink(entry.path)
    }

    /// Whether requests lie here, in hand or not.
    package var isEmpty: Bool { !names().contains { $0.hasSuffix(".request") } }

    private static func read(_ descriptor: Int32, _ size: Int) -> [UInt8]? {
        var body = [UInt8](repeating: 0, count: size)
        var position = 0
        while position < size {
            let count = body.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress! + position, size - position, off_t(position)) }
            if count > 0 {
                position += count
            } else if count == 0 || errno != EINTR {
                return nil
            }
        }
        return body
    }

    private func usedBytes() -> Int {
        names().reduce(0) { sum, name in
            var status = stat()
            return stat("\(folder)/\(name)", &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }

    private func names() -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var result: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(prefix) { result.append(name) }
        }
        return result
    }

    private func failed(_ text: String) -> Entry? {
        let reason = String(cString: strerror(errno))
        Diagnostics.warn(.spool, "\(text): \(reason)")
        return nil
    }
}
