import HearthExport

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Lines on the terminal as things happen: a tree by indentation, times, colours by level.
struct Console: Sendable {
    private let options: ConsoleOptions
    private let hasColors: Bool
    private let descriptor: Int32
    private let write: @Sendable (String) -> Void

    /// Whether standard error is a terminal.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    init(_ options: ConsoleOptions) {
        let descriptor = options.output == .standardError ? STDERR_FILENO : STDOUT_FILENO
        self.init(options, descriptor: descriptor) { Diagnostics.writeLine($0, to: descriptor) }
    }

    /// - Parameter write: takes each line.
    init(_ options: ConsoleOptions, descriptor: Int32 = -1, write: @escaping @Sendable (String) -> Void) {
        self.options = options
        self.descriptor = descriptor
        self.write = write
        hasColors =
            switch options.colors {
            case .always: true
            case .never: false
            case .automatic: isatty(descriptor) == 1 && ProcessEnvironment.variable("NO_COLOR") == nil
            }
    }

    /// A span is shown when it begins, so that what happens inside stands below it.
    func began(_ span: HearthSpan) {
        guard let record = SpanRecord(span, isPending: true), (record.level ?? .info) >= options.minimumLevel else { return }
        write(line(for: record, depth: Int(span.depth), time: record.start))
    }

    /// A log is shown when it happens, an error of a span when the span ends.
    func ended(_ span: HearthSpan) {
        guard let record = SpanRecord(span, isPending: false) else { return }
        if record.kind == .log {
            guard (record.level ?? .info) >= options.minimumLevel else { return }
            write(line(for: record, depth: Int(span.depth), time: record.start))
        } else if record.status != .error {
            return
        }
        for event in record.events where event.name == "exception" {
            let text = event.attributes.first { $0.key == "exception.stacktrace" }?.value.text ?? ""
            for part in text.split(separator: "\n") { write(indent(Int(span.depth) + 1) + paint(String(part), 31)) }
        }
    }

    private func line(for record: SpanRecord, depth: Int, time: UInt64) -> String {
        let level = record.level ?? .info
        var line = options.showsTimes ? paint(Self.clock(time), 2) + " " : ""
        line += String(repeating: "  ", count: depth)
        let message = record.message ?? record.name
        // The level is spelled out where there is no colour to tell it.
        if !hasColors, level >= .warn { line += level.description.uppercased() + " " }
        line += level >= .error ? paint(message, 31) : level >= .warn ? paint(message, 33) : level < .info ? paint(message, 2) : message
        if !record.tags.isEmpty { line += paint(" [" + record.tags.joined(separator: ",") + "]", 36) }
        if options.isVerbose { line += paint("  \(record.file):\(record.line)", 2) }
        return line
    }

    private func indent(_ depth: Int) -> String {
        String(repeating: " ", count: (options.showsTimes ? 13 : 0) + 2 * depth)
    }

    private func paint(_ text: String, _ code: Int) -> String {
        hasColors ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }

    /// Local time of day with milliseconds.
    private static func clock(_ time: UInt64) -> String {
        var seconds = time_t(time / 1_000_000_000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let milliseconds = Int(time / 1_000_000 % 1000)
        let fraction = (milliseconds < 10 ? "00" : milliseconds < 100 ? "0" : "") + String(milliseconds)
        return "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(fraction)"
    }
}
