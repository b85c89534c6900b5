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
    /// Share of the spans and logs that are made, 0 … 1, each decided by its own id; those inside of one that is not made belong to the
    /// span around it. Sent as `logfire.sample_rate`, so that what is missing can be counted in.
    public var sampleRate: Double?

    /// Settings; what is left out is as it is outside.
    public init(
        tags: [String] = [],
        attributes: Attributes = [:],
        minimumLevel: Level? = nil,
        isSuppressed: Bool = false,
        scope: InstrumentationScope? = nil,
        sampleRate: Double? = nil
    ) {
        self.tags = tags
        self.attributes = attributes
        self.minimumLevel = minimumLevel
        self.isSuppressed = isSuppressed
        self.scope = scope
        self.sampleRate = sampleRate
    }

    /// These settings inside of others.
    func inside(_ outer: SpanSettings) -> SpanSettings {
        var result = outer
        for tag in tags where !result.tags.contains(tag) { result.tags.append(tag) }
        result.attributes.merge(attributes)
        result.minimumLevel = minimumLevel ?? outer.minimumLevel
        result.isSuppressed = outer.isSuppressed || isSuppressed
        result.scope = scope ?? outer.scope
        result.sampleRate = sampleRate ?? outer.sampleRate
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
