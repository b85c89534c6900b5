import HearthExport
import Instrumentation
import Synchronization

extension HearthSpan {
    /// Records an error as an `exception` event; with `isEscaping` it also becomes the span's status and level.
    ///
    /// The closure forms of `Hearth.span` do this for errors that leave them.
    public func recordError(_ error: any Error, isEscaping: Bool = false, attributes: Attributes = [:]) {
        guard runtime != nil else { return }
        let description = ErrorDescription(error)
        add(
            SpanEventRecord(
                name: "exception",
                time: SystemTime.wall(),
                attributes: [
                    Attribute("exception.type", .string(description.type)),
                    Attribute("exception.message", .string(description.message)),
                    Attribute("exception.stacktrace", .string(description.stacktrace(in: self))),
                    Attribute("exception.escaped", .string(isEscaping ? "True" : "False")),
                ] + attributes.elements
            )
        )
        guard isEscaping else { return }
        update { state, _ in
            state.status = .error
            state.statusMessage = description.summary
            state.level = max(state.level ?? .error, .error)
        }
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
