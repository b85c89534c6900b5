import HearthExport
import Instrumentation
import Synchronization

/// A configured SDK: what every span start needs, resolved once.
final class Runtime: Sendable {
    let pipeline: Pipeline
    let console: Console?
    let sampler: Sampler
    let limits: SpanLimits
    let minimumLevel: Level
    let addsBaggage: Bool
    let acceptsRemoteParents: Bool
    let exitTimeout: Duration
    /// Nil when metrics are switched off.
    let metrics: MetricReader?

    init(
        pipeline: Pipeline,
        console: Console?,
        sampler: Sampler,
        limits: SpanLimits,
        minimumLevel: Level,
        addsBaggage: Bool,
        acceptsRemoteParents: Bool,
        exitTimeout: Duration,
        metrics: MetricReader?
    ) {
        self.pipeline = pipeline
        self.console = console
        self.sampler = sampler
        self.limits = limits
        self.minimumLevel = minimumLevel
        self.addsBaggage = addsBaggage
        self.acceptsRemoteParents = acceptsRemoteParents
        self.exitTimeout = exitTimeout
        self.metrics = metrics
    }

    /// Waits until all spans that have ended and all measurements made are delivered or given up.
    ///
    /// - Parameter deadline: a moment of the monotonic clock.
    func flush(deadline: UInt64) -> Bool {
        metrics?.beginCollection()
        let areSpansDone = pipeline.flush(deadline: deadline)
        return metrics?.flush(deadline: deadline) ?? true && areSpansDone
    }

    /// Like ``flush(deadline:)``; nothing is taken afterwards.
    func shutdown(deadline: UInt64) -> Bool {
        metrics?.beginCollection()
        let areSpansDone = pipeline.shutdown(deadline: deadline)
        // Afterwards, so that what spans lost at the end is told too.
        return metrics?.shutdown(deadline: deadline) ?? true && areSpansDone
    }

    /// What a start leads to.
    enum Start {
        case recorded(HearthSpan)
        /// The trace is not recorded: what is inside must know.
        case unsampled
        /// Nothing is recorded here, but the surroundings stay as they are.
        case skipped
    }

    /// What a caller asks for.
    struct Request {
        var name: String
        var style = HearthSpan.Style.span
        var role = SpanRole.internal
        var level: Level?
        var tags: [String] = []
        var scope: InstrumentationScope?
        var links: [SpanLinkRecord] = []
        var source: SourceLocation
        /// Nanoseconds since the Unix epoch; nil is now.
        var time: UInt64?
    }

    func start(_ request: Request, in outer: InstrumentationContext?, attributes makeAttributes: () -> Attributes) -> Start {
        let node = outer?.hearth
        var settings: ScopeSettings?
        var baggage = Baggage()
        var parent: HearthSpan?
        var remote: SpanContext?
        switch node {
        case nil: break
        case .unsampled: return .skipped
        case .span(let span):
            parent = span
            settings = span.settings
            baggage = span.baggage
        case .extended(let more):
            parent = more.span
            remote = acceptsRemoteParents ? more.remote : nil
            settings = more.settings
            baggage = more.baggage
        }
        if settings?.values.isSuppressed == true { return .skipped }
        if (request.level ?? .info) < (settings?.values.minimumLevel ?? minimumLevel) { return .skipped }

        let time = request.time ?? SystemTime.wall()
        let traceID: TraceID
        var traceState = ""
        var flags: TraceFlags = .sampled
        var parentID = SpanID(0)
        var isRemote = false
        if let parent {
            traceID = parent.traceID
            parentID = parent.spanID
            traceState = parent.traceState
            flags = parent.flags
        } else if let remote {
            guard remote.isSampled else { return .unsampled }
            traceID = remote.traceID
            parentID = remote.spanID
            traceState = remote.traceState
            flags = remote.flags
            isRemote = true
        } else {
            traceID = IDGenerator.traceID(at: time)
            guard sampler.isSampled(traceID, name: request.name) else { return .unsampled }
        }

        var attributes = makeAttributes().elements
        var tags = request.tags
        if let settings {
            for tag in settings.values.tags where !tags.contains(tag) { tags.append(tag) }
            for attribute in settings.values.attributes where !attributes.contains(where: { $0.key == attribute.key }) {
                attributes.append(attribute)
            }
        }
        if addsBaggage, !baggage.isEmpty { Self.add(baggage, to: &attributes) }
        var dropped = 0
        if attributes.count > limits.attributes {
            dropped = attributes.count - limits.attributes
            attributes.removeLast(dropped)
        }
        var state = SpanState(name: request.name, attributes: attributes, tags: tags, level: request.level, outer: outer)
        state.droppedAttributes = UInt32(dropped)
        state.links = request.links.count <= limits.links ? request.links : Array(request.links.prefix(limits.links))
        state.droppedLinks = UInt32(request.links.count - state.links.count)
        let span = HearthSpan(
            runtime: self,
            traceID: traceID,
            spanID: IDGenerator.spanID(),
            parentID: parentID,
            flags: flags,
            parentIsRemote: isRemote,
            style: request.style,
            role: request.role,
            depth: parent.map { $0.depth &+ 1 } ?? 0,
            traceState: traceState,
            start: time,
            scope: request.scope ?? settings?.values.scope ?? .hearth,
            template: request.name,
            source: request.source,
            settings: settings,
            baggage: baggage,
            state: state
        )
        if request.style != .log {
            pipeline.began(span)
            console?.began(span)
        }
        return .recorded(span)
    }

    /// Called once per span, at its end.
    func finish(_ span: HearthSpan) {
        pipeline.ended(span)
        console?.ended(span)
    }

    /// Baggage as attributes: at most 1000 characters each; a name that is taken gets another one.
    private static func add(_ baggage: Baggage, to attributes: inout [Attribute]) {
        for entry in baggage.entries {
            let value = MessageTemplate.shortened(entry.value, to: 1000)
            let isTaken = attributes.contains { $0.key == entry.name }
            attributes.append(Attribute(isTaken ? "baggage_conflict.\(entry.name)" : entry.name, .string(value)))
        }
    }

    // MARK: The one in use

    /// Points to an object that is never freed: configurations are few and spans may hold the old one.
    private static let pointer = Atomic<UInt>(0)

    /// Nil until ``Hearth/configure(_:)``.
    @inline(__always)
    static var current: Runtime? {
        let bits = pointer.load(ordering: .acquiring)
        return bits == 0 ? nil : Unmanaged<Runtime>.fromOpaque(UnsafeRawPointer(bitPattern: bits)!).takeUnretainedValue()
    }

    /// - Returns: the one that was in use before.
    static func replace(with runtime: Runtime?) -> Runtime? {
        let bits = runtime.map { UInt(bitPattern: Unmanaged.passRetained($0).toOpaque()) } ?? 0
        let old = pointer.exchange(bits, ordering: .acquiringAndReleasing)
        return old == 0 ? nil : Unmanaged<Runtime>.fromOpaque(UnsafeRawPointer(bitPattern: old)!).takeUnretainedValue()
    }
}
