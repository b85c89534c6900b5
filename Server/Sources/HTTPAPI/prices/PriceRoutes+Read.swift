import Accounts
import GenAIPrices
import Hummingbird
import Prices

extension PriceRoutes {
    func models(_ request: Request, _ context: HearthRequestContext) throws -> Response {
        let grant = try authentication.authorize(request, for: .read)
        let parameters = try PriceParameters.decode(request, context)
        let list = prices.book.list(project: grant.project.id)
        let models = try list.models(provider: parameters.provider, model: parameters.model, at: parameters.time())
        return Response.json(ModelsAnswer(version: list.data.version, models: models.map(ModelAnswer.init)))
    }

    func show(_ request: Request, _ context: HearthRequestContext) async throws -> Response {
        let grant = try authentication.authorize(request, for: .read)
        let parameters = try PriceParameters.decode(request, context)
        guard let model = parameters.model else { throw APIError(.unprocessableContent, "the parameter model is missing") }
        let time = try parameters.time()
        let list = prices.book.list(project: grant.project.id)
        let match: ModelMatch
        do throws(PriceError) {
            // As traced calls are looked up: by a provider's name with its aliases, else by the model's.
            match = try list.data.find(CallOrigin(provider: parameters.provider, requestModel: model))
        } catch {
            throw APIError(.notFound, error.description)
        }
        return Response.json(ShowAnswer(match, list, try await prices.overrides(project: grant.project.id), at: time))
    }

    func calculate(_ request: Request) async throws -> Response {
        let grant = try authentication.authorize(request, for: .read)
        let list = prices.book.list(project: grant.project.id)
        let buffer = try await request.body.collect(upTo: JSONBody.limit * 16)
        let body: JSONValue
        do throws(PriceDataError) {
            body = try JSONValue(json: Array(buffer.readableBytesView))
        } catch {
            throw APIError(.unprocessableContent, "the body is not valid JSON: \(error)")
        }
        guard let items = body["items"]?.array, items.count <= 10_000 else {
            throw FieldError(["items"], "must be an array of at most 10,000 calls")
        }
        var results: [PriceAnswer] = []
        for (index, item) in items.enumerated() {
            do throws(PriceInquiryError) {
                results.append(try PriceInquiry(item, now: .now).answer(by: list))
            } catch {
                throw FieldError(["items", String(index)], error.description)
            }
        }
        return Response.json(CalculateAnswer(version: list.data.version, results: results))
    }
}
