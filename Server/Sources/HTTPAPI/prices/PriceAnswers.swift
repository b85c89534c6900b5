import GenAIPrices
import Prices

/// A version of the price data as the API shows it.
struct VersionAnswer: Encodable {
    var name: String
    var sha256: String
    var providers: Int
    var models: Int
    @Nullable var installedAt: String?
    var isActive: Bool
    var isBundled: Bool

    init(_ version: PriceVersion) {
        name = version.name
        sha256 = version.sha256
        providers = version.providers
        models = version.models
        installedAt = version.installedAt
        isActive = version.isActive
        isBundled = version.isBundled
    }
}

struct OverrideAnswer: Encodable {
    var id: Int
    @Nullable var provider: String?
    var model: String
    var prices: [String: String]
    @Nullable var startDate: String?
    @Nullable var endDate: String?
    @Nullable var note: String?
    var createdAt: String

    init(_ override: PriceOverride) {
        id = override.id
        provider = override.provider
        model = override.model
        prices = override.prices
        startDate = override.startDate
        endDate = override.endDate
        note = override.note
        createdAt = override.createdAt
    }
}

struct ModelsAnswer: Encodable {
    var version: String
    var models: [ModelAnswer]
}

struct ModelAnswer: Encodable {
    var provider: String
    var model: String
    @Nullable var name: String?
    @Nullable var contextWindow: Int?
    var isDeprecated: Bool
    var isOverride: Bool
    var prices: ListedPrices

    init(_ model: ListedModel) {
        provider = model.provider
        self.model = model.model
        name = model.name
        contextWindow = model.contextWindow
        isDeprecated = model.isDeprecated
        isOverride = model.override != nil
        prices = ListedPrices(model.prices)
    }
}

/// Everything about one model.
struct ShowAnswer: Encodable {
    struct Entry: Encodable {
        @Nullable var startDate: String?
        @Nullable var startTime: String?
        @Nullable var endTime: String?
        var isInForce: Bool
        var prices: ListedPrices
    }

    struct Variant: Encodable {
        var when: [String: String]
        @Nullable var startDate: String?
        var prices: ListedPrices
    }

    var version: String
    var provider: String
    var providerName: String
    var model: String
    @Nullable var name: String?
    @Nullable var contextWindow: Int?
    var isDeprecated: Bool
    var isFallback: Bool
    var inForce: ListedPrices
    var overrides: [OverrideAnswer]
    var entries: [Entry]
    var variants: [Variant]

    init(_ match: ModelMatch, _ list: PriceList, _ overrides: [PriceOverride], at time: PriceTime) {
        version = list.data.version
        provider = match.provider.id
        providerName = match.provider.name
        model = match.model.id
        name = match.model.name
        contextWindow = match.model.contextWindow
        isDeprecated = match.model.isDeprecated
        isFallback = match.isFallback
        inForce = ListedPrices(list.standardPrices(of: match, at: time))
        let meant = list.overrides(of: match)
        self.overrides = overrides.filter { meant.contains($0.id) }.map(OverrideAnswer.init)
        let current = match.model.periodIndex(at: time)
        entries = match.model.periods.enumerated().map { index, period in
            let (date, start, end) = Self.constraint(period.constraint)
            return Entry(
                startDate: date, startTime: start, endTime: end, isInForce: index == current, prices: ListedPrices(period.prices))
        }
        variants = match.model.variants.map { variant in
            Variant(when: variant.when, startDate: Self.constraint(variant.constraint).date, prices: ListedPrices(variant.prices))
        }
    }

    private static func constraint(_ constraint: PriceConstraint?) -> (date: String?, start: String?, end: String?) {
        func clock(_ seconds: Int) -> String {
            [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":") + "Z"
        }
        switch constraint {
        case nil: return (nil, nil, nil)
        case .startDate(let days): return (PriceTime.date(days: days), nil, nil)
        case .timeOfDay(let start, let end): return (nil, clock(start), clock(end))
        }
    }
}

struct CalculateAnswer: Encodable {
    var version: String
    var results: [PriceAnswer]
}
