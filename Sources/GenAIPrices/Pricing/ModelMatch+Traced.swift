/// The price of a traced call.
public struct TracedPrice: Sendable {
    /// What the call cost, in USD.
    public let dollars: PriceAmounts<Double>
    /// Whether what was read from or written to the cache was added to the input tokens to make the counts agree.
    public let isAdjusted: Bool
}

extension PricePlan {
    /// Prices the usage of a traced call (`spec/prices.md` §4.6.3). Some senders report the input of Anthropic models without what was
    /// read from or written to the cache: where the counts contradict each other, the two are added to it and the price says so.
    ///
    /// - Parameters:
    ///   - usage: what the call used.
    ///   - match: the model, nil for prices that belong to none of the data.
    /// - Throws: ``PriceError`` of the first attempt when the second fails as well.
    public func traced(_ usage: TokenUsage, match: ModelMatch?) throws(PriceError) -> TracedPrice {
        func dollars(_ usage: TokenUsage) throws(PriceError) -> PriceAmounts<Double> {
            if let match { return try match.dollars(usage, plan: self) }
            return try self.dollars(usage)
        }
        do throws(PriceError) {
            return TracedPrice(dollars: try dollars(usage), isAdjusted: false)
        } catch {
            guard let adjusted = Self.withCacheInInput(usage) else { throw error }
            do throws(PriceError) {
                return TracedPrice(dollars: try dollars(adjusted), isAdjusted: true)
            } catch _ {
                throw error
            }
        }
    }

    private static func withCacheInInput(_ usage: TokenUsage) -> TokenUsage? {
        let (cached, overflow) = (usage[.cacheReadTokens] ?? 0).addingReportingOverflow(usage[.cacheWriteTokens] ?? 0)
        guard cached > 0, !overflow else { return nil }
        let (input, tooLarge) = (usage[.inputTokens] ?? 0).addingReportingOverflow(cached)
        guard !tooLarge else { return nil }
        var adjusted = usage
        adjusted[.inputTokens] = input
        return adjusted
    }
}
