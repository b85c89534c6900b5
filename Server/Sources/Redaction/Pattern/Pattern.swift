/// A compiled pattern. Matching takes time proportional to text × program whatever the pattern, so none can stall the server.
struct Pattern: Sendable {
    enum Instruction: Sendable {
        case set(Int)
        /// The first target is preferred.
        case split(Int, Int)
        case jump(Int)
        case assertion(PatternNode.Assertion)
        case match
    }

    /// Most instructions of one pattern.
    static let programLimit = 1_000

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet] = []
    /// Texts one of which is in every match; nil when a match may have none.
    let literals: [[UInt8]]?
    /// Bytes a match can begin with, by value; empty when any can.
    private(set) var firstBytes: [Bool] = []

    /// - Throws: ``PatternError`` for syntax that is wrong or not supported, patterns that are too large, and those that match nothing
    ///   at all, which would replace every text.
    init(_ pattern: String, ignoresCase: Bool) throws(PatternError) {
        let node = try PatternParser.parse(pattern, ignoresCase: ignoresCase)
        literals = node.requiredLiterals()
        guard emit(node) else { throw PatternError(message: "the pattern is too large; use smaller repetition counts", offset: 0) }
        instructions.append(.match)
        var isEmptyMatch = false
        firstBytes = first(&isEmptyMatch)
        if isEmptyMatch { throw PatternError(message: "the pattern also matches the empty text", offset: 0) }
    }

    private mutating func emit(_ node: PatternNode) -> Bool {
        guard instructions.count < Self.programLimit else { return false }
        switch node {
        case .empty: return true
        case .set(let set):
            if let known = sets.firstIndex(of: set) {
                instructions.append(.set(known))
            } else {
                instructions.append(.set(sets.count))
                sets.append(set)
            }
            return true
        case .assertion(let assertion):
            instructions.append(.assertion(assertion))
            return true
        case .sequence(let nodes):
            for node in nodes where !emit(node) { return false }
            return true
        case .alternatives(let nodes): return emitAlternatives(nodes)
        case .repetition(let node, let minimum, let maximum, let isGreedy):
            for _ in 0..<minimum where !emit(node) { return false }
            guard let maximum else { return emitLoop(node, isGreedy) }
            return emitOptional(node, maximum - minimum, isGreedy)
        }
    }

    private mutating func emitAlternatives(_ nodes: [PatternNode]) -> Bool {
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            if index == nodes.count - 1 {
                guard emit(node) else { return false }
                continue
            }
            let split = instructions.count
            instructions.append(.split(split + 1, 0))
            guard emit(node) else { return false }
            jumps.append(instructions.count)
            instructions.append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
        return true
    }

    private mutating func emitLoop(_ node: PatternNode, _ isGreedy: Bool) -> Bool {
        let split = instructions.count
        instructions.append(.split(0, 0))
        guard emit(node) else { return false }
        instructions.append(.jump(split))
        let end = instructions.count
        instructions[split] = isGreedy ? .split(split + 1, end) : .split(end, split + 1)
        return true
    }

    private mutating func emitOptional(_ node: PatternNode, _ count: Int, _ isGreedy: Bool) -> Bool {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(instructions.count)
            instructions.append(.split(0, 0))
            guard emit(node) else { return false }
        }
        for split in splits {
            instructions[split] = isGreedy ? .split(split + 1, instructions.count) : .split(instructions.count, split + 1)
        }
        return true
    }

    /// Follows everything that takes no character from the start.
    private func first(_ isEmptyMatch: inout Bool) -> [Bool] {
        var bytes = [Bool](repeating: false, count: 256)
        var seen = Set<Int>()
        var open = [0]
        while let at = open.popLast() {
            guard seen.insert(at).inserted else { continue }
            switch instructions[at] {
            case .match: isEmptyMatch = true
            case .jump(let target): open.append(target)
            case .split(let a, let b): open += [a, b]
            case .assertion: open.append(at + 1)
            case .set(let index):
                for byte in 0..<128 where sets[index].contains(UInt32(byte)) { bytes[byte] = true }
                if sets[index].reachesBeyondASCII { for byte in 128..<256 { bytes[byte] = true } }
            }
        }
        return bytes
    }
}
