// Functions that record themselves: `@Instrument` names the span, fills its message and takes the arguments as attributes.
import HearthMacros

struct Holding: Sendable {
    var symbol: String
    var shares: Int
}

/// No prices for this symbol.
struct UnknownSymbol: Error {
    var symbol: String
}

struct Portfolio {
    var holdings: [Holding] = []

    @Instrument("Fetching holdings for {portfolioID}", tags: ["portfolio"])
    static func fetch(portfolioID: String, limit: Int = 2) async -> Portfolio {
        await Task.yield()
        return Portfolio(holdings: Array([Holding(symbol: "AAPL", shares: 10), Holding(symbol: "MSFT", shares: 4)].prefix(limit)))
    }

    @Instrument("Selling {shares} of {symbol}", skip: ["password"])
    mutating func sell(_ shares: Int, of symbol: String, password: String) throws(UnknownSymbol) {
        guard let index = holdings.firstIndex(where: { $0.symbol == symbol }) else { throw UnknownSymbol(symbol: symbol) }
        holdings[index].shares -= shares
    }
}

actor Market {
    private var prices = ["AAPL": 210.5, "MSFT": 431.25]

    @Instrument("Pricing {symbol}", recordReturn: true)
    func price(of symbol: String) throws(UnknownSymbol) -> Double {
        guard let price = prices[symbol] else { throw UnknownSymbol(symbol: symbol) }
        return price
    }
}

@Instrument("Computing risk metrics")
func risk(of portfolio: Portfolio, in market: Market) async throws -> Double {
    var value = 0.0
    for holding in portfolio.holdings { value += try await market.price(of: holding.symbol) * Double(holding.shares) }
    return value * 0.25
}

try Hearth.configure()
let market = Market()
var portfolio = await Portfolio.fetch(portfolioID: "growth-7")
try portfolio.sell(1, of: "AAPL", password: "hunter2")
print(try await risk(of: portfolio, in: market))
try? portfolio.sell(1, of: "TSLA", password: "hunter2")
