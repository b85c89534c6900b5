/// Log levels of the contract (`logfire-contract.md` §3.3), which are OpenTelemetry severity numbers.
public enum Level {
    public static let trace: Int16 = 1
    public static let debug: Int16 = 5
    public static let info: Int16 = 9
    public static let notice: Int16 = 10
    public static let warn: Int16 = 13
    public static let error: Int16 = 17
    public static let fatal: Int16 = 21

    /// Names with the number each starts at, in rising order; `warning` is accepted for `warn`.
    public static let names: [(name: String, number: Int16)] = [
        ("trace", trace), ("debug", debug), ("info", info), ("notice", notice), ("warn", warn), ("error", error), ("fatal", fatal),
    ]
}
