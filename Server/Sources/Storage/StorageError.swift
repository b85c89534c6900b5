import DuckDBKit

/// Why the store could not do what it was asked.
public struct StorageError: Error, Sendable, Hashable {
    public struct Code: Sendable, Hashable {
        private enum Kind { case overloaded, unavailable, invalidBatch, openFailed, newerSchema, closed }
        private var kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// Too much is waiting for its commit. Nothing was stored; try again soon.
        public static let overloaded = Code(.overloaded)
        /// The engine failed and is being reopened, or has no memory or disk space left. Whether anything was stored is unknown;
        /// sending the same again is safe.
        public static let unavailable = Code(.unavailable)
        /// The batch contradicts itself and was not stored. Trying again does not help.
        public static let invalidBatch = Code(.invalidBatch)
        /// The data folder cannot be opened: no access, in use by another process, damaged.
        public static let openFailed = Code(.openFailed)
        /// The data folder was written by a newer version.
        public static let newerSchema = Code(.newerSchema)
        /// The store was shut down.
        public static let closed = Code(.closed)
    }

    /// Begins what the engine says of a query that may be tried again.
    public static let shortage = "message bodies cannot be read at the moment"

    public var code: Code
    public var message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    init(_ code: Code, _ error: DuckDBError) {
        self.init(code: code, message: error.message)
    }
}

extension StorageError: CustomStringConvertible {
    public var description: String { message }
}
