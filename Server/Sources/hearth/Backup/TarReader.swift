/// Reads archives in the format of POSIX "ustar" from parts of any size.
struct TarReader {
    struct Failure: Error, CustomStringConvertible { let description: String }

    enum Event {
        case file(name: String, size: Int64)
        case bytes(ArraySlice<UInt8>)
        case endOfFile
    }

    private static let block = 512
    private var head: [UInt8] = []
    /// Bytes of the present file, and of the padding behind it, that are still to come.
    private var left: Int64 = 0
    private var padding = 0
    private(set) var isAtEnd = false

    /// Reads on and tells what is met.
    mutating func read(_ part: [UInt8], _ tell: (Event) throws -> Void) throws {
        var rest = part[...]
        while !rest.isEmpty, !isAtEnd {
            if left > 0 {
                let count = Int(min(left, Int64(rest.count)))
                try tell(.bytes(rest.prefix(count)))
                rest = rest.dropFirst(count)
                left -= Int64(count)
                if left == 0 { try tell(.endOfFile) }
            } else if padding > 0 {
                let count = min(padding, rest.count)
                rest = rest.dropFirst(count)
                padding -= count
            } else {
                let count = min(Self.block - head.count, rest.count)
                head += rest.prefix(count)
                rest = rest.dropFirst(count)
                if head.count == Self.block { try header(tell) }
            }
        }
    }

    private mutating func header(_ tell: (Event) throws -> Void) throws {
        defer { head = [] }
        if head.allSatisfy({ $0 == 0 }) {
            isAtEnd = true
            return
        }
        var sum = 0
        for (index, byte) in head.enumerated() { sum += (148..<156).contains(index) ? 32 : Int(byte) }
        guard let size = octal(124..<136), octal(148..<156) == Int64(sum) else {
            throw Failure(description: "the archive is damaged, or no backup")
        }
        let name = String(decoding: head[..<100].prefix { $0 != 0 }, as: UTF8.self)
        // A name must not lead out of the folder.
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.hasPrefix("/"), !parts.contains(".."), !parts.contains("") else {
            throw Failure(description: "the archive has a file with the name \(name), which no backup has")
        }
        left = size
        padding = Int((Int64(Self.block) - size % Int64(Self.block)) % Int64(Self.block))
        try tell(.file(name: name, size: size))
        if size == 0 { try tell(.endOfFile) }
    }

    private func octal(_ range: Range<Int>) -> Int64? {
        let text = head[range].filter { (0x30...0x37).contains($0) }
        return Int64(String(decoding: text, as: UTF8.self), radix: 8)
    }
}
