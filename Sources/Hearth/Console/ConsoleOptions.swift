/// What appears on the terminal.
public struct ConsoleOptions: Sendable, Hashable {
    public enum Colors: Sendable, Hashable {
        /// When the output is a terminal and `NO_COLOR` is not set.
        case automatic
        case always
        case never
    }

    public enum Output: Sendable, Hashable {
        case standardError
        case standardOutput
    }

    /// False keeps the terminal free of lines, whatever the environment says.
    public var isEnabled = true
    public var colors = Colors.automatic
    public var output = Output.standardError
    public var showsTimes = true
    /// Shows where in the program a line was made.
    public var isVerbose = false
    public var minimumLevel = Level.info

    public init() {}
}
