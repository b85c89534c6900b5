import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import Ingest
import Logging
import OTLPIngest
import Prices
import Retention
import SQLQuery
import Storage
import Testing

@testable import HTTPAPI

@Suite("The table of endpoints and roles")
struct EndpointTableTests {
    @Test("C10: every route is in the table, and every line of the table is a route")
    func routes() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hearth-\(UUID())")
        let web = folder.appending(path: "web")
        try FileManager.default.createDirectory(at: web, withIntermediateDirectories: true)
        try Data("<html>".utf8).write(to: web.appending(path: "index.html"))
        defer { try? FileManager.default.removeItem(at: folder) }
        let control = try ControlStore(path: folder.appending(path: "control.sqlite").path)
        let authentication = Authentication(
            isLoopback: true, defaultProject: try await control.defaultProject(), directory: try await AccountDirectory(store: control))
        let store = try TelemetryStore(configuration: StorageConfiguration(directory: folder.path))
        let queries = QueryEngine(store: store, configuration: QueryConfiguration())
        let prices = try await PriceAdministration(store: control, dataFolder: folder.path) { _ in }
        let policies = ProjectPolicies()
        let pipeline = IngestPipeline(writer: store, policies: policies, prices: prices.book, limits: DecodeLimits())
        let services = HTTPAPIServices(
            store: store, queries: queries, pipeline: pipeline,
            prices: prices, accounts: AccountServices(authentication: authentication, setup: SetupGate(), publicAddress: PublicAddress()),
            redaction: RedactionService(
                control: control, policies: policies, audit: RedactionAudit(), logger: Logger(label: "test")),
            sampling: SamplingService(control: control, store: store, logger: Logger(label: "test")),
            retention: RetentionService(
                control: control, store: store, queries: queries, limits: RetentionLimits(), logger: Logger(label: "test")),
            mapping: MappingServices(settings: control, policies: policies, application: StoredMapping(store: store, pipeline: pipeline)),
            budget: InFlightBudget(limit: 1 << 20), staticFiles: StaticFiles(folder: web.path), maximumBodyBytes: 1 << 20,
            unfinishedAfter: 300, version: "0")
        let router = HTTPAPI.router(services, site: SiteRules(isLoopback: true))
        let routed = Set(router.routes.map { "\($0.method.rawValue) \(Self.path($0.path.description))" })
        let listed = Set(EndpointTable.all.map { "\($0.method) \($0.path)" })
        #expect(routed.subtracting(listed).sorted() == [], "routes without a line in EndpointTable")
        #expect(listed.subtracting(routed).sorted() == [], "lines of EndpointTable without a route")
        #expect(EndpointTable.all.count == listed.count, "a line stands twice")
        queries.shutdown()
        await store.shutdown()
    }

    @Test("C10: the table in Docs/accounts.md is the one in the code")
    func documentation() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Docs/accounts.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.contains(EndpointTable.markdown), "replace the table by this:\n\(EndpointTable.markdown)")
    }

    /// A router's path in the table's form: a leading slash, parameters in braces.
    private static func path(_ description: String) -> String {
        let parts = description.split(separator: "/").map { part in part.hasPrefix(":") ? "{\(part.dropFirst())}" : String(part) }
        return "/" + parts.joined(separator: "/")
    }
}

@Suite("Cookies and links")
struct PublicAddressTests {
    @Test("Cookies are kept to TLS where there is TLS")
    func secure() {
        #expect(!PublicAddress().isSecure)
        #expect(PublicAddress(isTLS: true).isSecure)
        #expect(PublicAddress(url: "https://hearth.example.com/").isSecure)
        #expect(PublicAddress(url: "https://hearth.example.com/").url == "https://hearth.example.com")
        #expect(!PublicAddress(url: "http://hearth.example.com").isSecure)
        #expect(SessionCookie.cleared(isSecure: true).description.contains("Secure"))
        #expect(SessionCookie.cleared(isSecure: true).description.contains("HttpOnly"))
        #expect(SessionCookie.cleared(isSecure: true).description.contains("SameSite=Lax"))
    }

    @Test("Only a proxy of the own network is believed about where a request came from")
    func ownNetwork() {
        for address in ["127.0.0.1", "::1", "10.1.2.3", "172.16.0.1", "172.31.9.9", "192.168.1.1", "fd00::1", "::ffff:10.0.0.1"] {
            #expect(PublicAddress.isOwnNetwork(address), "\(address)")
        }
        for address in ["8.8.8.8", "172.32.0.1", "192.169.0.1", "2001:db8::1", "::ffff:8.8.8.8", "", "10.0.0"] {
            #expect(!PublicAddress.isOwnNetwork(address), "\(address)")
        }
    }
}
