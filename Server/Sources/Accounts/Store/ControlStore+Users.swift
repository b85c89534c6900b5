import Foundation
import GRDB

/// A member of an organisation, with the account.
public struct Member: Sendable {
    public var user: User
    public var membership: Membership
}

extension ControlStore {
    public func users() async throws(ControlStoreError) -> [User] {
        try await read { try User.order(Column("email")).fetchAll($0) }
    }

    /// The account with this e-mail address, without regard to case.
    public func user(email: String) async throws(ControlStoreError) -> User? {
        try await read { try User.filter(Column("email") == email).fetchOne($0) }
    }

    public func memberships() async throws(ControlStoreError) -> [Membership] {
        try await read { try Membership.order(Column("organization"), Column("created_at")).fetchAll($0) }
    }

    public func members(of organization: String) async throws(ControlStoreError) -> [Member] {
        try await read { database in
            let memberships = try Membership.filter(Column("organization") == organization).order(Column("created_at")).fetchAll(database)
            return try memberships.compactMap { membership in
                try User.fetchOne(database, key: membership.userID).map { Member(user: $0, membership: membership) }
            }
        }
    }

    /// Adds a person to an organisation; makes the account when the address is new.
    ///
    /// - Throws: `conflict` when the person is a member already, `invalid`, `notFound` for the organisation.
    public func addMember(
        email: String, name: String?, role: Role, organization: String
    ) async throws(ControlStoreError) -> Member {
        try AccountNames.checkEmail(email)
        try AccountNames.checkText(name, field: "name", limit: 200)
        return try await write { database in
            guard try Organization.filter(Column("name") == organization).fetchCount(database) == 1 else {
                throw ControlStoreError.notFound("there is no organisation \(organization)")
            }
            let now = Date()
            let user: User
            if let known = try User.filter(Column("email") == email).fetchOne(database) {
                user = known
            } else {
                let shown = name.flatMap { $0.isEmpty ? nil : $0 } ?? String(email.prefix { $0 != "@" })
                user = User(id: SecretText.uuid(), email: email, name: shown, createdAt: now)
                try user.insert(database)
            }
            guard try Membership.fetchOne(database, key: ["organization": organization, "user_id": user.id]) == nil else {
                throw ControlStoreError.conflict("\(email) is a member of \(organization) already")
            }
            let membership = Membership(organization: organization, userID: user.id, role: role, createdAt: now)
            try membership.insert(database)
            return Member(user: user, membership: membership)
        }
    }

    /// - Throws: `conflict` when the organisation would lose its last owner.
    public func setRole(_ role: Role, user userID: String, organization: String) async throws(ControlStoreError) -> Member {
        try await write { database in
            guard var membership = try Membership.fetchOne(database, key: ["organization": organization, "user_id": userID]),
                let user = try User.fetchOne(database, key: userID)
            else { throw ControlStoreError.notFound("no such member of \(organization)") }
            if membership.role == .owner, role != .owner { try Self.checkOtherOwner(organization, userID, database) }
            membership.role = role
            try membership.update(database)
            return Member(user: user, membership: membership)
        }
    }

    /// Takes a person out of an organisation; an account that is in none any more goes, with its sessions and tokens.
    ///
    /// - Throws: `conflict` when the organisation would lose its last owner.
    public func removeMember(_ userID: String, organization: String) async throws(ControlStoreError) {
        try await write { database in
            guard let membership = try Membership.fetchOne(database, key: ["organization": organization, "user_id": userID]) else {
                throw ControlStoreError.notFound("no such member of \(organization)")
            }
            if membership.role == .owner { try Self.checkOtherOwner(organization, userID, database) }
            try membership.delete(database)
            guard try Membership.filter(Column("user_id") == userID).fetchCount(database) == 0 else { return }
            try database.execute(
                sql: "UPDATE token SET revoked_at = ? WHERE user_id = ? AND revoked_at IS NULL", arguments: [Date(), userID])
            try User.deleteOne(database, key: userID)
        }
    }

    /// The first account: owner of the organisation `local`.
    ///
    /// - Throws: `conflict` when there is an account already.
    public func createFirstOwner(email: String, name: String?, password: PasswordHash) async throws(ControlStoreError) -> User {
        try AccountNames.checkEmail(email)
        try AccountNames.checkText(name, field: "name", limit: 200)
        return try await write { database in
            guard try User.fetchCount(database) == 0 else { throw ControlStoreError.conflict("this server is set up already; sign in") }
            let now = Date()
            let shown = name.flatMap { $0.isEmpty ? nil : $0 } ?? String(email.prefix { $0 != "@" })
            let user = User(id: SecretText.uuid(), email: email, name: shown, password: password.text, createdAt: now)
            try user.insert(database)
            for organization in try Organization.fetchAll(database) {
                try Membership(organization: organization.name, userID: user.id, role: .owner, createdAt: now).insert(database)
            }
            return user
        }
    }

    private static func checkOtherOwner(_ organization: String, _ userID: String, _ database: Database) throws {
        let others = Membership.filter(
            Column("organization") == organization && Column("role") == Role.owner.rawValue && Column("user_id") != userID)
        if try others.fetchCount(database) == 0 {
            throw ControlStoreError.conflict("\(organization) would be left without an owner; make someone else an owner first")
        }
    }
}
