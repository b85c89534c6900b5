#if Macros
    import Foundation
    import Hearth
    import Testing

    /// In a process of its own each, because there is one configuration per process.
    @Suite struct InstrumentBehaviourTests {
        @Test func functionsOfEveryShapeAreRecorded() async {
            await #expect(processExitsWith: .success) {
                let exporter = try begin()
                check(fetchHoldings(portfolioID: "p1") == ["p1-0", "p1-1", "p1-2"], "holdings")
                check(await unnamed(2, for: Money(amount: 3)) == 4, "unnamed")
                check(try refuse(because: "rain", if: false) == 4, "refuse")
                check((try? refuse(because: "rain", if: true)) == nil, "refused")
                check(try await typed(["a", "b"], count: 1) == "b", "typed")
                do throws(Refused) {
                    _ = try await typed([1], count: 2)
                    check(false, "typed error")
                } catch {
                    check(error.reason == "too far", "typed error")
                }
                var total = 1
                add(2, to: &total)
                check(total == 3, "inout")
                logIn(user: "ada", password: "x") { check($0 == "ada", "closure") }
                bare(1)
                check(Array(opaque([1, 2])) == [2, 1], "opaque")
                check(switching(true) == "yes", "switching")
                pay(Money(amount: 3), tip: nil)

                await Hearth.flush(within: .seconds(10))
                let records = exporter.records
                func record(_ message: String) -> SpanRecord? { records.last { $0.message == message } }
                check(record("Fetching holdings for p1")?.name == "Fetching holdings for {portfolioID}", "template")
                check(record("Fetching holdings for p1")?["limit"] == 3, "default argument")
                check(record("Fetching holdings for p1")?.function == "fetchHoldings(portfolioID:limit:)", "function")
                check(record("Fetching holdings for p1")?.file == "HearthMacrosTests/InstrumentedFunctions.swift", "file")
                check((record("Fetching holdings for p1")?.line ?? 0) > 5, "line")
                check(record("unnamed(_:for:)")?["value"] == 2.0, "double")
                check(record("unnamed(_:for:)")?["money"] == "Money(amount: 3)", "any type")
                let refusals = records.filter { $0.name == "Refusing {reason=}" }
                check(refusals.count == 2 && refusals[0].message == "Refusing reason=rain", "named placeholder")
                check(refusals[0]["return"] == 4 && refusals[1]["return"] == nil, "return")
                check(refusals[1].status == .error && refusals[1].events.count == 1, "error")
                check(record("typed 1")?.tags == ["typed"] && record("typed 1")?["elements"] == ["a", "b"], "tags and generic")
                check(record("typed 1")?["return"] == "b", "generic return")
                check(record("typed 2")?.level == .error, "level of an error")
                check(record("Adding to 1")?.name == "add" && record("Adding to 1")?.level == .notice, "span name and level")
                check(record("secret")?["user"] == "ada" && record("secret")?["password"] == nil, "skip")
                check(record("bare")?.attributes.isEmpty == true, "no arguments")
                check(record("switching true") != nil, "bool")
                check(record("paying")?["money"] == "Money(amount: 3)", "optional")
                check(record("paying")?["tip"] == .null, "nothing in an optional")
            }
        }

        @Test func methodsAndActorsAreRecorded() async {
            await #expect(processExitsWith: .success) {
                let exporter = try begin()
                var portfolio = Portfolio.made(of: "A", "B")
                portfolio.buy("C")
                check(try await portfolio.clear() == 3 && portfolio.holdings.isEmpty, "mutating")
                let account = Account()
                check(await account.deposit(5) == 5, "actor")
                check(try await account.withdraw(2) == 3, "async actor")
                check((try? await account.withdraw(9)) == nil, "error of an actor")
                let screen = await Screen()
                await screen.show("hello")
                check(await screen.title == "hello", "main actor")

                await Hearth.flush(within: .seconds(10))
                let names = exporter.records.map { $0.message ?? "" }
                check(
                    names == [
                        "made of [\"A\",\"B\"]", "buy C", "Portfolio.clear()", "deposit 5", "withdraw 2", "withdraw 9", "show hello",
                    ], "names: \(names)")
                check(exporter.records[0].spanKind == .client, "kind")
            }
        }

        @Test func withoutConfigurationNothingIsRecordedAndEverythingRuns() async {
            await #expect(processExitsWith: .success) {
                check(fetchHoldings(portfolioID: "p1", limit: 1) == ["p1-0"], "holdings")
                var total = 1
                add(2, to: &total)
                check(total == 3, "inout")
            }
        }
    }

    private func begin() throws -> InMemoryExporter {
        let exporter = InMemoryExporter()
        try Hearth.configure { configuration in
            configuration.send = .never
            configuration.destinations = [.memory(exporter)]
            configuration.detectsResource = false
            configuration.pendingSpans = false
        }
        return exporter
    }

    private func check(_ condition: Bool, _ what: String, line: Int = #line) {
        guard !condition else { return }
        FileHandle.standardError.write(Data("line \(line): \(what)\n".utf8))
        exit(1)
    }
#endif
