#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ModelMatch {
    /// Prices the usage of a traced call (`spec/prices.md` §4.6.3). Some senders report the input of Anthropic models without what was
    /// read from or written to the cache: where the counts contradict each other, the two are added to it and the price says so.
    ///
    /// - Throws: ``PriceError`` of the first attempt when the second fails as well.
    public func tracedAmounts(_ usage: Usage, plan: PricePlan) throws(PriceError) -> (amounts: PriceAmounts, isAdjusted: Bool) {
        do throws(PriceError) {
            return (try amounts(usage, plan: plan), false)
        } catch {
            let cached = (usage[.cacheReadTokens] ?? 0) + (usage[.cacheWriteTokens] ?? 0)
            guard cached > 0 else { throw error }
            var adjusted = usage
            adjusted[.inputTokens] = (usage[.inputTokens] ?? 0) + cached
            do throws(PriceError) {
                return (try amounts(adjusted, plan: plan), true)
            } catch _ {
                throw error
            }
        }
    }
}
