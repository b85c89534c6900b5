/// A failure reported by the engine, or by this layer about a handle that can no longer be used.
public struct DuckDBError: Error, Sendable, Hashable {
    /// What kind of failure it was. The engine names the kind at the start of its message; that prefix is the source.
    public struct Code: Sendable, Hashable {
        private enum Kind {
            case other, parser, binder, catalog, conversion, outOfRange, invalidInput, constraint, permission, notImplemented
            case interrupted, outOfMemory, io, transaction, fatal, internalFailure, serialization, closed
        }
        private var kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// Anything without a code of its own.
        public static let other = Code(.other)
        /// The SQL text cannot be parsed.
        public static let parser = Code(.parser)
        /// Names or types of the statement do not fit.
        public static let binder = Code(.binder)
        /// A table, function or column does not exist.
        public static let catalog = Code(.catalog)
        /// A value cannot be cast.
        public static let conversion = Code(.conversion)
        public static let outOfRange = Code(.outOfRange)
        public static let invalidInput = Code(.invalidInput)
        public static let constraint = Code(.constraint)
        /// Refused by the engine's lock-down settings.
        public static let permission = Code(.permission)
        public static let notImplemented = Code(.notImplemented)
        /// Ended by ``InterruptHandle/interrupt()``.
        public static let interrupted = Code(.interrupted)
        /// The instance's memory limit was reached.
        public static let outOfMemory = Code(.outOfMemory)
        /// A file could not be opened, read, written or synced.
        public static let io = Code(.io)
        public static let transaction = Code(.transaction)
        /// The instance is no longer usable and has to be closed.
        public static let fatal = Code(.fatal)
        public static let internalFailure = Code(.internalFailure)
        /// Stored bytes could not be read back.
        public static let serialization = Code(.serialization)
        /// The connection behind the handle was closed.
        public static let closed = Code(.closed)

        /// Prefixes of engine messages, without the ` Error: ` that follows.
        private static let prefixes: [(prefix: String, code: Code)] = [
            ("Parser", .parser), ("Syntax", .parser), ("Binder", .binder), ("Catalog", .catalog), ("Conversion", .conversion),
            ("Out of Range", .outOfRange), ("Invalid Input", .invalidInput), ("Invalid type", .invalidInput),
            ("Invalid Configuration", .invalidInput), ("Constraint", .constraint), ("Permission", .permission),
            ("Not implemented", .notImplemented), ("INTERRUPT", .interrupted), ("Out of Memory", .outOfMemory), ("IO", .io),
            ("TransactionContext", .transaction), ("FATAL", .fatal), ("INTERNAL", .internalFailure), ("Serialization", .serialization),
        ]

        /// A commit that had no memory says so behind the prefix of transactions. It was rolled back and can be tried again.
        private static let commitPrefix = "TransactionContext Error: Failed to commit: "

        /// The code whose prefix starts `message`.
        public init(message: String) {
            // Messages about memory tell how much of it is used.
            if message.hasPrefix(Self.commitPrefix), message.contains(" used)") {
                self = .outOfMemory
                return
            }
            self =
                Self.prefixes.first { message.hasPrefix($0.prefix) && message.dropFirst($0.prefix.count).hasPrefix(" Error") }?.code
                ?? .other
        }
    }

    public var code: Code
    /// The engine's own words, with its `LINE n:` excerpt where it gave one.
    public var message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// An engine message, classified by its prefix.
    public init(message: String) {
        self.init(code: Code(message: message), message: message)
    }

    init(_ message: UnsafePointer<CChar>?) {
        self.init(message: message.map { String(cString: $0) } ?? "the engine reported a failure without a message")
    }
}

extension DuckDBError: CustomStringConvertible {
    public var description: String { message }
}
