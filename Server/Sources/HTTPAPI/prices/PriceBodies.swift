import GenAIPrices
import HTTPTypes
import Hummingbird
import Prices
import Storage
import TelemetryModel

/// Parameters of the addresses under `/api/v1/prices`.
struct PriceParameters: Decodable {
    var provider: String?
    /// A part of a name in lists, a name elsewhere.
    var model: String?
    /// ISO 8601; now when absent.
    var at: String?
    /// Of a version.
    var name: String?

    static func decode(_ request: Request, _ context: HearthRequestContext) throws(APIError) -> PriceParameters {
        do {
            var parameters: PriceParameters = try request.uri.decodeQuery(context: context)
            parameters.provider = QueryParameters.text(parameters.provider)
            parameters.model = QueryParameters.text(parameters.model)
            parameters.name = QueryParameters.text(parameters.name)
            return parameters
        } catch {
            throw APIError(.unprocessableContent, "the parameters of the address cannot be read: \(request.uri.query ?? "")")
        }
    }

    func time() throws(APIError) -> PriceTime {
        guard let at = QueryParameters.text(at) else { return PriceTime.now }
        guard let time = PriceTime(at) else {
            throw APIError(.unprocessableContent, "at must be an ISO 8601 time such as 2026-01-31T12:00:00Z, not \(at)")
        }
        return time
    }
}

/// An override as it is added.
struct OverrideBody: Decodable {
    var provider: String?
    var model: String
    /// Decimal numbers by price key.
    var prices: [String: String]
    var startDate: String?
    var endDate: String?
    var note: String?

    func override() -> PriceOverride {
        func text(_ value: String?) -> String? { value.flatMap { $0.isEmpty ? nil : $0 } }
        return PriceOverride(
            id: 0, provider: text(provider), model: model, prices: prices, startDate: text(startDate), endDate: text(endDate),
            note: text(note), createdAt: "")
    }
}

struct RecomputeBody: Decodable {
    /// ISO 8601.
    var since: String
    var until: String?
    var dryRun: Bool?

    func scope(_ project: ProjectID) throws(FieldError) -> RepricingScope {
        guard let from = Timestamp.microseconds(since) else {
            throw FieldError(["since"], "must be an ISO 8601 time such as 2026-01-31T12:00:00Z, not \(since)")
        }
        var end: Int64?
        if let until, !until.isEmpty {
            guard let time = Timestamp.microseconds(until) else {
                throw FieldError(["until"], "must be an ISO 8601 time such as 2026-01-31T12:00:00Z, not \(until)")
            }
            guard time > from else { throw FieldError(["until"], "must be after since") }
            end = time
        }
        return RepricingScope(project: project, since: from, until: end, isDryRun: dryRun ?? false)
    }
}
