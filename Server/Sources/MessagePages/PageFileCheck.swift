#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Looks at the pages of a file.
public enum PageFileCheck {
    /// Those of the pages with these numbers that cannot be read, their dictionaries included.
    ///
    /// - Parameter end: bytes of the file that are valid.
    /// - Throws: ``PageError`` when the file cannot be opened.
    public static func damagedPages(path: String, end: Int, pages: [Int]) throws(PageError) -> [Int] {
        let file = try PageFile(path: path, end: end)
        var damaged: [Int] = []
        for page in pages {
            do throws(PageError) { _ = try file.page(page) } catch { damaged.append(page) }
        }
        return damaged
    }

    /// Whether what a search goes by is as it was written.
    ///
    /// - Throws: ``PageError`` when the file cannot be read.
    public static func isIndexWhole(path: String, end: Int) throws(PageError) -> Bool {
        try PageFile(path: path, end: end).areDirectoriesWhole()
    }

    /// Makes searches look at every page of a file instead of its index.
    public static func dropIndex(path: String, end: Int) throws(PageError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PageError(code: .io, message: "cannot open \(path): \(systemMessage())") }
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: 8)
        guard pwrite(descriptor, zeros, 8, off_t(end - 8)) == 8, fsync(descriptor) == 0 else {
            throw PageError(code: .io, message: "cannot write \(path): \(systemMessage())")
        }
    }
}
