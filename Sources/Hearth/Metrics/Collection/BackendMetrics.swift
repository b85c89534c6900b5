// The door for the backend of swift-metrics, which lives in a module of its own.

extension Hearth.Counter {
    /// Begins the sum anew.
    package func reset() {
        guard let storage = target.instrument.storage, let binding = target.binding else { return }
        for series in binding.series(in: storage) { series.restart() }
    }
}

extension Hearth.Gauge {
    /// Adds to the value, which is zero at first.
    package func adjust(by amount: Double) {
        guard let storage = target.instrument.storage, let binding = target.binding, storage.admits(.double(amount)) else { return }
        for series in binding.series(in: storage) { (series.cell as? LastValueCell)?.adjust(by: amount) }
    }
}
