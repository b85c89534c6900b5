import Foundation

/// How much of the data folder is the search index: the directories of the page files (`MessagePages/PageFormat`).
enum SearchIndex {
    static func bytes(below folder: String) -> Int {
        guard let files = FileManager.default.enumerator(atPath: folder) else { return 0 }
        var bytes = 0
        for case let name as String in files where name.hasSuffix(".pages") {
            if let content = FileManager.default.contents(atPath: "\(folder)/\(name)") { bytes += directories(of: content) }
        }
        return bytes
    }

    private static let footerSize = 24
    private static let headerSize = 24

    /// Follows the directories from the last to the first.
    private static func directories(of file: Data) -> Int {
        func number(_ offset: Int, _ width: Int) -> Int {
            (0..<width).reduce(0) { $0 | Int(truncatingIfNeeded: UInt64(file[file.startIndex + offset + $1]) << UInt64($1 * 8)) }
        }
        guard file.count >= footerSize else { return 0 }
        var bytes = 0
        var next = number(file.count - footerSize, 8)
        while next >= 0, next + headerSize <= file.count {
            let (pages, bits) = (number(next + 4, 4), number(next + 8, 4))
            bytes += headerSize + pages * 8 + bits * ((pages + 7) / 8) + footerSize
            next = number(next + 16, 8)
        }
        return bytes
    }
}
