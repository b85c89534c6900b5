/// Runs a ``Pattern`` over UTF-8 text, all alternatives at once (Pike's construction): no backtracking.
struct PatternMatcher {
    private struct Threads {
        var items: [(at: Int, start: Int)] = []
        /// For each instruction, the text position it was last added for; makes clearing free.
        var marks: [Int] = []
    }

    private var current = Threads()
    private var following = Threads()
    private var stack: [Int] = []

    /// The leftmost match at or after `from`, by the preferences of the pattern; nil when there is none.
    mutating func firstMatch(_ pattern: Pattern, _ text: UnsafeBufferPointer<UInt8>, from: Int = 0) -> Range<Int>? {
        let program = pattern.instructions
        current.items.removeAll(keepingCapacity: true)
        following.items.removeAll(keepingCapacity: true)
        current.marks = [Int](repeating: -1, count: program.count)
        following.marks = current.marks
        var found: Range<Int>?
        var at = from
        var previous = Self.scalar(before: at, text)
        while true {
            if current.items.isEmpty {
                if found != nil { return found }
                while at < text.count, !pattern.firstBytes[Int(text[at])] { at += 1 }
                if at >= text.count { return nil }
                previous = Self.scalar(before: at, text)
            }
            let (scalar, length) = Self.scalar(at: at, text)
            if found == nil { Self.add(0, at, at, previous, scalar, program, &stack, to: &current) }
            var index = 0
            let end = at + length
            let (after, _) = Self.scalar(at: end, text)
            while index < current.items.count {
                let thread = current.items[index]
                index += 1
                switch program[thread.at] {
                case .match:
                    found = thread.start..<at
                    // What follows has a lower preference.
                    index = current.items.count
                case .set(let set):
                    if let scalar, pattern.sets[set].contains(scalar) {
                        Self.add(thread.at + 1, thread.start, end, scalar, after, program, &stack, to: &following)
                    }
                default: break
                }
            }
            swap(&current, &following)
            following.items.removeAll(keepingCapacity: true)
            if at >= text.count { return found }
            previous = scalar
            at = end
        }
    }

    /// Adds the instruction and everything reachable from it without taking a character, in order of preference.
    private static func add(
        _ instruction: Int, _ start: Int, _ position: Int, _ previous: UInt32?, _ next: UInt32?, _ program: [Pattern.Instruction],
        _ stack: inout [Int], to threads: inout Threads
    ) {
        stack.removeAll(keepingCapacity: true)
        stack.append(instruction)
        while let at = stack.popLast() {
            if threads.marks[at] == position { continue }
            threads.marks[at] = position
            switch program[at] {
            case .jump(let target): stack.append(target)
            case .split(let preferred, let other):
                stack.append(other)
                stack.append(preferred)
            case .assertion(let assertion): if Self.holds(assertion, previous, next) { stack.append(at + 1) }
            case .set, .match: threads.items.append((at, start))
            }
        }
    }

    private static func holds(_ assertion: PatternNode.Assertion, _ previous: UInt32?, _ next: UInt32?) -> Bool {
        switch assertion {
        case .lineStart: previous == nil || previous == 0x0a
        case .lineEnd: next == nil || next == 0x0a
        case .wordBoundary: isWord(previous) != isWord(next)
        case .noWordBoundary: isWord(previous) == isWord(next)
        }
    }

    private static func isWord(_ scalar: UInt32?) -> Bool {
        guard let scalar else { return false }
        return ScalarSet.word.contains(scalar)
    }

    private static func scalar(before position: Int, _ text: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard position > 0 else { return nil }
        var start = position - 1
        while start > 0, text[start] & 0xc0 == 0x80, position - start < 4 { start -= 1 }
        return scalar(at: start, text).0
    }

    /// The scalar at a position and its bytes; nil and 0 at the end. A byte that is no UTF-8 stands for itself.
    private static func scalar(at position: Int, _ text: UnsafeBufferPointer<UInt8>) -> (UInt32?, Int) {
        guard position < text.count else { return (nil, 0) }
        let first = text[position]
        let length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
        if length == 1 || position + length > text.count { return (UInt32(first), 1) }
        var value = UInt32(first) & (0x7f >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(text[position + offset] & 0x3f) }
        return (value, length)
    }
}
