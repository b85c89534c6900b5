import DuckDBKit

/// The aggregate functions over the column `value` of `metrics` (`logfire-contract.md` §4.3).
enum MetricFunctions {
    /// Makes them known to the connection's instance.
    static func register(_ connection: borrowing Connection) throws(DuckDBError) {
        let value = MetricValueLayout.value
        try connection.register(
            IncreaseState<TotalIncrease>.self, as: TotalIncrease.function, parameters: [value, "TIMESTAMPTZ"], result: "DOUBLE")
        try connection.register(
            IncreaseState<RateOfIncrease>.self, as: RateOfIncrease.function, parameters: [value, "TIMESTAMPTZ"], result: "DOUBLE")
        try connection.register(QuantileState.self, as: "metric_quantile", parameters: ["DOUBLE", value], result: "DOUBLE")
        try connection.register(MergeState.self, as: "metric_merge", parameters: [value], result: value)
    }
}
