import HearthExport
import Synchronization

/// All instruments of the process, and the configuration they are tied to.
enum InstrumentRegistry {
    private struct State {
        var known: [InstrumentIdentity: Instrument] = [:]
        /// In the order they were made.
        var all: [Instrument] = []
        var reader: MetricReader?
    }

    /// More are a programming error: names made of values.
    static let maximumInstruments = 10_000

    private static let state = Mutex(State())
    /// The instrument made last, each of which names the one before: what can be walked without a lock. They are never freed.
    private static let newest = Atomic<UInt>(0)

    /// Called in the child right after `fork`: its instruments do nothing until it is configured, since the threads that collect are the
    /// parent's.
    static func becomeChild() {
        var bits = newest.load(ordering: .acquiring)
        while let pointer = UnsafeRawPointer(bitPattern: bits) {
            bits = Unmanaged<Instrument>.fromOpaque(pointer)._withUnsafeGuaranteedRef { instrument in
                instrument.bind(nil)
                return instrument.next.load(ordering: .relaxed)
            }
        }
    }

    static func instrument(_ identity: InstrumentIdentity, boundaries: [Double]?) -> Instrument {
        if let problem = identity.problem { Diagnostics.warn(.configuration, problem) }
        let (instrument, isTooMany) = state.withLock { state -> (Instrument, Bool) in
            if let known = state.known[identity] { return (known, false) }
            let new = Instrument(identity, boundaries: boundaries)
            guard state.all.count < maximumInstruments, !identity.name.isEmpty else { return (new, !identity.name.isEmpty) }
            state.known[identity] = new
            state.all.append(new)
            new.next.store(newest.load(ordering: .relaxed), ordering: .relaxed)
            newest.store(UInt(bitPattern: Unmanaged.passRetained(new).toOpaque()), ordering: .releasing)
            if let reader = state.reader { new.bind(reader.add(new)) }
            return (new, false)
        }
        if isTooMany {
            Diagnostics.warn(.configuration, "'\(identity.name)' records nothing: there are \(maximumInstruments) instruments already")
        }
        return instrument
    }

    /// Ties all instruments to a configuration; nil makes them do nothing.
    static func use(_ reader: MetricReader?) {
        state.withLock { state in
            state.reader = reader
            for instrument in state.all { instrument.bind(reader?.add(instrument)) }
        }
    }
}
