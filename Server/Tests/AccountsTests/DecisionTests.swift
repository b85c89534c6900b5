import Foundation
import Testing

@testable import Accounts

@Suite("Who may do what")
struct DecisionTests {
    @Test("A7: on loopback a missing or unknown token is local/default, warned about once; elsewhere it is refused")
    func unknownTokens() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let loopback = fixture.authentication(isLoopback: true)
        #expect(outcome { () throws(AccessError) in try loopback.authorize(nil, for: .write) } == "local/default")
        let first = try loopback.authorize("nonsense", for: .write)
        #expect(first.project.path == "local/default")
        #expect(first.warning == "unknown token; on loopback everything goes to local/default")
        #expect(try loopback.authorize("nonsense", for: .write).warning == nil)
        let elsewhere = fixture.authentication(isLoopback: false)
        for header in [nil, "nonsense", "Bearer nonsense"] {
            #expect(outcome { () throws(AccessError) in try elsewhere.authorize(header, for: .read) } == "401")
        }
    }

    @Test("A known token selects its project, also on loopback, and does only what its kind does")
    func kinds() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let shop = try await fixture.project("shop")
        let write = try await fixture.issue(.of(shop, .write, description: nil, expiresAt: nil, createdByName: nil)).secret
        let read = try await fixture.issue(.of(shop, .read, description: nil, expiresAt: nil, createdByName: nil)).secret
        for authentication in [fixture.authentication(isLoopback: true), fixture.authentication(isLoopback: false)] {
            func ask(_ token: String, _ access: Access) -> String {
                outcome { () throws(AccessError) in try authentication.authorize("Bearer " + token, for: access) }
            }
            #expect(ask(write, .write) == "local/shop")
            #expect(ask(read, .read) == "local/shop")
            #expect(ask(write, .read) == "403")
            #expect(ask(read, .write) == "403")
            #expect(ask(write, .manage) == "403")
            #expect(ask(read, .manage) == "403")
            #expect(
                outcome { () throws(AccessError) in
                    try authentication.authorize(Credentials(authorization: read, project: "local/default"), for: .read)
                } == "404", "a token shows nothing of other projects")
        }
    }

    @Test("An ended token is refused at once, also on loopback")
    func ended() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let authentication = fixture.authentication(isLoopback: true)
        let revoked = try await fixture.issue(.of(fixture.local, .write, description: nil, expiresAt: nil, createdByName: nil))
        let expired = try await fixture.issue(
            .of(fixture.local, .write, description: nil, expiresAt: Date().addingTimeInterval(0.05), createdByName: nil))
        #expect(outcome { () throws(AccessError) in try authentication.authorize(revoked.secret, for: .write) } == "local/default")
        try await fixture.directory.change { store throws(ControlStoreError) in try await store.revokeToken(revoked.token.id) }
        try await Task.sleep(for: .milliseconds(80))
        #expect(outcome { () throws(AccessError) in try authentication.authorize(revoked.secret, for: .write) } == "401")
        #expect(outcome { () throws(AccessError) in try authentication.authorize(expired.secret, for: .write) } == "401")
    }

    @Test("A rotated token works until its grace ends")
    func rotation() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let authentication = fixture.authentication(isLoopback: false)
        let old = try await fixture.issue(.of(fixture.local, .read, description: "grafana", expiresAt: nil, createdByName: nil))
        let new = try await fixture.directory.change { store throws(ControlStoreError) in
            try await store.rotateToken(old.token.id, grace: 3_600, createdByName: nil)
        }
        #expect(new.token.description == "grafana")
        #expect(try authentication.authorize(old.secret, for: .read).project == fixture.local)
        #expect(try authentication.authorize(new.secret, for: .read).project == fixture.local)
        let newest = try await fixture.directory.change { store throws(ControlStoreError) in
            try await store.rotateToken(new.token.id, grace: 0, createdByName: nil)
        }
        #expect(outcome { () throws(AccessError) in try authentication.authorize(new.secret, for: .read) } == "401")
        #expect(try authentication.authorize(newest.secret, for: .read).project == fixture.local)
    }

    @Test("Roles: viewers read, members also manage, owners do everything; by session and by API key")
    func roles() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let authentication = fixture.authentication(isLoopback: false)
        _ = try await fixture.store.createFirstOwner(email: "root@example.com", name: nil, password: AccountsFixture.cheapPassword())
        let may: [Role: Set<Access>] = [.viewer: [.read], .member: [.read, .write, .manage], .owner: Set(Access.allCases)]
        for role in Role.allCases {
            let member = try await fixture.store.addMember(
                email: "\(role)@example.com", name: nil, role: role, organization: "local")
            let opened = try await fixture.directory.change { store throws(ControlStoreError) in
                try await store.openSession(user: member.user.id, address: nil, userAgent: nil)
            }
            let key = try await fixture.issue(TokenRequest(kind: .apiKey, organization: "local", role: role)).secret
            let userToken = try await fixture.issue(TokenRequest(kind: .user, userID: member.user.id)).secret
            for access in Access.allCases {
                let expected = may[role, default: []].contains(access) ? "local/default" : "403"
                for credentials in [
                    Credentials(session: opened.cookie), Credentials(authorization: key), Credentials(authorization: userToken),
                ] {
                    #expect(outcome { () throws(AccessError) in try authentication.authorize(credentials, for: access) } == expected)
                }
            }
        }
    }

    @Test("A member of one organisation sees nothing of another")
    func organisations() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let authentication = fixture.authentication(isLoopback: false)
        _ = try await fixture.store.createOrganization("other", owner: nil)
        let secretProject = try await fixture.store.createProject(organization: "other", name: "secret")
        let member = try await fixture.store.addMember(email: "a@example.com", name: nil, role: .owner, organization: "local")
        let session = try await fixture.directory.change { store throws(ControlStoreError) in
            try await store.openSession(user: member.user.id, address: nil, userAgent: nil)
        }
        for name in ["other/secret", secretProject.uuid, "no/such"] {
            let credentials = Credentials(session: session.cookie, project: name)
            #expect(outcome { () throws(AccessError) in try authentication.authorize(credentials, for: .read) } == "404")
        }
        let principal = try authentication.principal(Credentials(session: session.cookie))
        #expect(authentication.projects(of: principal).map(\.item.path) == ["local/default"])
        #expect(authentication.organizations(of: principal).map(\.item.name) == ["local"])
    }

    @Test("An API key restricted to a project is of no use elsewhere; one of several projects must name one")
    func keys() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let authentication = fixture.authentication(isLoopback: false)
        let shop = try await fixture.project("shop")
        let only = try await fixture.issue(
            TokenRequest(kind: .apiKey, organization: "local", projectID: shop.id, role: .owner)
        ).secret
        let wide = try await fixture.issue(TokenRequest(kind: .apiKey, organization: "local", role: .member)).secret
        func ask(_ key: String, _ project: String?) -> String {
            outcome { () throws(AccessError) in
                try authentication.authorize(Credentials(authorization: key, project: project), for: .manage)
            }
        }
        #expect(ask(only, nil) == "local/shop")
        #expect(ask(only, "local/default") == "404")
        #expect(try authentication.principal(Credentials(authorization: only)).role(in: "local") == nil)
        #expect(ask(wide, nil) == "403")
        #expect(ask(wide, "local/shop") == "local/shop")
        #expect(ask(wide, shop.uuid) == "local/shop")
    }

    @Test("A token of a consent given on loopback is worth nothing once the server listens elsewhere")
    func loopbackConsent() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let token = try await fixture.issue(TokenRequest(kind: .user)).secret
        #expect(
            outcome { () throws(AccessError) in try fixture.authentication(isLoopback: true).authorize(token, for: .administer) }
                == "local/default")
        #expect(outcome { () throws(AccessError) in try fixture.authentication(isLoopback: false).authorize(token, for: .read) } == "401")
    }

    @Test("What another process changes is known within seconds")
    func otherProcess() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let authentication = fixture.authentication(isLoopback: false)
        let following = Task { await fixture.directory.follow { _ in } }
        let other = try ControlStore(path: fixture.folder.appending(path: "control.sqlite").path)
        try await Task.sleep(for: .milliseconds(200))
        let issued = try await other.issue(.of(fixture.local, .write, description: nil, expiresAt: nil, createdByName: nil))
        // Seconds of its own; other suites block the threads that it shares with them.
        let end = ContinuousClock.now + .seconds(60)
        while outcome({ () throws(AccessError) in try authentication.authorize(issued.secret, for: .write) }) == "401", .now < end {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(outcome { () throws(AccessError) in try authentication.authorize(issued.secret, for: .write) } == "local/default")
        following.cancel()
        await following.value
        let used = try await fixture.store.token(id: issued.token.id).lastUsedAt
        #expect(used != nil, "the last use is stored at the latest when the server ends")
    }
}
