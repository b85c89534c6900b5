#if ServiceLifecycle
    import Hearth
    import HearthServiceLifecycle
    import ServiceLifecycle
    import Testing

    @Suite struct ServiceTests {
        @Test func aServiceWaitsForTheEndOfItsTask() async throws {
            let task = Task { try await HearthService(timeout: .seconds(1)).run() }
            try await Task.sleep(for: .milliseconds(20))
            #expect(!task.isCancelled)
            task.cancel()
            try await task.value
        }
    }
#endif
