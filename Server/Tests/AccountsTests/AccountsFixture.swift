import Foundation

@testable import Accounts

/// A control store in a folder of its own, with what requests are decided by.
struct AccountsFixture {
    let folder: URL
    let store: ControlStore
    let directory: AccountDirectory
    let local: Project

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hearth-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try ControlStore(path: folder.appending(path: "control.sqlite").path)
        directory = try await AccountDirectory(store: store)
        local = try await store.defaultProject()
    }

    func authentication(isLoopback: Bool) -> Authentication {
        Authentication(isLoopback: isLoopback, defaultProject: local, directory: directory)
    }

    func issue(_ request: TokenRequest) async throws -> IssuedToken {
        try await directory.change { store throws(ControlStoreError) in try await store.issue(request) }
    }

    func project(_ name: String) async throws -> Project {
        try await directory.change { store throws(ControlStoreError) in try await store.createProject(organization: "local", name: name) }
    }

    /// A password that costs next to nothing to hash.
    static func cheapPassword(_ text: String = "correct horse") throws -> PasswordHash {
        try PasswordHash(of: text, cost: .init(rounds: 2, blockSize: 1, parallelism: 1))
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}

/// What a decision came to, in one word.
func outcome(_ body: () throws(AccessError) -> Grant) -> String {
    do { return try body().project.path } catch {
        switch error.code {
        case .unauthenticated: return "401"
        case .forbidden: return "403"
        case .unknownProject: return "404"
        default: return "?"
        }
    }
}
