/// Why the control store could not do what was asked.
public struct ControlStoreError: Error, CustomStringConvertible {
    /// What went wrong, for code that has to decide.
    public struct Code: Sendable, Equatable {
        private enum Value { case cannotOpen, migrationFailed, accessFailed, unknownProject, notFound, conflict, invalid }
        private let value: Value
        /// The file could not be opened or created.
        public static let cannotOpen = Code(value: .cannotOpen)
        /// The file was opened, but its schema could not be brought up to date.
        public static let migrationFailed = Code(value: .migrationFailed)
        /// A read or a write failed.
        public static let accessFailed = Code(value: .accessFailed)
        /// No such project.
        public static let unknownProject = Code(value: .unknownProject)
        /// No such user, token, organisation or link.
        public static let notFound = Code(value: .notFound)
        /// What is there already rules it out: a name is taken, the last owner would go.
        public static let conflict = Code(value: .conflict)
        /// A value is refused; ``ControlStoreError/field`` names it.
        public static let invalid = Code(value: .invalid)
    }

    public let code: Code
    /// One sentence: what, where, how to fix.
    public let description: String
    /// The refused field, as the API names it.
    public let field: String?

    init(code: Code, description: String, field: String? = nil) {
        self.code = code
        self.description = description
        self.field = field
    }

    static func notFound(_ description: String) -> ControlStoreError { ControlStoreError(code: .notFound, description: description) }
    static func conflict(_ description: String) -> ControlStoreError { ControlStoreError(code: .conflict, description: description) }
    static func invalid(_ field: String, _ description: String) -> ControlStoreError {
        ControlStoreError(code: .invalid, description: description, field: field)
    }
}
