import Synchronization

/// Makes ids without a system call: a counter under a bijective mixer, seeded once per process.
///
/// Two span ids of a process are equal only after 2^64 of them; two processes differ by their random seeds.
package enum IDGenerator {
    private static let counter = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    /// Makes the ids to come the same again and again, for tests; nil makes them random.
    package static func restart(seed: UInt64?) {
        counter.store(seed ?? UInt64.random(in: .min ... .max), ordering: .relaxed)
    }

    /// Makes the ids of a child process others than those of its parent.
    static func reseed() {
        counter.store(UInt64.random(in: .min ... .max), ordering: .relaxed)
    }

    static func spanID() -> SpanID {
        SpanID(random())
    }

    /// - Parameter time: nanoseconds since the Unix epoch; its milliseconds become the first 12 hexadecimal digits.
    static func traceID(at time: UInt64) -> TraceID { traceID(at: time, tail: random()) }

    /// - Parameter tail: the last eight bytes.
    static func traceID(at time: UInt64, tail: UInt64) -> TraceID {
        let milliseconds = time / 1_000_000
        return TraceID(high: milliseconds << 16 | mix(tail) & 0xffff, low: tail)
    }

    /// Not zero.
    static func random() -> UInt64 {
        let next = counter.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        let value = mix(next)
        return value == 0 ? 1 : value
    }

    /// The finaliser of SplitMix64.
    private static func mix(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
