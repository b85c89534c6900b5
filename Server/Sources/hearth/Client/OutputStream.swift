import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bytes to standard output. A reader that went away (`| head`) ends the process quietly, as other tools do.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static func write(_ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { unistdWrite(STDOUT_FILENO, $0.baseAddress! + done, bytes.count - done) }
            if written > 0 {
                done += written
            } else if errno == EPIPE {
                exit(0)
            } else if errno != EINTR, errno != EAGAIN {
                Terminal.warn("standard output cannot be written: \(String(cString: strerror(errno)))")
                exit(74)
            }
        }
    }

    static func line(_ text: String) { write(Array((text + "\n").utf8)) }

    /// Columns of the terminal, else of the variable COLUMNS; nil when output may be as wide as it likes.
    static var columns: Int? {
        var size = winsize()
        if isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        guard let text = ProcessInfo.processInfo.environment["COLUMNS"], let columns = Int(text), columns > 0 else { return nil }
        return columns
    }
}

/// The system's `write`, which the method of the same name hides.
private func unistdWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int { write(file, bytes, count) }

/// Where an answer goes: a file that appears when it is complete, or standard output.
final class AnswerSink {
    struct Failure: Error, CustomStringConvertible { let description: String }

    private let path: String?
    private let file: FileHandle?
    private(set) var bytes = 0

    /// - Parameter path: nil or `-` for standard output.
    init(path: String?) throws(Failure) {
        guard let path, path != "-" else {
            self.path = nil
            file = nil
            return
        }
        self.path = path
        guard FileManager.default.createFile(atPath: path + ".partial", contents: nil),
            let file = FileHandle(forWritingAtPath: path + ".partial")
        else { throw Failure(description: "\(path) cannot be written: \(String(cString: strerror(errno)))") }
        self.file = file
    }

    func write(_ part: [UInt8]) throws(Failure) {
        bytes += part.count
        guard let file else { return StandardOutput.write(part) }
        do { try file.write(contentsOf: part) } catch { throw Failure(description: "\(path ?? "-") cannot be written: \(error)") }
    }

    /// Gives the file its name.
    func finish() throws(Failure) {
        guard let file, let path else { return }
        do {
            try file.synchronize()
            try file.close()
            guard rename(path + ".partial", path) == 0 else { throw Failure(description: String(cString: strerror(errno))) }
        } catch {
            throw Failure(description: "\(path) cannot be written: \(error)")
        }
    }

    /// Removes what was written of a file.
    func discard() {
        guard let file, let path else { return }
        try? file.close()
        unlink(path + ".partial")
    }
}
