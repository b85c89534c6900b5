import Synchronization

/// One version of the price data: who offers which model at what price (`spec/prices.md`).
///
/// Opening reads the providers' own fields and steps over their models; a provider's models are read when the first is asked for, a
/// model's prices when it is. Look-ups are remembered. Everything may be used from any thread.
public final class PriceData: Sendable {
    /// The name of the embedded version, that of the Python package it was taken from.
    public static let bundledVersion = "0.2.3"
    /// SHA-256 of the embedded file.
    public static let bundledSHA256 = "a0a721dc7946da20089bbf415cbc2e0d0625482eaedc8cdf785e1beaf0f3b40c"

    private static let embedded = Result { () throws(PriceDataError) in try PriceData(PriceBytes.embeddedPrices, version: bundledVersion) }

    /// The data that is part of the program, read at the first use.
    ///
    /// - Throws: ``PriceDataError`` only should the program itself be damaged.
    public static func bundled() throws(PriceDataError) -> PriceData { try embedded.get() }

    /// Name of the version.
    public let version: String
    /// In the order of the data, which decides between several that fit.
    public let providers: [PricedProvider]
    let byID: [String: PricedProvider]
    let source: PriceBytes
    let cache = LookupCache()

    /// - Parameters:
    ///   - json: a JSON array of providers in version 2 of the data format.
    ///   - version: a name for this version.
    /// - Throws: ``PriceDataError``. Models are not looked at before they are needed: see ``validate()``.
    public convenience init(json: [UInt8], version: String) throws(PriceDataError) {
        try self.init(PriceBytes(json), version: version)
    }

    init(_ source: PriceBytes, version: String) throws(PriceDataError) {
        var scanner = JSONScanner(source.bytes)
        var providers: [PricedProvider] = []
        try scanner.elements { (index, scanner) throws(PriceDataError) in
            do throws(PriceDataError) {
                providers.append(try PricedProvider(&scanner, source, index: index))
            } catch {
                throw error.code == .malformed ? error : error.under("[\(index)]")
            }
        }
        try scanner.end()
        guard !providers.isEmpty else { throw .invalid("", "the file has no providers") }
        byID = Dictionary(providers.map { ($0.id, $0) }) { first, _ in first }
        guard byID.count == providers.count else { throw .invalid("", "two providers have the same id") }
        self.version = version
        self.source = source
        self.providers = providers
    }

    /// The bytes of the file.
    public var bytes: UnsafeBufferPointer<UInt8> { source.bytes }

    /// Number of models of all providers.
    public func modelCount() throws(PriceDataError) -> Int {
        var count = 0
        for provider in providers { count += try provider.modelCount() }
        return count
    }

    /// Reads everything, and makes sure that every model can be priced.
    ///
    /// - Returns: number of models.
    /// - Throws: ``PriceDataError`` that names the place.
    @discardableResult
    public func validate() throws(PriceDataError) -> Int {
        var count = 0
        for provider in providers {
            for id in provider.fallbackIDs where byID[id] == nil {
                throw .invalid("\(provider.id).fallback_model_providers", "there is no provider \(id)")
            }
            _ = try provider.extractors()
            for model in try provider.models() {
                for (index, period) in model.periods.enumerated() {
                    guard let defect = period.plan.defect else { continue }
                    throw .invalid("\(provider.id).models[\(model.index)].prices[\(index)]", defect)
                }
                for (index, variant) in model.variants.enumerated() {
                    for period in model.periods {
                        guard let defect = PricePlan(period.prices.replacing(with: variant.prices)).defect else { continue }
                        throw .invalid("\(provider.id).models[\(model.index)].price_variants[\(index)]", defect)
                    }
                }
                count += 1
            }
        }
        return count
    }
}
