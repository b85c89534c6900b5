/// Some stored records: their times and number.
struct StoredPart: Sendable, Hashable {
    /// Microseconds since the Unix epoch.
    var starts: ClosedRange<Int64>
    var rows: Int64
}

/// Hashes of what is stored, hot file by hot file: exactly for those that are written, wait to be sealed or were sealed last, by filters
/// for all before.
struct StoredKeys: Sendable {
    /// What one hot file has.
    struct Generation: Sendable {
        let hot: Int64
        /// Rows of `span` and points of `metric_point`.
        var identities: IdentitySet
        var points = IdentitySet()
        /// Traces with rows in `span`.
        var traces: IdentitySet
        /// Responses that calls in `step` name.
        var responses = IdentitySet()
        /// Stream keys that calls in `step` have.
        var streamKeys = IdentitySet()
        var records: Int64 = 0
        var metricPoints: Int64 = 0
        /// Smallest and largest start of its records, in microseconds.
        var starts: ClosedRange<Int64>?

        init(hot: Int64, capacity: Int = 1024) {
            self.hot = hot
            identities = IdentitySet(capacity: capacity)
            traces = IdentitySet(capacity: max(1024, capacity / 8))
        }

        /// A filter over everything that later rows may ask for.
        ///
        /// - Parameter days: every trace with each of its days; nil when that is of no use.
        func filter(_ segments: [SegmentKey], days: [(trace: UInt64, day: Int32)]? = nil) -> SealedFilter {
            let sets = [traces, responses, streamKeys, points]
            let capacity = sets.reduce(days?.count ?? 0) { $0 + $1.count }
            var filter = SealedFilter(hot: hot, segments: segments, capacity: capacity, knowsDays: days != nil)
            for set in sets { set.forEach { filter.insert($0) } }
            for entry in days ?? [] { filter.insert(entry.trace, day: entry.day) }
            return filter
        }
    }

    /// In the order of hot files; the last is the one that is written.
    private(set) var generations: [Generation]
    /// Those of every hot file that was sealed.
    private var filters: [SealedFilter]
    private var sealedHot: Int64
    /// Rows of sealed traces that were asked for, and the traces.
    private var recalled = IdentitySet()
    private var recalledHashes = IdentitySet()

    /// Generations that stay after they were sealed: traces that go on would be looked up otherwise.
    private static let sealedGenerations = 2
    /// Recalled rows after which they are forgotten.
    private static let recallLimit = 500_000

    /// - Parameter generations: may be empty until ``begin(hot:capacity:)``, but then nothing can be asked.
    init(generations: [Generation], filters: [SealedFilter], sealedHot: Int64) {
        self.generations = generations
        self.filters = filters
        self.sealedHot = sealedHot
    }

    /// The hot file that is written.
    var current: Generation {
        get { generations[generations.count - 1] }
        _modify { yield &generations[generations.count - 1] }
    }

    /// Filters of hot files that no generation stands for.
    private var activeFilters: ArraySlice<SealedFilter> {
        let oldest = generations[0].hot
        return filters.prefix { $0.hot < oldest }
    }

    // MARK: Questions

    /// Whether a row is stored; of sealed ones only those are known that were recalled.
    func isStored(_ hash: UInt64) -> Bool {
        for generation in generations.reversed() where generation.identities.contains(hash) || generation.points.contains(hash) {
            return true
        }
        return recalled.contains(hash)
    }

    /// Whether a trace, response or stream key may have rows.
    func mayHave(_ hash: UInt64) -> Bool { isHot(hash) || isSealed(hash) }

    private func isHot(_ hash: UInt64) -> Bool {
        generations.contains { $0.traces.contains(hash) || $0.responses.contains(hash) || $0.streamKeys.contains(hash) }
    }

    /// Whether segments may have rows with a hash that no generation knows of.
    private func isSealed(_ hash: UInt64) -> Bool { activeFilters.contains { $0.mayContain(hash) } }

    /// Whether rows with this trace or point have to be recalled before it can be said which are stored.
    func needsRecall(_ hash: UInt64) -> Bool { !filters.isEmpty && isSealed(hash) && !recalledHashes.contains(hash) }

    // MARK: Changes

    /// - Parameters:
    ///   - asked: traces and points whose rows were read.
    ///   - rows: those rows.
    mutating func recall(_ asked: [UInt64], _ rows: [UInt64]) {
        if recalled.count + rows.count > Self.recallLimit { forgetRecalled() }
        for hash in asked { recalledHashes.insert(hash) }
        for hash in rows { recalled.insert(hash) }
    }

    private mutating func forgetRecalled() {
        recalled = IdentitySet()
        recalledHashes = IdentitySet()
    }

    /// Records of hot files that are not sealed.
    var hotRecords: Int64 { generations.reduce(0) { $0 + ($1.hot > sealedHot ? $1.records : 0) } }

    /// What is known of the hot files that are not sealed; nil for those without records.
    var hotParts: [Int64: StoredPart?] {
        let hots = generations.filter { $0.hot > sealedHot }.map { generation in
            (generation.hot, generation.starts.map { StoredPart(starts: $0, rows: generation.records) })
        }
        return Dictionary(hots) { $1 }
    }

    /// Hot files of which nothing is stored any more.
    mutating func forget(_ hots: Set<Int64>) { filters.removeAll { hots.contains($0.hot) } }

    mutating func begin(hot: Int64, capacity: Int = 1024) { generations.append(Generation(hot: hot, capacity: capacity)) }

    mutating func sealed(_ hot: Int64, _ filter: SealedFilter?) {
        sealedHot = max(sealedHot, hot)
        if let filter { filters.append(filter) }
        let sealed = generations.prefix { $0.hot <= sealedHot }.count
        guard sealed > Self.sealedGenerations else { return }
        generations.removeFirst(sealed - Self.sealedGenerations)
        // A trace that was recalled may have rows in what just went.
        forgetRecalled()
    }
}
