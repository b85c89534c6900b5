public import Foundation
import Synchronization

/// A `logfire auth` that waits for somebody's consent.
public struct DeviceAuthorization: Sendable {
    /// Seconds from the request until it is forgotten.
    public static let lifetime: TimeInterval = 600

    /// Where it stands.
    public enum Status: String, Sendable {
        case pending, approved, denied
    }

    /// What the waiting program asks with; known to it alone.
    public var deviceCode: String
    /// What stands in the address of the consent page.
    public var userCode: String
    /// The name the machine gave itself; shown to the person, never trusted.
    public var machineName: String
    /// Where the request came from.
    public var address: String?
    public var createdAt: Date
    public var status: Status
    /// Who approved; nil on loopback, where nobody is signed in.
    public var userID: String?

    public var expiresAt: Date { createdAt.addingTimeInterval(Self.lifetime) }
}

/// The device authorisations under way. In memory only: none outlives ten minutes, and whoever may ask without a login must
/// not be able to fill the disk.
public final class DeviceAuthorizations: Sendable {
    static let limit = 1_000
    static let limitPerAddress = 30

    private let pending = Mutex<[String: DeviceAuthorization]>([:])

    public init() {}

    /// Begins one; nil when too many are waiting.
    public func begin(machineName: String, address: String?, at now: Date = Date()) -> DeviceAuthorization? {
        pending.withLock { pending in
            pending = pending.filter { $0.value.expiresAt > now }
            let same = pending.values.count { $0.address == address }
            guard pending.count < Self.limit, same < Self.limitPerAddress else { return nil }
            let authorization = DeviceAuthorization(
                deviceCode: SecretText.alphanumeric(40), userCode: SecretText.alphanumeric(20),
                machineName: String(
                    machineName.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }.prefix(100).map(Character.init)),
                address: address, createdAt: now, status: .pending)
            pending[authorization.deviceCode] = authorization
            return authorization
        }
    }

    /// The one the consent page is about.
    public func find(userCode: String, at now: Date = Date()) -> DeviceAuthorization? {
        pending.withLock { pending in pending.values.first { $0.userCode == userCode && $0.expiresAt > now } }
    }

    /// Records the person's decision; false when it was decided already, nil when there is no such code.
    public func decide(userCode: String, approve: Bool, userID: String?, at now: Date = Date()) -> Bool? {
        pending.withLock { pending in
            guard let found = pending.values.first(where: { $0.userCode == userCode && $0.expiresAt > now }) else { return nil }
            guard found.status == .pending else { return false }
            pending[found.deviceCode]?.status = approve ? .approved : .denied
            pending[found.deviceCode]?.userID = userID
            return true
        }
    }

    /// What the waiting program learns; nil for an unknown or expired code. An approved one is handed over once and then
    /// forgotten; a denied one stays denied, as clients ask a few times before they believe it.
    public func poll(deviceCode: String, at now: Date = Date()) -> DeviceAuthorization? {
        pending.withLock { pending in
            guard let found = pending[deviceCode], found.expiresAt > now else { return nil }
            if found.status == .approved { pending[deviceCode] = nil }
            return found
        }
    }
}
