import Synchronization

/// The traces with records in hot files: what is asked of one trace need not read, nor plan for, a hot file without it.
///
/// The writer adds the traces of a group before it answers, so whoever was told that a record is stored finds its trace here. A hot file of which
/// nothing is known may have any trace.
final class HotTraces: Sendable {
    private let known = Mutex<[Int64: IdentitySet]>([:])

    /// What was found when hot files were opened takes the place of everything known.
    func reset(_ generations: [StoredKeys.Generation]) {
        let sets = Dictionary(generations.map { ($0.hot, $0.traces) }) { $1 }
        known.withLock { $0 = sets }
    }

    /// A hot file was created; it is empty.
    func begin(_ hot: Int64) { known.withLock { $0[hot] = IdentitySet() } }

    /// Records of traces were committed to a hot file.
    func insert(_ traces: some Sequence<UInt64>, _ hot: Int64) {
        known.withLock { known in
            for trace in traces { known[hot]?.insert(trace) }
        }
    }

    /// A hot file is gone.
    func forget(_ hot: Int64) { known.withLock { $0[hot] = nil } }

    /// Whether a hot file may have records of one of these traces.
    func mayHave(_ traces: [UInt64], _ hot: Int64) -> Bool {
        known.withLock { known in
            guard let set = known[hot] else { return true }
            return traces.contains(where: set.contains)
        }
    }
}
