/// A sum whose rounding errors do not add up, so that it does not depend on the order of the values (Neumaier's method).
struct ExactSum {
    private var sum = 0.0
    private var lost = 0.0

    mutating func add(_ value: Double) {
        let next = sum + value
        lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
        sum = next
    }

    mutating func add(_ other: ExactSum) {
        add(other.sum)
        add(other.lost)
    }

    /// Infinities lose the correction, which would be no number.
    var value: Double { lost.isFinite ? sum + lost : sum }
}
