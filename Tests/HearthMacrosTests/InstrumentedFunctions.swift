#if Macros
    import HearthMacros

    /// Functions of every shape; that they compile is half of the test.
    struct Refused: Error, Equatable { var reason: String }

    struct Money { var amount: Int }

    @Instrument("Fetching holdings for {portfolioID}")
    func fetchHoldings(portfolioID: String, limit: Int = 3) -> [String] {
        (0..<limit).map { "\(portfolioID)-\($0)" }
    }

    @Instrument
    func unnamed(_ value: Double, for money: Money) async -> Double {
        await Task.yield()
        let doubled = value * 2
        return doubled
    }

    @Instrument("Refusing {reason=}", recordReturn: true)
    func refuse(because reason: String, if refuses: Bool) throws -> Int {
        if refuses { throw Refused(reason: reason) }
        return reason.count
    }

    @Instrument("typed {count}", tags: ["typed"], recordReturn: true)
    func typed<Element: Sendable>(_ elements: [Element], count: Int) async throws(Refused) -> Element? {
        await Task.yield()
        guard count < elements.count else { throw Refused(reason: "too far") }
        return elements[count]
    }

    @Instrument("Adding to {total}", spanName: "add", level: .notice)
    func add(_ amount: Int, to total: inout Int) {
        total += amount
    }

    @Instrument("secret", skip: ["password"])
    func logIn(user: String, password: String, then body: (String) -> Void) {
        body(user)
    }

    @Instrument("bare", extractArguments: false)
    func bare(_ ignored: Int) {}

    @Instrument
    func opaque(_ values: [Int]) -> some Sequence<Int> {
        values.reversed()
    }

    @Instrument("paying")
    func pay(_ money: Money?, tip: Money?) {}

    @Instrument("switching {flag}")
    func switching(_ flag: Bool) -> String {
        if flag { "yes" } else { "no" }
    }

    struct Portfolio {
        var holdings: [String] = []

        @Instrument("buy {symbol}")
        mutating func buy(_ symbol: String) {
            holdings.append(symbol)
        }

        @Instrument
        mutating func clear() async throws -> Int {
            await Task.yield()
            defer { holdings = [] }
            return holdings.count
        }

        @Instrument("made of {symbols}", kind: .client)
        static func made(of symbols: String...) -> Portfolio {
            Portfolio(holdings: symbols)
        }
    }

    actor Account {
        private var balance = 0

        @Instrument("deposit {amount}")
        func deposit(_ amount: Int) -> Int {
            balance += amount
            return balance
        }

        @Instrument("withdraw {amount}")
        func withdraw(_ amount: Int) async throws -> Int {
            await Task.yield()
            guard balance >= amount else { throw Refused(reason: "broke") }
            balance -= amount
            return balance
        }
    }

    @MainActor
    final class Screen {
        var title = ""

        @Instrument("show {text}")
        func show(_ text: String) async {
            title = text
            await Task.yield()
        }
    }
#endif
