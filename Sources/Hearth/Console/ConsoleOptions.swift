/// What appears on the terminal.
public struct ConsoleOptions: Sendable, Hashable {
    /// When lines have colors.
    public enum Colors: Sendable, Hashable {
        /// When the output is a terminal and `NO_COLOR` is not set.
        case automatic
        /// Also when the output is a file or a pipe.
        case always
        /// Plain text.
        case never
    }

    /// Where lines are written.
    public enum Output: Sendable, Hashable {
        /// Standard error, which keeps a program's output usable by others.
        case standardError
        /// Standard output.
        case standardOutput
    }

    /// False keeps the terminal free of lines, whatever the environment says.
    public var isEnabled = true
    /// Whether lines have colors. `LOGFIRE_CONSOLE_COLORS`.
    public var colors = Colors.automatic
    /// Where lines are written; standard error otherwise.
    public var output = Output.standardError
    /// Whether lines begin with the time of day. `LOGFIRE_CONSOLE_INCLUDE_TIMESTAMP`.
    public var showsTimes = true
    /// Shows where in the program a line was made.
    public var isVerbose = false
    /// Spans and logs below it have no line. `LOGFIRE_CONSOLE_MIN_LOG_LEVEL`; info otherwise.
    public var minimumLevel = Level.info

    /// Lines with times from level info on, with colors where the output is a terminal.
    public init() {}
}
