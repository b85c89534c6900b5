import HearthExport
import Instrumentation
import Synchronization

/// A configured SDK: what every span start needs, resolved once.
final class Runtime: Sendable {
    let pipeline: Pipeline
    let console: Console?
    let sampler: Sampler
    /// Traces whose random bits are below it are recorded; nil when that depends on more, or all are.
    let simpleThreshold: UInt64?
    let limits: SpanLimits
    let minimumLevel: Level
    let addsBaggage: Bool
    let acceptsRemoteParents: Bool
    let exitTimeout: Duration
    /// The place in the trace of the process that started this one; where spans begin that have nothing around them.
    let inherited: ContextExtension?
    /// Whether this process is the child of the one that made the runtime: then nothing of it is sent here.
    private let abandoned = Atomic<Bool>(false)
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
        metrics: MetricReader?,
        inherited: ContextExtension? = nil
    ) {
        self.pipeline = pipeline
        self.console = console
        self.sampler = sampler
        // Spans that begin in a trace of another process follow its decision.
        simpleThreshold = inherited?.remote == nil ? sampler.simpleThreshold : nil
        self.limits = limits
        self.minimumLevel = minimumLevel
        self.addsBaggage = addsBaggage
        self.acceptsRemoteParents = acceptsRemoteParents
        self.exitTimeout = exitTimeout
        self.metrics = metrics
        self.inherited = inherited
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
    @discardableResult
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
        var spanKind = Hearth.SpanKind.internal
        var level: Level?
        var tags: [String] = []
        var scope: InstrumentationScope?
        var links: [SpanLinkRecord] = []
        var source: SourceLocation
        /// Nanoseconds since the Unix epoch; nil is now.
        var time: UInt64?
        /// The last eight bytes of the id of a trace that is known to be recorded; one when that is not known.
        var tail: UInt64 = 1
    }

    func start(_ request: Request, in outer: InstrumentationContext?, attributes makeAttributes: () -> Attributes) -> Start {
        let node = outer?.hearth
        var settings: ScopeSettings?
        var baggage = Baggage()
        var parent: HearthSpan?
        var remote: SpanContext?
        switch node {
        case nil:
            if let inherited {
                remote = inherited.remote
                baggage = inherited.baggage
            }
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

        let spanID = IDGenerator.spanID()
        if let rate = settings?.values.sampleRate, !Sampler.isMade(spanID, rate) { return .skipped }

        let traceID: TraceID
        let time: UInt64
        var traceState = ""
        var flags: TraceFlags = .sampled
        var parentID = SpanID(0)
        var isRemote = false
        if let parent {
            time = request.time ?? SystemTime.wall()
            traceID = parent.traceID
            parentID = parent.spanID
            traceState = parent.traceState
            flags = parent.flags
        } else if let remote {
            guard remote.isSampled else { return .unsampled }
            time = request.time ?? SystemTime.wall()
            traceID = remote.traceID
            parentID = remote.spanID
            traceState = remote.traceState
            flags = remote.flags
            isRemote = true
        } else {
            // The clock is not needed to decide.
            var tail = request.tail
            if tail == 1 {
                if simpleThreshold != nil, UnsampledTrace.isCurrent { return .skipped }
                tail = IDGenerator.random()
                guard sampler.isSampled(tail, name: request.name) else { return .unsampled }
            }
            time = request.time ?? SystemTime.wall()
            traceID = IDGenerator.traceID(at: time, tail: tail)
        }

        var attributes = makeAttributes().elements
        if let settings {
            for attribute in settings.values.attributes where !attributes.contains(where: { $0.key == attribute.key }) {
                attributes.append(attribute)
            }
            if let rate = settings.values.sampleRate {
                attributes.append(Attribute("logfire.sample_rate", .double(Sampler.Rate(rate).value)))
            }
        }
        if addsBaggage, !baggage.isEmpty { Self.add(baggage, to: &attributes) }
        var dropped = 0
        if attributes.count > limits.attributes {
            dropped = attributes.count - limits.attributes
            attributes.removeLast(dropped)
        }
        var state = SpanState(attributes: attributes, level: request.level, outer: outer)
        if dropped > 0 { state.droppedAttributes = UInt32(clamping: dropped) }
        if !request.tags.isEmpty || settings?.values.tags.isEmpty == false {
            var tags = request.tags
            for tag in settings?.values.tags ?? [] where !tags.contains(tag) { tags.append(tag) }
            state.tags = tags
        }
        if !request.links.isEmpty {
            state.links = Array(request.links.prefix(limits.links))
            if request.links.count > limits.links { state.droppedLinks = UInt32(clamping: request.links.count - limits.links) }
        }
        let needsExtension = settings != nil || !baggage.isEmpty || !traceState.isEmpty
        let span = HearthSpan(
            runtime: .passUnretained(self),
            traceID: traceID,
            spanID: spanID,
            parentID: parentID,
            start: time,
            site: CallSites.site(request.name, request.source, request.style, request.scope ?? settings?.values.scope ?? .hearth),
            extension: needsExtension ? SpanExtension(traceState: traceState, settings: settings, baggage: baggage) : nil,
            flags: flags,
            parentIsRemote: isRemote,
            spanKind: request.spanKind,
            shard: pipeline.shardOfThread(),
            depth: parent.map { $0.depth &+ 1 } ?? 0,
            state: state
        )
        if request.style != .log {
            pipeline.began(span)
            if let console { console.began(span) }
        }
        return .recorded(span)
    }

    /// Called once per span, at its end.
    @inline(__always)
    func finish(_ span: HearthSpan, _ outcome: Pipeline.Outcome) {
        pipeline.ended(span, outcome)
        if let console { console.ended(span) }
    }

    /// Baggage as attributes: at most 1000 characters each; a name that is taken gets another one.
    private static func add(_ baggage: Baggage, to attributes: inout [Attribute]) {
        for entry in baggage.entries {
            let value = MessageTemplate.shortened(entry.value, to: 1000)
            let isTaken = attributes.contains { $0.key == entry.name }
            attributes.append(Attribute(isTaken ? "baggage_conflict.\(entry.name)" : entry.name, .string(value)))
        }
    }

    @inline(__always)
    var isAbandoned: Bool { abandoned.load(ordering: .relaxed) }

    // MARK: The one in use

    /// Points to an object that is never freed: configurations are few and spans may hold the old one.
    private static let pointer = Atomic<UInt>(0)

    /// Nil until ``Hearth/configure(_:)``.
    @inline(__always)
    static var current: Runtime? { reference?.takeUnretainedValue() }

    /// The same without touching its reference count, which all threads share.
    @inline(__always)
    static var reference: Unmanaged<Runtime>? {
        UnsafeRawPointer(bitPattern: pointer.load(ordering: .acquiring)).map(Unmanaged<Runtime>.fromOpaque)
    }

    /// Takes the place of the one in use in a child process, whose threads and locks of the parent are of no use.
    private static let spare = Atomic<UInt>(0)

    /// Called in the child right after `fork`, where next to nothing may be done.
    static func becomeChild() {
        IDGenerator.reseed()
        let mine = spare.exchange(0, ordering: .acquiringAndReleasing)
        let old = pointer.exchange(mine, ordering: .acquiringAndReleasing)
        guard let bits = UnsafeRawPointer(bitPattern: old) else { return }
        Unmanaged<Runtime>.fromOpaque(bits)._withUnsafeGuaranteedRef { $0.abandoned.store(true, ordering: .relaxed) }
    }

    /// Gets ready for a fork.
    static func keep(spare runtime: Runtime?) {
        let bits = runtime.map { UInt(bitPattern: Unmanaged.passRetained($0).toOpaque()) } ?? 0
        let old = spare.exchange(bits, ordering: .acquiringAndReleasing)
        // Nobody has seen it: only a child process takes it, for itself.
        if let pointer = UnsafeRawPointer(bitPattern: old) { Unmanaged<Runtime>.fromOpaque(pointer).release() }
    }

    /// - Returns: the one that was in use before.
    static func replace(with runtime: Runtime?) -> Runtime? {
        let bits = runtime.map { UInt(bitPattern: Unmanaged.passRetained($0).toOpaque()) } ?? 0
        let old = pointer.exchange(bits, ordering: .acquiringAndReleasing)
        return old == 0 ? nil : Unmanaged<Runtime>.fromOpaque(UnsafeRawPointer(bitPattern: old)!).takeUnretainedValue()
    }
}
