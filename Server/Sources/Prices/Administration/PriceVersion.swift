/// An installed version of the price data.
public struct PriceVersion: Codable, Sendable, Equatable {
    /// Letters, digits, `.`, `_` and `-`.
    public var name: String
    /// Of the file, in hexadecimal.
    public var sha256: String
    public var providers: Int
    public var models: Int
    /// RFC 3339; nil for the version that is part of the program.
    public var installedAt: String?
    public var isActive: Bool
    public var isBundled: Bool
}

/// Why the price settings were not changed.
public struct PriceAdministrationError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, for code that has to answer with a status.
    public struct Code: Sendable, Equatable {
        private enum Value { case invalid, conflict, unknown, failed }
        private let value: Value
        /// The data, the name or the override is not valid.
        public static let invalid = Code(value: .invalid)
        /// The name belongs to another version.
        public static let conflict = Code(value: .conflict)
        /// There is no such version or override.
        public static let unknown = Code(value: .unknown)
        /// A file could not be written or read.
        public static let failed = Code(value: .failed)
    }

    public let code: Code
    /// One sentence.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
