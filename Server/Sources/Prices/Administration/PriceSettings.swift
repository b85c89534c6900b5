import Accounts

/// The versions of the price data that the server has, and the one in use. Their files are in the data folder.
struct PriceDataSetting: StoredSetting {
    static let settingName = "price_data"

    struct Version: Codable, Sendable, Equatable {
        var name: String
        var sha256: String
        var providers: Int
        var models: Int
        var installedAt: String
    }

    /// Name of the version in use; nil for the embedded one.
    var active: String?
    var versions: [Version] = []
}

/// The overrides of a project.
struct PriceOverridesSetting: StoredSetting {
    static let settingName = "price_overrides"

    /// The number of the next override.
    var nextID = 1
    var overrides: [PriceOverride] = []
}
