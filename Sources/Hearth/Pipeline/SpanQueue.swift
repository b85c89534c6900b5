import Synchronization

/// Spans on their way to the export thread: bounded, many producers, one consumer that takes everything at once.
final class SpanQueue: Sendable {
    struct Item {
        let span: HearthSpan
        /// The span has begun; otherwise it has ended.
        let isStart: Bool
    }

    /// What a producer must do after a push.
    enum Signal {
        case none
        /// The queue was empty before.
        case wake
        /// A whole batch is waiting.
        case full
    }

    private struct State {
        var items: [Item] = []
        var bytes = 0
        var dropped = 0
        var isClosed = false
    }

    let capacity: Int
    let batchSize: Int
    private let state = Mutex(State())

    /// Bytes of text in what waits.
    private let maximumBytes: Int

    init(capacity: Int, bytes: Int = .max, batchSize: Int) {
        maximumBytes = bytes
        self.capacity = max(capacity, 1)
        self.batchSize = min(max(batchSize, 1), self.capacity)
    }

    /// Starts give way early: they are only a comfort, and ends need the room.
    func push(_ span: HearthSpan, isStart: Bool, bytes: Int = 0) -> Signal {
        state.withLock { state in
            let count = state.items.count
            if state.isClosed || count >= (isStart ? capacity / 4 : capacity)
                || (state.bytes + bytes > maximumBytes && state.bytes > 0)
            {
                if !isStart { state.dropped += 1 }
                return .none
            }
            state.bytes += bytes
            state.items.append(Item(span: span, isStart: isStart))
            return count + 1 == batchSize ? .full : count == 0 ? .wake : .none
        }
    }

    /// Takes all items in their order and the number dropped since the last call.
    ///
    /// - Parameter items: empty; its memory is used for the items to come.
    func take(into items: inout [Item]) -> Int {
        state.withLock { state in
            swap(&items, &state.items)
            state.bytes = 0
            defer { state.dropped = 0 }
            return state.dropped
        }
    }

    /// Spans that wait.
    var count: Int { state.withLock { $0.items.count } }

    /// Takes nothing more; what is in it can still be taken out.
    func close() {
        state.withLock { $0.isClosed = true }
    }
}
