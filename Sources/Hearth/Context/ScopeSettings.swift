/// What `Hearth.withTags` and `Hearth.withSettings` set for everything inside.
public struct SpanSettings: Sendable {
    /// Added to the tags of every span and log.
    public var tags: [String] = []
    /// Added to the attributes of every span and log; their own values win.
    public var attributes: Attributes = [:]
    /// Spans and logs below this level are not made.
    public var minimumLevel: Level?
    /// Nothing is recorded inside.
    public var isSuppressed = false
    /// The scope of spans and logs that name none themselves.
    public var scope: InstrumentationScope?

    /// Settings; what is left out is as it is outside.
    public init(
        tags: [String] = [],
        attributes: Attributes = [:],
        minimumLevel: Level? = nil,
        isSuppressed: Bool = false,
        scope: InstrumentationScope? = nil
    ) {
        self.tags = tags
        self.attributes = attributes
        self.minimumLevel = minimumLevel
        self.isSuppressed = isSuppressed
        self.scope = scope
    }

    /// These settings inside of others.
    func inside(_ outer: SpanSettings) -> SpanSettings {
        var result = outer
        for tag in tags where !result.tags.contains(tag) { result.tags.append(tag) }
        result.attributes.merge(attributes)
        result.minimumLevel = minimumLevel ?? outer.minimumLevel
        result.isSuppressed = outer.isSuppressed || isSuppressed
        result.scope = scope ?? outer.scope
        return result
    }
}

/// Settings that contexts and spans share.
final class ScopeSettings: Sendable {
    let values: SpanSettings

    init(_ values: SpanSettings) {
        self.values = values
    }
}
