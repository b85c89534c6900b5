public import Instrumentation

/// Runs a closure with a service context; keeps the type of its error, which the task-local's own form forgets.
@inlinable
@inline(__always)
func bound<Result, Failure: Error>(
    _ context: InstrumentationContext,
    _ operation: () throws(Failure) -> Result
) throws(Failure) -> Result {
    let outcome = InstrumentationContext.$current.withValue(context) { () -> Swift.Result<Result, Failure> in
        do throws(Failure) {
            return .success(try operation())
        } catch {
            return .failure(error)
        }
    }
    return try outcome.get()
}

/// Runs an asynchronous closure with a service context, on the caller's actor.
@inlinable
@inline(__always)
nonisolated(nonsending) func bound<Result, Failure: Error>(
    _ context: InstrumentationContext,
    _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
) async throws(Failure) -> Result {
    let outcome = await InstrumentationContext.$current.withValue(context) { () async -> Swift.Result<Result, Failure> in
        do throws(Failure) {
            return .success(try await operation())
        } catch {
            return .failure(error)
        }
    }
    return try outcome.get()
}

/// Marks everything inside of a trace that is not recorded, where no context has to carry that: a flag costs less than a context.
///
/// A context with a span in it counts more than the flag.
@usableFromInline
enum UnsampledTrace {
    @usableFromInline static let flag = TaskLocal<Bool>(wrappedValue: false)

    static var isCurrent: Bool { flag.get() }
}

/// Runs a closure of a trace that is not recorded.
@inlinable
@inline(__always)
func boundUnsampled<Result, Failure: Error>(_ operation: () throws(Failure) -> Result) throws(Failure) -> Result {
    let outcome = UnsampledTrace.flag.withValue(true) { () -> Swift.Result<Result, Failure> in
        do throws(Failure) {
            return .success(try operation())
        } catch {
            return .failure(error)
        }
    }
    return try outcome.get()
}

/// Runs an asynchronous closure of a trace that is not recorded, on the caller's actor.
@inlinable
@inline(__always)
nonisolated(nonsending) func boundUnsampled<Result, Failure: Error>(
    _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
) async throws(Failure) -> Result {
    let outcome = await UnsampledTrace.flag.withValue(true) { () async -> Swift.Result<Result, Failure> in
        do throws(Failure) {
            return .success(try await operation())
        } catch {
            return .failure(error)
        }
    }
    return try outcome.get()
}
