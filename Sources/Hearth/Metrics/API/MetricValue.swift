/// A number that instruments take: `Int`, `Int64` or `Double`.
public protocol MetricValue: Sendable {
    /// The number in one of the two forms that OTLP knows.
    var measured: MeasuredValue { get }
}

/// A measured number.
@frozen
public enum MeasuredValue: Sendable, Hashable {
    /// A whole number.
    case int(Int64)
    /// A floating-point number.
    case double(Double)

    /// The number with a fraction; integers above 2^53 lose their last digits.
    public var double: Double {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        }
    }
}

extension Int: MetricValue {
    @inlinable public var measured: MeasuredValue { .int(Int64(self)) }
}

extension Int64: MetricValue {
    @inlinable public var measured: MeasuredValue { .int(self) }
}

extension Double: MetricValue {
    @inlinable public var measured: MeasuredValue { .double(self) }
}

extension MeasuredValue {
    /// The sum of two numbers; integers wrap around, a fraction on either side makes the sum one.
    func adding(_ other: MeasuredValue) -> MeasuredValue {
        if case .int(let left) = self, case .int(let right) = other { return .int(left &+ right) }
        return .double(double + other.double)
    }

    var isFinite: Bool {
        if case .double(let value) = self { value.isFinite } else { true }
    }

    var isNegative: Bool {
        switch self {
        case .int(let value): value < 0
        case .double(let value): value < 0
        }
    }

    /// JSON's number.
    var attributeValue: AttributeValue {
        switch self {
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        }
    }
}
