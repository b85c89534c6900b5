/// A parsed pattern.
indirect enum PatternNode: Sendable {
    enum Assertion: Sendable {
        case lineStart, lineEnd, wordBoundary, noWordBoundary
    }

    case empty
    case set(ScalarSet)
    case assertion(Assertion)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// - `maximum`: nil is without limit.
    case repetition(PatternNode, minimum: Int, maximum: Int?, isGreedy: Bool)

    /// Lower-case texts of at least `shortest` bytes one of which is in every match; nil when there are none.
    func requiredLiterals(shortest: Int = 3) -> [[UInt8]]? {
        switch self {
        case .empty, .assertion, .set: return nil
        case .repetition(let node, let minimum, _, _): return minimum >= 1 ? node.requiredLiterals(shortest: shortest) : nil
        case .alternatives(let nodes):
            var all: [[UInt8]] = []
            for node in nodes {
                guard let some = (PatternNode.sequence([node])).requiredLiterals(shortest: shortest) else { return nil }
                all += some
            }
            return all.count <= 64 ? all : nil
        case .sequence(let nodes):
            var best: [[UInt8]]?
            func offer(_ literals: [[UInt8]]) {
                let length = literals.map(\.count).min() ?? 0
                if length >= shortest, length > (best?.map(\.count).min() ?? 0) { best = literals }
            }
            var run: [UInt8] = []
            for node in Self.flattened(nodes) {
                if case .set(let set) = node, let character = set.singleCharacter {
                    run.append(character)
                    continue
                }
                offer([run])
                run = []
                if case .set = node { continue }
                if case .sequence = node { continue }
                if let inner = node.requiredLiterals(shortest: shortest) { offer(inner) }
            }
            offer([run])
            return best
        }
    }

    private static func flattened(_ nodes: [PatternNode]) -> [PatternNode] {
        nodes.flatMap { node -> [PatternNode] in
            if case .sequence(let inner) = node { return flattened(inner) }
            return [node]
        }
    }
}
