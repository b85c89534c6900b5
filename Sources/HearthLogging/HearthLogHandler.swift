public import Hearth
public import Logging

/// The backend of swift-log: each log event becomes a log of the trace around it, with the logger's label as its scope.
///
/// ```swift
/// try Hearth.configure()
/// LoggingSystem.bootstrap(HearthLogHandler.init(label:))
/// ```
/// To keep another handler too, bootstrap with `MultiplexLogHandler([HearthLogHandler(label: label), other])`.
public struct HearthLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    public var logLevel: Logger.Level

    private let scope: InstrumentationScope

    /// - Parameters:
    ///   - label: the logger's label.
    ///   - logLevel: events below it are not recorded; `trace` leaves the choice to Hearth's own level.
    public init(label: String, logLevel: Logger.Level = .trace) {
        scope = .named(label)
        self.logLevel = logLevel
    }

    /// For `LoggingSystem.bootstrap`.
    public init(label: String) {
        self.init(label: label, logLevel: .trace)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        Hearth.record(
            Level(event.level),
            message: event.message.description,
            attributes: attributes(of: event),
            error: event.error,
            scope: scope,
            source: SourceLocation(file: event.file, function: event.function, line: Int(clamping: event.line))
        )
    }

    /// The handler's metadata below the provider's below the event's.
    private func attributes(of event: LogEvent) -> Attributes {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { $1 } }
        if let own = event.metadata { merged.merge(own) { $1 } }
        return Attributes(merged.sorted { $0.key < $1.key }.map { Attribute($0.key, AttributeValue($0.value)) })
    }
}

extension Level {
    /// The level of the same name; critical is fatal.
    public init(_ level: Logger.Level) {
        self =
            switch level {
            case .trace: .trace
            case .debug: .debug
            case .info: .info
            case .notice: .notice
            case .warning: .warn
            case .error: .error
            case .critical: .fatal
            }
    }
}

extension AttributeValue {
    /// Texts, arrays and objects as they are.
    init(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): self = .string(text)
        // Numbers and flags keep their kind.
        case .stringConvertible(let value): self = (value as? any AttributeConvertible)?.attributeValue ?? .string(value.description)
        case .array(let values): self = .array(values.map(AttributeValue.init))
        case .dictionary(let members):
            self = .object(members.sorted { $0.key < $1.key }.map { Attribute($0.key, AttributeValue($0.value)) })
        }
    }
}
