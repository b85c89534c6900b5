/// The functions over the column `value` of `metrics` (`logfire-contract.md` §4.3).
enum MetricCalls {
    /// Aggregate functions that the store gives the engine, with their arguments as documented.
    static let aggregates: [String: (count: Int, usage: String)] = [
        "metric_increase": (2, "metric_increase(value, recorded_timestamp)"),
        "metric_merge": (1, "metric_merge(value)"),
        "metric_quantile": (2, "metric_quantile(0.95, value)"),
        "metric_rate": (2, "metric_rate(value, recorded_timestamp)"),
    ]

    /// - Throws: ``QueryError`` when an aggregate is called in a way that it does not support.
    static func check(_ call: JSONValue) throws(QueryError) {
        guard let name = call.functionName, let (count, usage) = aggregates[name] else { return }
        func refused(_ reason: String) -> QueryError {
            QueryError(code: .notAllowed, message: "\(name) \(reason)", position: call.location)
        }
        if call.expressionClass == "WINDOW" { throw refused("cannot be used with OVER; use it with GROUP BY") }
        if call["distinct"]?.bool == true { throw refused("cannot be used with DISTINCT: points are told apart by their series already") }
        guard call.children.count == count else { throw refused("takes \(count) argument\(count == 1 ? "" : "s"): \(usage)") }
    }

    /// What to say instead of the engine's list of types, when `message` is about an argument of one of these functions.
    static func explanation(of message: String) -> String? {
        guard message.hasPrefix("No function matches"),
            let (name, call) = aggregates.first(where: { message.contains("'\($0.key)(") })
        else { return nil }
        return "\(name) takes the column value of the table metrics: \(call.usage)"
    }
}
