import HearthExport
import Synchronization

/// One of a few places where finished spans wait, encoded, for the export thread; threads share one only by chance.
final class SpanShard: Sendable {
    /// Where an open span stands in ``State/open``.
    struct OpenSlot {
        var index: UInt32
        var generation: UInt32

        static let none = OpenSlot(index: .max, generation: 0)
    }

    /// What a producer must do afterwards.
    enum Signal {
        case none
        /// There was nothing before.
        case wake
        /// A whole batch is waiting.
        case full
    }

    struct State: ~Copyable {
        /// Filled up to ``position``; the rest is room.
        var bytes: [UInt8] = []
        var position = 0
        /// Offset behind each span.
        var ends: [Int] = []
        var runs: [RecordBatch.Run] = []
        var scope: Unmanaged<InstrumentationScope>?
        /// Spans that have begun since the export thread was here, and are not yet shown as pending.
        var open: [HearthSpan?] = []
        var generation: UInt32 = 1
        /// What may still be added before more must be reserved.
        var remainingSpans = 0
        var remainingBytes = 0
        var dropped = 0
        var isSignalled = false
        var isClosed = false
    }

    /// What the export thread took.
    struct Harvest {
        var batch: RecordBatch?
        var open: [HearthSpan?]
        var dropped: Int
    }

    private let state = Mutex(State())
    private let budget: SpanBudget
    private let batchSpans: Int
    private let maximumOpen: Int

    init(budget: SpanBudget, batchSpans: Int, maximumOpen: Int) {
        self.budget = budget
        self.batchSpans = batchSpans
        self.maximumOpen = maximumOpen
    }

    // MARK: Producers

    /// Remembers a span that has begun, so that it can be shown while it is open.
    @inline(__always)
    func began(_ span: HearthSpan) -> (OpenSlot, Signal) {
        state.withLock { state in
            let index = state.open.count
            // Only a comfort: where very many spans are open some are not shown.
            guard index < maximumOpen, !state.isClosed else { return (.none, .none) }
            state.open.append(span)
            let slot = OpenSlot(index: UInt32(truncatingIfNeeded: index), generation: state.generation)
            if state.isSignalled { return (slot, .none) }
            state.isSignalled = true
            return (slot, .wake)
        }
    }

    /// Takes back a span that has ended before it was shown.
    func forget(_ slot: OpenSlot) {
        let span = state.withLock { state in Self.remove(slot, from: &state) }
        // Let go outside of the lock.
        _ = span
    }

    @inline(__always)
    private static func remove(_ slot: OpenSlot, from state: inout State) -> HearthSpan? {
        let index = Int(slot.index)
        guard slot.generation == state.generation, index < state.open.count else { return nil }
        if index == state.open.count - 1 {
            let span = state.open.removeLast()
            while let last = state.open.last, last == nil { state.open.removeLast() }
            return span
        }
        let span = state.open[index]
        state.open[index] = nil
        return span
    }

    /// Encodes a span that has ended; counts it as dropped when too much waits already.
    @inline(__always)
    func add(_ plan: DirectEncoder.Plan, _ span: borrowing HearthSpan, _ scope: InstrumentationScope, _ spanState: borrowing SpanState)
        -> Signal
    {
        let slot = span.openSlot
        return state.withLock { state -> Signal in
            if slot.index != .max { _ = Self.remove(slot, from: &state) }
            if state.remainingSpans <= 0 || state.remainingBytes <= 0 {
                guard !state.isClosed, budget.reserve(&state) else {
                    state.dropped += 1
                    return .none
                }
            }
            if state.bytes.count - state.position < plan.bound { Self.grow(&state, by: plan.bound) }
            if state.scope?.toOpaque() != Unmanaged.passUnretained(scope).toOpaque() { Self.begin(scope, &state) }
            let position = state.position
            let count = state.bytes.withUnsafeMutableBufferPointer { buffer in
                DirectEncoder.write(plan, span, spanState, to: buffer.baseAddress! + position)
            }
            state.position = position + count
            state.ends.append(position + count)
            state.remainingSpans -= 1
            state.remainingBytes -= count
            if state.ends.count == batchSpans {
                state.isSignalled = true
                return .full
            }
            if state.isSignalled { return .none }
            state.isSignalled = true
            return .wake
        }
    }

    @inline(never)
    private static func grow(_ state: inout State, by count: Int) {
        let room = max(state.bytes.count * 2, state.position + count, 64 * 1024)
        state.bytes.append(contentsOf: repeatElement(0, count: room - state.bytes.count))
    }

    @inline(never)
    private static func begin(_ scope: InstrumentationScope, _ state: inout State) {
        // Scopes of spans that wait here are kept alive by their call sites.
        state.scope = Unmanaged.passUnretained(scope)
        state.runs.append(RecordBatch.Run(scope: EncodedOrigin.scope(scope), start: state.ends.count))
    }

    /// Spans that wait.
    var count: Int { state.withLock { $0.ends.count } }

    // MARK: The export thread

    /// Takes everything.
    ///
    /// - Parameter room: memory for the spans to come; becomes empty.
    func take(resource: [UInt8], room: inout [UInt8]) -> Harvest {
        state.withLock { state in
            let open = state.open
            state.open = []
            state.generation &+= 1
            let dropped = state.dropped
            state.dropped = 0
            state.isSignalled = false
            state.scope = nil
            budget.giveBack(&state)
            guard !state.ends.isEmpty else { return Harvest(batch: nil, open: open, dropped: dropped) }
            state.bytes.removeLast(state.bytes.count - state.position)
            let batch = RecordBatch(resource: resource, runs: state.runs, bytes: state.bytes, ends: state.ends)
            state.bytes = []
            swap(&state.bytes, &room)
            state.position = 0
            let spans = min(state.ends.count, 16_384)
            state.ends = []
            state.ends.reserveCapacity(spans)
            state.runs = []
            return Harvest(batch: batch, open: open, dropped: dropped)
        }
    }

    /// Takes nothing more; what is in it can still be taken out.
    func close() {
        let open = state.withLock { state in
            state.isClosed = true
            state.remainingSpans = 0
            state.generation &+= 1
            let open = state.open
            state.open = []
            return open
        }
        _ = open
    }
}

/// What all shards together may hold, handed out in portions so that they seldom meet here.
final class SpanBudget: Sendable {
    private let spans: Atomic<Int>
    private let bytes: Atomic<Int>
    private let spanPortion: Int
    private static let bytePortion = 256 * 1024

    init(spans: Int, bytes: Int) {
        self.spans = Atomic(max(spans, 1))
        self.bytes = Atomic(max(bytes, Self.bytePortion))
        spanPortion = min(max(spans / 16, 1), 256)
    }

    /// Reserves what the shard lacks; false when there is nothing left.
    @inline(never)
    func reserve(_ state: inout SpanShard.State) -> Bool {
        if state.remainingSpans <= 0 {
            let portion = Self.portion(spanPortion, of: spans)
            guard portion > 0 else { return false }
            state.remainingSpans += portion
        }
        if state.remainingBytes <= 0 {
            // A span may have gone beyond; the debt is paid first.
            let portion = Self.portion(Self.bytePortion - state.remainingBytes, of: bytes)
            state.remainingBytes += portion
            guard state.remainingBytes > 0 else { return false }
        }
        return true
    }

    /// Returns what the waiting spans used and what was left of the reservation.
    func giveBack(_ state: inout SpanShard.State) {
        spans.wrappingAdd(state.ends.count + state.remainingSpans, ordering: .relaxed)
        bytes.wrappingAdd(state.position + state.remainingBytes, ordering: .relaxed)
        state.remainingSpans = 0
        state.remainingBytes = 0
    }

    private static func portion(_ wanted: Int, of pool: borrowing Atomic<Int>) -> Int {
        var available = pool.load(ordering: .relaxed)
        while available > 0 {
            let portion = min(wanted, available)
            let (exchanged, original) = pool.compareExchange(expected: available, desired: available - portion, ordering: .relaxed)
            if exchanged { return portion }
            available = original
        }
        return 0
    }
}
