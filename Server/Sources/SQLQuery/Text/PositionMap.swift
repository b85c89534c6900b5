/// Maps byte offsets of repaired text back to the text it was made from.
struct PositionMap: Equatable {
    private struct Segment: Equatable {
        var output: Int
        var input: Int
        /// Bytes of the segment that are the same in both texts.
        var length: Int
    }

    private var segments: [Segment] = []

    /// Notes that `length` bytes at `output` were copied from `input`. Calls come in rising order of `output`.
    mutating func add(output: Int, input: Int, length: Int) {
        if let last = segments.last, last.output + last.length == output, last.input + last.length == input {
            segments[segments.count - 1].length += length
        } else {
            segments.append(Segment(output: output, input: input, length: length))
        }
    }

    /// The input offset behind `output`; for inserted text, that of the copied text before it.
    func input(at output: Int) -> Int {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].output <= output { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return 0 }
        let segment = segments[low - 1]
        return segment.input + min(output - segment.output, segment.length)
    }
}
