/// A project's mapping rules as they are stored; what the words mean is checked where they are set.
public struct MappingSetting: StoredSetting {
    public static let settingName = "mapping_rules"

    public struct Rule: Codable, Sendable, Equatable {
        public var attribute: String
        public var field: String
        public var enabled: Bool
        public var serviceName: String?
        public var scopeName: String?
        public var spanName: String?
        public var unit: String?

        public init(
            attribute: String, field: String, enabled: Bool, serviceName: String?, scopeName: String?, spanName: String?, unit: String?
        ) {
            self.attribute = attribute
            self.field = field
            self.enabled = enabled
            self.serviceName = serviceName
            self.scopeName = scopeName
            self.spanName = spanName
            self.unit = unit
        }
    }

    public var rules: [Rule] = []
    /// ISO 8601, UTC; nil while nothing was ever set.
    public var updatedAt: String?
    /// The application to stored data that is under way, so that a restart goes on with it.
    public var application: Application?

    public struct Application: Codable, Sendable, Equatable {
        /// Traces before this id are done.
        public var after: String
        /// Microseconds since the Unix epoch; nil for everything stored.
        public var minimum: Int64?

        public init(after: String, minimum: Int64?) {
            self.after = after
            self.minimum = minimum
        }
    }

    public init() {}
}
