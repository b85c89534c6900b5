import HearthExport
public import Instrumentation
import Synchronization

/// A span that is open or has ended: made by ``Hearth``, safe to use from any thread.
///
/// Everything set after the end is ignored, and so is everything set on a span that is not recorded.
public final class HearthSpan: Sendable {
    /// How a span was made, which decides what is sent with it.
    enum Style: UInt8 {
        /// Through ``Hearth``: a message template with arguments.
        case span
        /// A moment instead of a stretch of time.
        case log
        /// Through an API of OpenTelemetry's shape: the server derives the message.
        case plain
    }

    /// Runtimes are never freed, so that no span has to keep one alive.
    private let runtimeReference: Unmanaged<Runtime>?
    let traceID: TraceID
    let spanID: SpanID
    /// Zero for a root.
    let parentID: SpanID
    /// Nanoseconds since the Unix epoch.
    let start: UInt64
    /// Retained only when it is not shared.
    private let siteReference: Unmanaged<CallSite>
    /// What few spans have from their start.
    let `extension`: SpanExtension?
    let flags: TraceFlags
    let parentIsRemote: Bool
    let spanKind: Hearth.SpanKind
    let shard: UInt8
    let depth: UInt16
    let state: Mutex<SpanState>
    /// Where the pipeline keeps the open span; set once, before the span is handed to anyone.
    nonisolated(unsafe) var openSlot = SpanShard.OpenSlot.none

    /// - Parameter site: consumed unless it is shared.
    init(
        runtime: Unmanaged<Runtime>?,
        traceID: TraceID,
        spanID: SpanID,
        parentID: SpanID,
        start: UInt64,
        site: Unmanaged<CallSite>,
        extension: SpanExtension?,
        flags: TraceFlags,
        parentIsRemote: Bool,
        spanKind: Hearth.SpanKind,
        shard: UInt8,
        depth: UInt16,
        state: consuming sending SpanState
    ) {
        runtimeReference = runtime
        self.traceID = traceID
        self.spanID = spanID
        self.parentID = parentID
        self.start = start
        siteReference = site
        self.extension = `extension`
        self.flags = flags
        self.parentIsRemote = parentIsRemote
        self.spanKind = spanKind
        self.shard = shard
        self.depth = depth
        self.state = Mutex(state)
    }

    deinit {
        if !site.isShared { siteReference.release() }
    }

    @inline(__always)
    var runtime: Runtime? { runtimeReference?._withUnsafeGuaranteedRef { $0 } }
    @inline(__always)
    var site: CallSite { siteReference._withUnsafeGuaranteedRef { $0 } }
    var style: Style { site.style }
    var scope: InstrumentationScope { site.scope }
    var template: String { site.template }
    var file: String { site.file }
    var function: String { site.function }
    var line: UInt32 { site.line }
    var traceState: String { `extension`?.traceState ?? "" }
    var settings: ScopeSettings? { `extension`?.settings }
    var baggage: Baggage { `extension`?.baggage ?? Baggage() }

    /// Stands in wherever nothing is recorded.
    @usableFromInline static let notRecorded = HearthSpan(
        runtime: nil,
        traceID: TraceID(high: 0, low: 0),
        spanID: SpanID(0),
        parentID: SpanID(0),
        start: 0,
        site: .passRetained(
            CallSite(template: "", file: "", function: "", line: 0, style: .plain, scope: .hearth, isShared: false)
        ),
        extension: nil,
        flags: [],
        parentIsRemote: false,
        spanKind: .internal,
        shard: 0,
        depth: 0,
        state: SpanState(attributes: [], level: nil, outer: nil)
    )

    /// Whether what is set on the span goes anywhere.
    public var isRecording: Bool {
        runtime.map { !$0.isAbandoned } == true && state.withLock { $0.end == 0 }
    }

    /// The ids of the span; nil when it is not recorded.
    public var spanContext: SpanContext? {
        runtime == nil ? nil : SpanContext(traceID: traceID, spanID: spanID, flags: flags, traceState: traceState)
    }

    /// A service context in which this span is the parent.
    public var context: InstrumentationContext {
        guard runtime != nil else { return .current ?? .topLevel }
        var context = state.withLock { $0.outer } ?? .topLevel
        context.hearth = .span(self)
        return context
    }

    // MARK: Setting

    /// Changes the state, unless the span has ended or is not recorded.
    func update(_ body: (inout SpanState, Runtime) -> Void) {
        guard let runtime, !runtime.isAbandoned else { return }
        state.withLock { state in
            guard state.end == 0 else { return }
            body(&state, runtime)
        }
    }

    /// The name spans are grouped by; keep values out of it.
    public func setName(_ name: String) {
        update { state, _ in state.name = name }
    }

    /// The text that is shown instead of the filled template.
    public func setMessage(_ message: String) {
        update { state, _ in
            state.message = message
            state.hasOwnMessage = true
        }
    }

    /// Sets an attribute; the last value of a name counts.
    public func setAttribute(_ key: String, _ value: some AttributeConvertible) {
        guard runtime != nil else { return }
        let value = value.attributeValue
        update { state, runtime in
            Self.set(Attribute(key, value), in: &state, template: template, limit: runtime.limits.attributes)
        }
    }

    /// Sets attributes; the last value of a name counts.
    public func setAttributes(_ attributes: @autoclosure () -> Attributes) {
        guard runtime != nil else { return }
        let attributes = attributes()
        update { state, runtime in
            for attribute in attributes { Self.set(attribute, in: &state, template: template, limit: runtime.limits.attributes) }
        }
    }

    static func set(_ attribute: Attribute, in state: inout SpanState, template: String, limit: Int) {
        if let index = state.attributes.firstIndex(where: { $0.key == attribute.key }) {
            // The message tells the values at the start.
            if index < Int(state.templateAttributes), state.message == nil {
                state.message = MessageTemplate.render(template, state.attributes)
            }
            state.attributes[index].value = attribute.value
        } else if state.attributes.count < limit {
            state.attributes.append(attribute)
        } else {
            state.droppedAttributes &+= 1
        }
    }

    /// Adds tags.
    public func addTags(_ tags: String...) {
        update { state, _ in
            for tag in tags where !state.tags.contains(tag) { state.tags.append(tag) }
        }
    }

    /// How important the span is.
    public func setLevel(_ level: Level) {
        update { state, _ in state.level = level }
    }

    /// The status of OpenTelemetry. A level that was not set follows an error.
    public func setStatus(_ code: SpanStatusCode, _ message: String = "") {
        update { state, _ in
            state.status = code
            state.statusMessage = message
            if code == .error, state.level == nil { state.level = .error }
        }
    }

    /// Records something that happened now.
    public func addEvent(_ name: String, _ attributes: Attributes = [:]) {
        add(SpanEventRecord(name: name, time: SystemTime.wall(), attributes: attributes.elements))
    }

    package func add(_ event: SpanEventRecord) {
        update { state, runtime in
            if state.events.count < runtime.limits.events { state.events.append(event) } else { state.droppedEvents &+= 1 }
        }
    }

    /// Names another span as a cause of this one.
    public func addLink(_ context: SpanContext, _ attributes: Attributes = [:]) {
        update { state, runtime in
            if state.links.count < runtime.limits.links {
                state.links.append(SpanLinkRecord(context: context, attributes: attributes.elements))
            } else {
                state.droppedLinks &+= 1
            }
        }
    }

    // MARK: Ending

    /// Ends the span. A second end has no effect.
    public func end() {
        guard runtime != nil else { return }
        end(at: SystemTime.wall())
    }

    /// Ends the span at a given time.
    ///
    /// - Parameter time: nanoseconds since the Unix epoch; before the start counts as the start.
    package func end(at time: UInt64) {
        guard let runtime, !runtime.isAbandoned else { return }
        let outcome = state.withLock { state -> Pipeline.Outcome? in
            guard state.end == 0 else { return nil }
            state.end = max(time, start, 1)
            // Keys of other libraries stay for those who ask for the context later; the way to the parent goes.
            if let outer = state.outer {
                if outer.count > 1 { state.outer?.hearth = nil } else { state.outer = nil }
            }
            return runtime.pipeline.encoded(self, state)
        }
        if let outcome { runtime.finish(self, outcome) }
    }
}

/// What few spans have from their start.
final class SpanExtension: Sendable {
    let traceState: String
    let settings: ScopeSettings?
    let baggage: Baggage

    init(traceState: String, settings: ScopeSettings?, baggage: Baggage) {
        self.traceState = traceState
        self.settings = settings
        self.baggage = baggage
    }
}

/// Where in the program a span was made.
@usableFromInline
package struct SourceLocation: Sendable {
    package var file: String
    package var function: String
    package var line: Int

    @usableFromInline
    package init(file: String, function: String, line: Int) {
        self.file = file
        self.function = function
        self.line = line
    }
}
