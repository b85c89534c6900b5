import GenAI
import TelemetryModel

/// Hashes that stand for rows, keyed per data folder so that nobody can send rows that collide with somebody else's.
struct IdentityKey: Sendable, Equatable {
    var first: UInt64
    var second: UInt64

    /// A random key.
    init() {
        var generator = SystemRandomNumberGenerator()
        first = generator.next()
        second = generator.next()
    }

    /// The key from its text; nil when the text is none.
    init?(_ text: String) {
        var text = text
        let halves = text.withUTF8 { digits -> (UInt64, UInt64)? in
            guard digits.count == 32, let first = Hex.read(.init(rebasing: digits[0..<16])),
                let second = Hex.read(.init(rebasing: digits[16...]))
            else { return nil }
            return (first, second)
        }
        guard let halves else { return nil }
        (first, second) = halves
    }

    var text: String { Hex.string(first) + Hex.string(second) }

    private func hash(_ tag: UInt64, _ project: Int32) -> StableHash {
        var hash = StableHash(key0: first, key1: second)
        hash.combine(tag << 32 | UInt64(UInt32(bitPattern: project)))
        return hash
    }

    /// A row of `span`: (project, trace, span, kind), `acceptance.md` A4.
    func row(_ project: Int32, _ trace: TraceID, _ span: SpanID, _ kind: UInt8) -> UInt64 {
        var hash = hash(1 + UInt64(kind), project)
        hash.combine(trace.high)
        hash.combine(trace.low)
        hash.combine(span.value)
        return hash.finalize()
    }

    /// A metric point.
    func point(_ project: Int32, _ id: UInt64) -> UInt64 { word(16, project, id) }
    /// A resource.
    func resource(_ project: Int32, _ id: UInt64) -> UInt64 { word(17, project, id) }
    /// A scope.
    func scope(_ project: Int32, _ id: UInt64) -> UInt64 { word(18, project, id) }

    /// A trace.
    func trace(_ project: Int32, _ trace: TraceID) -> UInt64 {
        var hash = hash(19, project)
        hash.combine(trace.high)
        hash.combine(trace.low)
        return hash.finalize()
    }

    /// A response of a provider.
    func response(_ project: Int32, _ response: ResponseKey) -> UInt64 {
        var hash = hash(20, project)
        hash.combine(response.provider)
        hash.combine(response.responseID)
        return hash.finalize()
    }

    /// A stream key.
    func stream(_ project: Int32, _ key: UInt64) -> UInt64 { word(21, project, key) }

    private func word(_ tag: UInt64, _ project: Int32, _ id: UInt64) -> UInt64 {
        var hash = hash(tag, project)
        hash.combine(id)
        return hash.finalize()
    }
}
