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
}
