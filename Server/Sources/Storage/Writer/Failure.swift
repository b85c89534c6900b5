import DuckDBKit

/// What the writer does about a failed transaction.
enum Failure {
    /// The engine or its log failed: nothing may be acknowledged before it was opened again.
    case engine
    /// No memory: queries have to give way.
    case memory
    /// The rows themselves were refused.
    case rows

    init(_ error: DuckDBError) {
        switch error.code {
        // A commit that fails in the middle may be in the log already: tried again, its rows would be there twice.
        case .outOfMemory: self = error.message.contains("Failed to commit") ? .engine : .memory
        case .conversion, .outOfRange, .invalidInput, .constraint: self = .rows
        default: self = .engine
        }
    }
}
