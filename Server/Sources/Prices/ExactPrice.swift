public import FoundationEssentials
public import GenAIPrices

/// The exact price of a call.
public struct ExactPrice: Sendable {
    /// USD.
    public var amounts: PriceAmounts<Decimal>
    /// nil when only an override prices the model.
    public var match: ModelMatch?
    /// Number of the override that holds, nil without one.
    public var override: Int?
    /// The prices in force for the call.
    public var prices: PriceSet
}
