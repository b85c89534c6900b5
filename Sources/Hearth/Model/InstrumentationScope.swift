import Synchronization

/// Who made a span: the name and version of a library or of a part of the application.
public final class InstrumentationScope: Sendable, Hashable {
    /// Name of the library or part, such as `shop.checkout`.
    public let name: String
    /// Empty when unknown.
    public let version: String

    /// A scope; equal names and versions are equal scopes. Make it once: spans of one object are encoded faster.
    public init(name: String, version: String = "") {
        self.name = name
        self.version = version
    }

    /// The scope of spans made through ``Hearth``.
    public static let hearth = InstrumentationScope(name: "hearth", version: SDKVersion.text)

    private static let known = Mutex<[String: InstrumentationScope]>([:])
    private static let maximumKnown = 1000

    /// The scope of a name, the same object each time: what is worked out for call sites is looked up by it.
    package static func named(_ name: String) -> InstrumentationScope {
        known.withLock { known in
            if let scope = known[name] { return scope }
            let scope = InstrumentationScope(name: name)
            if known.count < maximumKnown { known[name] = scope }
            return scope
        }
    }

    public static func == (left: InstrumentationScope, right: InstrumentationScope) -> Bool {
        left === right || left.name == right.name && left.version == right.version
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(version)
    }
}

/// The version of this package.
enum SDKVersion {
    static let text = "0.1.0"
}
