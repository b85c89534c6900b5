/// Looks at the pages of a file.
public enum PageFileCheck {
    /// Those of the pages at `offsets` that cannot be read, their dictionaries included.
    ///
    /// - Throws: ``PageError`` when the file cannot be opened.
    public static func damagedPages(path: String, offsets: [Int]) throws(PageError) -> [Int] {
        let file = try PageFile(path: path)
        var damaged: [Int] = []
        for offset in offsets {
            do throws(PageError) { _ = try file.page(at: offset) } catch { damaged.append(offset) }
        }
        return damaged
    }
}
