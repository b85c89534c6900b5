import Foundation
import Testing

@testable import Accounts

@Suite("Stored settings")
struct SettingTests {
    private struct Colours: StoredSetting {
        static let settingName = "colours"
        var names: [String] = []
    }

    @Test("A setting is kept per project and for the server; nothing stored means the default")
    func keeps() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hearth-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try ControlStore(path: folder.appending(path: "control.sqlite").path)
        #expect(try await store.setting(Colours.self, project: 1) == Colours())
        try await store.save(Colours(names: ["red"]), project: 1)
        try await store.save(Colours(names: ["blue"]), project: 2)
        try await store.save(Colours(names: ["grey"]), project: nil)
        try await store.save(Colours(names: ["green"]), project: 1)
        #expect(try await store.setting(Colours.self, project: 1).names == ["green"])
        #expect(try await store.setting(Colours.self, project: nil).names == ["grey"])
        #expect(try await store.settings(Colours.self).mapValues(\.names) == [1: ["green"], 2: ["blue"]])
    }
}
