public import Accounts
import Crypto
import Foundation
import GenAIPrices

/// Changes the prices in use: versions of the price data for the server, overrides for its projects. Every change is durable when it is
/// answered and holds for calls priced from then on.
public actor PriceAdministration {
    public nonisolated let book: PriceBook
    private let store: ControlStore
    /// Where the files of the versions are.
    private let folder: String
    private let embedded: PriceData

    /// Loads what is stored into a new book.
    ///
    /// - Parameters:
    ///   - dataFolder: the server's data folder; files go to its subfolder `prices`.
    ///   - report: told what could not be used, in one sentence each.
    public init(store: ControlStore, dataFolder: String, report: (String) -> Void) async throws {
        self.store = store
        folder = dataFolder + "/prices"
        embedded = try PriceData.bundled()
        book = PriceBook(data: embedded)
        let setting = try await store.setting(PriceDataSetting.self, project: nil)
        if let active = setting.active, let version = setting.versions.first(where: { $0.name == active }) {
            do {
                book.use(try read(version))
            } catch {
                report("the price data \(active) cannot be used, the embedded \(PriceData.bundledVersion) is used instead: \(error)")
            }
        }
        for (project, stored) in try await store.settings(PriceOverridesSetting.self) {
            do {
                try book.set(stored.overrides, project: project)
            } catch {
                report("the price overrides of project \(project) are not used: \(error)")
            }
        }
    }

    // MARK: Versions

    /// All versions, the embedded one first, then by the time they were installed.
    public func versions() async throws -> [PriceVersion] {
        let setting = try await store.setting(PriceDataSetting.self, project: nil)
        let active = book.data.version
        let bundled = PriceVersion(
            name: PriceData.bundledVersion, sha256: PriceData.bundledSHA256, providers: embedded.providers.count,
            models: try embedded.modelCount(), installedAt: nil, isActive: active == PriceData.bundledVersion, isBundled: true)
        return [bundled] + setting.versions.map { $0.shown(active: active) }
    }

    /// Installs a data file and uses it. A file that is installed already is only used again.
    ///
    /// - Parameters:
    ///   - bytes: a JSON array of providers in version 2 of the data format.
    ///   - name: nil for the day and the beginning of the hash.
    /// - Throws: ``PriceAdministrationError``; nothing has changed then.
    public func install(_ bytes: [UInt8], name: String?) async throws -> PriceVersion {
        let hash = SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        if hash == PriceData.bundledSHA256 { return try await activate(PriceData.bundledVersion) }
        var setting = try await store.setting(PriceDataSetting.self, project: nil)
        if let known = setting.versions.first(where: { $0.sha256 == hash }), name == nil || name == known.name {
            return try await activate(known.name)
        }
        let now = Date.now.formatted(.iso8601)
        let name = name ?? "\(now.prefix(10))-\(hash.prefix(8))"
        guard !name.isEmpty, name.utf8.count <= 64, name.utf8.allSatisfy(Self.isNameByte), name.utf8.first != UInt8(ascii: ".") else {
            throw PriceAdministrationError(.invalid, "a version's name has 1 to 64 letters, digits, '.', '_' or '-', not \(name)")
        }
        guard name != PriceData.bundledVersion, !setting.versions.contains(where: { $0.name == name }) else {
            throw PriceAdministrationError(.conflict, "there is another version \(name); choose another name")
        }
        let data: PriceData
        let models: Int
        do throws(PriceDataError) {
            data = try PriceData(json: bytes, version: name)
            models = try data.validate()
        } catch {
            throw PriceAdministrationError(.invalid, "this is not price data: \(error)")
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: path(hash)), options: .atomic)
        } catch {
            throw PriceAdministrationError(.failed, "the price data cannot be written to \(folder): \(error.localizedDescription)")
        }
        let version = PriceDataSetting.Version(
            name: name, sha256: hash, providers: data.providers.count, models: models, installedAt: now)
        setting.versions.append(version)
        setting.active = name
        try await store.save(setting, project: nil)
        book.use(data)
        return version.shown(active: name)
    }

    /// Uses an installed version.
    ///
    /// - Throws: ``PriceAdministrationError``; nothing has changed then.
    public func activate(_ name: String) async throws -> PriceVersion {
        var setting = try await store.setting(PriceDataSetting.self, project: nil)
        if name == PriceData.bundledVersion {
            setting.active = nil
            try await store.save(setting, project: nil)
            book.use(embedded)
        } else {
            guard let version = setting.versions.first(where: { $0.name == name }) else {
                throw PriceAdministrationError(.unknown, "there is no version \(name) of the price data")
            }
            let data = try read(version)
            setting.active = name
            try await store.save(setting, project: nil)
            book.use(data)
        }
        guard let version = try await versions().first(where: { $0.name == name }) else {
            throw PriceAdministrationError(.unknown, "there is no version \(name) of the price data")
        }
        return version
    }

    private func path(_ hash: String) -> String { "\(folder)/\(hash).json" }

    private nonisolated func read(_ version: PriceDataSetting.Version) throws(PriceAdministrationError) -> PriceData {
        let path = "\(folder)/\(version.sha256).json"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PriceAdministrationError(.failed, "the file \(path) cannot be read")
        }
        do throws(PriceDataError) {
            return try PriceData(json: [UInt8](data), version: version.name)
        } catch {
            throw PriceAdministrationError(.failed, "the file \(path) is damaged: \(error)")
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    // MARK: Overrides

    /// The project's overrides in the order they were made.
    public func overrides(project: Int32) async throws -> [PriceOverride] {
        try await store.setting(PriceOverridesSetting.self, project: project).overrides
    }

    /// Adds an override; its number and time are given here.
    ///
    /// - Throws: ``PriceAdministrationError``; nothing has changed then.
    public func add(_ override: PriceOverride, project: Int32) async throws -> PriceOverride {
        var setting = try await store.setting(PriceOverridesSetting.self, project: project)
        guard setting.overrides.count < 1_000 else {
            throw PriceAdministrationError(.invalid, "a project can have 1,000 overrides; remove some that no longer hold")
        }
        var override = override
        override.id = setting.nextID
        override.createdAt = Date.now.formatted(.iso8601)
        do throws(PriceOverrideError) {
            try book.check(override, project: project)
        } catch {
            throw PriceAdministrationError(.invalid, error.description)
        }
        setting.nextID += 1
        setting.overrides.append(override)
        try await store.save(setting, project: project)
        try book.set(setting.overrides, project: project)
        return override
    }

    /// Removes an override.
    public func remove(override id: Int, project: Int32) async throws {
        var setting = try await store.setting(PriceOverridesSetting.self, project: project)
        guard let index = setting.overrides.firstIndex(where: { $0.id == id }) else {
            throw PriceAdministrationError(.unknown, "the project has no override \(id)")
        }
        setting.overrides.remove(at: index)
        try await store.save(setting, project: project)
        try book.set(setting.overrides, project: project)
    }
}

extension PriceDataSetting.Version {
    func shown(active: String) -> PriceVersion {
        PriceVersion(
            name: name, sha256: sha256, providers: providers, models: models, installedAt: installedAt, isActive: name == active,
            isBundled: false)
    }
}
