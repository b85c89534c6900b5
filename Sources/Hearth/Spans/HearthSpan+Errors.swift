import HearthExport
import Instrumentation
import Synchronization

extension HearthSpan {
    /// Records an error as an `exception` event; with `isEscaping` it also becomes the span's status and level.
    ///
    /// The closure forms of `Hearth.span` do this for errors that leave them.
    public func recordError(_ error: any Error, isEscaping: Bool = false, attributes: Attributes = [:]) {
        guard let description = addException(error, isEscaping: isEscaping, attributes: attributes.elements) else { return }
        guard isEscaping else { return }
        update { state, _ in
            state.status = .error
            state.statusMessage = description.summary
            state.level = max(state.level ?? .error, .error)
        }
    }

    /// Records an error that happened at a given time, and keeps its text for a status that is set later.
    ///
    /// - Parameter time: nanoseconds since the Unix epoch.
    package func recordError(_ error: any Error, attributes: [Attribute], at time: UInt64) {
        guard let description = addException(error, isEscaping: nil, attributes: attributes, at: time) else { return }
        update { state, _ in state.statusMessage = description.summary }
    }

    /// Adds the event `exception` of OpenTelemetry's conventions.
    ///
    /// - Parameter isEscaping: whether the error left the span; nil when that is not known.
    /// - Returns: nil when the span takes no events.
    @discardableResult
    func addException(
        _ error: any Error,
        isEscaping: Bool?,
        attributes: [Attribute] = [],
        at time: UInt64? = nil
    ) -> ErrorDescription? {
        guard isRecording else { return nil }
        let description = ErrorDescription(error)
        var all = [
            Attribute("exception.type", .string(description.type)), Attribute("exception.message", .string(description.message)),
            Attribute("exception.stacktrace", .string(description.stacktrace(in: self))),
        ]
        if let isEscaping { all.append(Attribute("exception.escaped", .string(isEscaping ? "True" : "False"))) }
        add(SpanEventRecord(name: "exception", time: time ?? SystemTime.wall(), attributes: all + attributes))
        return description
    }
}

/// How an error is told: its type, its text and what caused it.
struct ErrorDescription {
    var type: String
    var message: String
    /// What led to it, the nearest first; at most eight.
    var causes: [(type: String, message: String)] = []

    init(_ error: any Error) {
        type = String(reflecting: Swift.type(of: error))
        message = String(describing: error)
        var current: (any Error)? = Self.cause(of: error)
        while let cause = current, causes.count < 8 {
            causes.append((String(reflecting: Swift.type(of: cause)), String(describing: cause)))
            current = Self.cause(of: cause)
        }
    }

    /// `Type: text`.
    var summary: String { "\(type): \(message)" }

    /// Swift errors have no backtrace, so the open spans tell the way: where each of them was begun, the innermost first.
    func stacktrace(in span: HearthSpan) -> String {
        var text = summary
        var current: HearthSpan? = span
        var count = 0
        while let span = current, count < 32 {
            if !span.file.isEmpty { text += "\n    at \(span.function) (\(span.file):\(span.line)), \(span.template)" }
            current = span.state.withLock { $0.outer }?.hearth?.span
            count += 1
        }
        for cause in causes { text += "\ncaused by \(cause.type): \(cause.message)" }
        return text
    }

    private static func cause(of error: any Error) -> (any Error)? {
        for child in Mirror(reflecting: error).children {
            guard let label = child.label, ["underlyingError", "underlying", "cause", "wrapped"].contains(label) else { continue }
            if let cause = child.value as? any Error { return cause }
        }
        return nil
    }
}
