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
