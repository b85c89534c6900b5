import Accounts
import HTTPTypes
import Hummingbird

extension Authentication {
    /// The project of a request, by its `Authorization` header.
    ///
    /// - Throws: ``APIError`` 401 or 403.
    func authorize(_ request: Request, for access: Access) throws(APIError) -> Grant {
        do {
            return try authorize(request.headers[.authorization], for: access)
        } catch {
            throw APIError(error.code == .forbidden ? .forbidden : .unauthorized, error.description)
        }
    }
}
