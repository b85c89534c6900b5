import GenAI
import TelemetryModel

/// Where the facts of a price stand in a stored record: the same places as at ingest (``PriceFact/places``).
enum PriceFactSQL {
    /// A SELECT list over `span` with alias `s`, in the order of ``PriceFact``.
    static let selectList = PriceFact.allCases.map { "\(expression($0)) AS \($0.rawValue)" }.joined(separator: ",\n    ")

    private static func expression(_ fact: PriceFact) -> String {
        let places = fact.places.map { place in
            let text = text(place)
            return fact.isCount ? "TRY_CAST(\(text) AS BIGINT)" : "nullif(\(text), '')"
        }
        return places.count == 1 ? places[0] : "coalesce(\(places.joined(separator: ", ")))"
    }

    private static func text(_ place: PriceFact.Place) -> String {
        let holder = "json_extract_string(s.\(place.key.isMessageBody ? "bodies" : "attributes"), '$.\"\(place.key.rawValue)\"')"
        if place.path.isEmpty { return holder }
        let path = place.path.map { "\"\($0)\"" }.joined(separator: ".")
        // The attribute may hold anything.
        return "CASE WHEN json_valid(\(holder)) THEN json_extract_string(\(holder), '$.\(path)') END"
    }
}
