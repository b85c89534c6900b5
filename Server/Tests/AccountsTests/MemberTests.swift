import Foundation
import Testing

@testable import Accounts

@Suite("Projects, members and links")
struct MemberTests {
    @Test("Names are what stands in URLs", arguments: ["ab", "a-b", "shop2", String(repeating: "a", count: 50)])
    func goodNames(name: String) { #expect(AccountNames.isValid(name)) }

    @Test(arguments: ["", "a", "A-b", "a--b", "-ab", "ab-", "a b", "a/b", "ä1", String(repeating: "a", count: 51)])
    func badNames(name: String) { #expect(!AccountNames.isValid(name)) }

    @Test("A project is made, renamed and deleted; its tokens end with it and its number is not used again")
    func projects() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let shop = try await fixture.project("shop")
        let token = try await fixture.issue(.of(shop, .write, description: nil, expiresAt: nil, createdByName: nil))
        await #expect { try await fixture.project("shop") } throws: { ($0 as? ControlStoreError)?.code == .conflict }
        await #expect { try await fixture.project("Shop") } throws: { ($0 as? ControlStoreError)?.field == "project_name" }
        let renamed = try await fixture.store.updateProject(shop.id, name: "store", description: .some("all of it"))
        #expect(renamed.path == "local/store")
        #expect(renamed.uuid == shop.uuid)
        try await fixture.directory.change { store throws(ControlStoreError) in try await store.deleteProject(shop.id) }
        let authentication = fixture.authentication(isLoopback: true)
        #expect(outcome { () throws(AccessError) in try authentication.authorize(token.secret, for: .write) } == "401")
        #expect(try await fixture.project("shop").id > shop.id)
        await #expect { try await fixture.store.deleteProject(fixture.local.id) } throws: { ($0 as? ControlStoreError)?.code == .conflict }
    }

    @Test("The first account owns everything, and there is only one first account")
    func firstOwner() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let password = try AccountsFixture.cheapPassword()
        let first = try await fixture.store.createFirstOwner(email: "Ada@Example.com", name: "Ada", password: password)
        #expect(try await fixture.store.user(email: "ada@example.com")?.id == first.id)
        #expect(try await fixture.store.members(of: "local").map(\.membership.role) == [.owner])
        await #expect { try await fixture.store.createFirstOwner(email: "b@example.com", name: nil, password: password) } throws: {
            ($0 as? ControlStoreError)?.code == .conflict
        }
        let gate = SetupGate()
        let code = gate.open()
        #expect(gate.accepts(code))
        #expect(!gate.accepts(code + "x"))
        gate.close()
        #expect(!gate.accepts(code))
    }

    @Test("The last owner stays; who is removed from everything is gone, with sessions and tokens")
    func members() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let owner = try await fixture.store.createFirstOwner(email: "a@example.com", name: nil, password: AccountsFixture.cheapPassword())
        for change in [Role.member, .viewer] {
            await #expect { try await fixture.store.setRole(change, user: owner.id, organization: "local") } throws: {
                ($0 as? ControlStoreError)?.code == .conflict
            }
        }
        let other = try await fixture.store.addMember(email: "b@example.com", name: "Bo", role: .owner, organization: "local")
        let session = try await fixture.directory.change { store throws(ControlStoreError) in
            try await store.openSession(user: owner.id, address: nil, userAgent: nil)
        }
        let token = try await fixture.issue(TokenRequest(kind: .user, userID: owner.id))
        try await fixture.directory.change { store throws(ControlStoreError) in
            try await store.removeMember(owner.id, organization: "local")
        }
        let authentication = fixture.authentication(isLoopback: false)
        #expect(
            outcome { () throws(AccessError) in try authentication.authorize(Credentials(session: session.cookie), for: .read) } == "401")
        #expect(outcome { () throws(AccessError) in try authentication.authorize(token.secret, for: .read) } == "401")
        #expect(try await fixture.store.users().map(\.id) == [other.user.id])
    }

    @Test("A password link works once, and a new password ends all sessions")
    func links() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let member = try await fixture.store.addMember(email: "b@example.com", name: nil, role: .viewer, organization: "local")
        #expect(!member.user.hasPassword)
        let (_, old) = try await fixture.store.createPasswordLink(user: member.user.id, purpose: .invite, organization: "local")
        let (_, code) = try await fixture.store.createPasswordLink(user: member.user.id, purpose: .invite, organization: "local")
        await #expect(throws: ControlStoreError.self, "a newer link replaces the older one") {
            try await fixture.store.passwordLink(code: old)
        }
        #expect(try await fixture.store.passwordLink(code: code).user.email == "b@example.com")
        let password = try AccountsFixture.cheapPassword()
        let user = try await fixture.store.usePasswordLink(code: code, password: password, name: "Bo")
        #expect(user.name == "Bo")
        await #expect(throws: ControlStoreError.self) { try await fixture.store.usePasswordLink(code: code, password: password, name: nil) }
        let kept = try await fixture.store.openSession(user: user.id, address: nil, userAgent: nil)
        _ = try await fixture.store.openSession(user: user.id, address: nil, userAgent: nil)
        try await fixture.store.setPassword(password, user: user.id, keeping: kept.session.id)
        #expect(try await fixture.store.sessions(of: user.id).map(\.id) == [kept.session.id])
    }
}
