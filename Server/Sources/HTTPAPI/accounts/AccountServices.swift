public import Accounts

/// What the account routes need, put together by the composition root.
public struct AccountServices: Sendable {
    public var authentication: Authentication
    public var hasher: PasswordHasher
    public var limiter: LoginLimiter
    public var devices: DeviceAuthorizations
    public var setup: SetupGate
    public var publicAddress: PublicAddress

    public init(
        authentication: Authentication, setup: SetupGate, publicAddress: PublicAddress, hasher: PasswordHasher = PasswordHasher(),
        limiter: LoginLimiter = LoginLimiter(), devices: DeviceAuthorizations = DeviceAuthorizations()
    ) {
        self.authentication = authentication
        self.hasher = hasher
        self.limiter = limiter
        self.devices = devices
        self.setup = setup
        self.publicAddress = publicAddress
    }

    var directory: AccountDirectory { authentication.directory }
}
