#if Hummingbird
    import Hearth
    import Testing

    @testable import HearthHummingbird

    /// In a process of its own: there is one configuration per process.
    @Suite struct HummingbirdTests {
        private struct Trouble: Error {}

        @Test func requestsEndOnceAndKeepTheStatusThatWasSent() async {
            await #expect(processExitsWith: .success) {
                let exporter = InMemoryExporter()
                try Hearth.configure { configuration in
                    configuration.send = .never
                    configuration.destinations = [.memory(exporter)]
                    configuration.detectsResource = false
                }
                func exchange(_ ending: (Exchange) -> Void) {
                    ending(Exchange(OpenSpan("GET", kind: .server, scope: .hummingbird), method: "GET", scheme: "http"))
                }
                exchange {
                    $0.answer(status: 200, size: nil)
                    $0.fail(Trouble())
                    $0.end()
                }
                // The client went away.
                exchange {
                    $0.answer(status: 200, size: nil)
                    $0.fail(CancellationError())
                }
                exchange { $0.fail(Trouble()) }
                exchange { $0.name(route: "/orders/{id}") }
                await Hearth.flush(within: .seconds(10))
                let records = exporter.records
                precondition(records.count == 4)
                precondition(records.map { $0["http.response.status_code"] } == [200, 200, 500, nil])
                precondition(records.map(\.status) == [.error, .unset, .error, .unset])
                precondition(records[1].events.map(\.name) == ["response not taken"])
                precondition(records[1]["error.type"] == nil && records[0]["error.type"] != nil)
                precondition(records[3].name == "GET /orders/{id}")
            }
        }
    }
#endif
