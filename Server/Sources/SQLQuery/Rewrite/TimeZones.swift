/// Puts a time zone other than UTC into the functions that cut times by the calendar, since sessions always run in UTC.
struct TimeZones {
    let engine: SyntaxEngine
    /// IANA name.
    let zone: String

    private static let parts: Set<String> = [
        "century", "day", "dayname", "dayofmonth", "dayofweek", "dayofyear", "decade", "era", "hour", "isodow", "isoyear", "last_day",
        "millennium",
        "minute", "month", "monthname", "quarter", "strftime", "week", "weekday", "weekofyear", "year", "yearweek",
    ]

    /// The call with the zone in it, or as it was.
    func rewrite(_ call: JSONValue) throws(QueryError) -> JSONValue {
        guard let name = call.functionName, call.expressionClass == "FUNCTION" else { return call }
        let arguments = call.children
        let zone = "'" + zone.replacing("'", with: "''") + "'"
        let body: String
        switch (name, arguments.count) {
        case ("time_bucket", 2): body = "time_bucket(CAST(__1 AS INTERVAL), CAST(__2 AS TIMESTAMPTZ), \(zone))"
        case ("date_trunc", 2), ("datetrunc", 2):
            body = "timezone(\(zone), CAST(date_trunc(__1, timezone(\(zone), CAST(__2 AS TIMESTAMPTZ))) AS TIMESTAMP))"
        case ("date_part", 2), ("datepart", 2):
            // Epochs are the same everywhere.
            if arguments[0].stringConstant?.lowercased().hasPrefix("epoch") == true { return call }
            body = "date_part(__1, timezone(\(zone), CAST(__2 AS TIMESTAMPTZ)))"
        case (_, 1) where Self.parts.contains(name): body = "\(name)(timezone(\(zone), CAST(__1 AS TIMESTAMPTZ)))"
        case ("strftime", 2): body = "strftime(timezone(\(zone), CAST(__1 AS TIMESTAMPTZ)), __2)"
        default: return call
        }
        var result = Expressions.substitute(arguments, into: try engine.expression(body))
        result["alias"] = call["alias"]
        return result
    }
}
