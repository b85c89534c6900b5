import DuckDBKit

/// Sorts encoded rows by a column of times.
///
/// The engine's sort copies every row twice, with all its texts; here only the answer's bytes are put in order, if they are not already.
struct RowOrder {
    let column: Int
    let descending: Bool
    private var times: [Int64] = []
    /// Where each row begins in the bytes.
    private var starts: [Int] = []

    init(column: Int, descending: Bool) {
        self.column = column
        self.descending = descending
    }

    /// Notes the times of rows; those without one come last.
    mutating func add(_ chunk: DataChunk, _ range: Range<Int>) {
        let reader = chunk.column(column)
        for row in range { times.append(reader.isNull(row) ? (descending ? .min : .max) : reader.int64(row)) }
    }

    mutating func begin(at start: Int) { starts.append(start) }

    /// The bytes with the rows in order: rows of the same time stay as they came.
    func sorted(_ bytes: [UInt8], headBytes: Int) -> [UInt8] {
        func isBefore(_ a: Int, _ b: Int) -> Bool {
            if times[a] == times[b] { return a < b }
            return descending ? times[a] > times[b] : times[a] < times[b]
        }
        if starts.indices.dropFirst().allSatisfy({ isBefore($0 - 1, $0) }) { return bytes }
        var sorted: [UInt8] = []
        sorted.reserveCapacity(bytes.count + 16)
        sorted.append(contentsOf: bytes[..<headBytes])
        for (place, row) in starts.indices.sorted(by: isBefore).enumerated() {
            if place > 0 { sorted.append(UInt8(ascii: ",")) }
            // A comma stands before the next row.
            let end = row + 1 < starts.count ? starts[row + 1] - 1 : bytes.count
            sorted.append(contentsOf: bytes[starts[row]..<end])
        }
        return sorted
    }
}
