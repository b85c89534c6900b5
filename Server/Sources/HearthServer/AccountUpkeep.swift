import Accounts
import Logging
import ServiceLifecycle

/// Follows changes of the accounts by other processes, such as `hearth tokens`, as long as the server runs.
struct AccountUpkeep: Service {
    let directory: AccountDirectory
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await directory.follow { logger.error("accounts could not be read or written", metadata: ["error": "\($0)"]) }
        }
    }
}
