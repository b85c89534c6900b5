import DuckDBKit
import Synchronization
import TelemetryModel

/// What resources and scopes are, in memory: a query for few rows looks them up instead of joining two tables, which costs it more than
/// everything else it does.
///
/// Whatever is stored refers only to resources and scopes that are here, unless a project has too many of them (``isComplete(_:)``).
final class InternedNames: Sendable {
    /// A resource or a scope: its columns as text, nil for NULL.
    struct Entry: Sendable {
        var columns: [[UInt8]?]

        fileprivate var bytes: Int { columns.reduce(64) { $0 + 16 + ($1?.count ?? 0) } }
    }

    /// Those of one project.
    struct Project: Sendable {
        fileprivate(set) var resources: [UInt64: Entry] = [:]
        fileprivate(set) var scopes: [UInt64: Entry] = [:]
        fileprivate var isComplete = true
        fileprivate var bytes = 0

        fileprivate mutating func set(_ owner: NameColumn.Owner, _ id: UInt64, _ entry: Entry) {
            bytes += entry.bytes
            switch owner {
            case .resource: resources[id] = entry
            case .scope: scopes[id] = entry
            }
        }
    }

    private struct State {
        var projects: [Int32: Project] = [:]
        var bytes = 0
        var sampled: Set<Int32> = []
    }

    /// For all projects together. Those that have more when it is full are left out.
    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int = 4 << 20) { self.capacity = capacity }

    /// Whether all resources and scopes of a project are here.
    func isComplete(_ project: Int32) -> Bool { state.withLock { $0.projects[project]?.isComplete ?? true } }

    /// Whether sampling has decided about traces of a project.
    func isSampled(_ project: Int32) -> Bool { state.withLock { $0.sampled.contains(project) } }

    func project(_ project: Int32) -> Project { state.withLock { $0.projects[project] ?? Project() } }

    func entry(_ owner: NameColumn.Owner, _ id: UInt64, project: Int32) -> Entry? {
        state.withLock { state in
            let project = state.projects[project]
            return owner == .resource ? project?.resources[id] : project?.scopes[id]
        }
    }

    // MARK: Changes

    /// Called before rows can refer to it.
    func add(_ resource: ResourceInfo, project: Int32) { add(project, .resource, resource.id, Entry(resource)) }

    /// Called before rows can refer to it.
    func add(_ scope: ScopeInfo, project: Int32) { add(project, .scope, scope.id, Entry(scope)) }

    /// Called before the first decision is stored.
    func addSampled(_ project: Int32) { state.withLock { _ = $0.sampled.insert(project) } }

    private func add(_ project: Int32, _ owner: NameColumn.Owner, _ id: UInt64, _ entry: Entry) {
        state.withLock { state in
            var known = state.projects[project] ?? Project()
            guard known.isComplete else { return }
            // So that the change is made in place.
            state.projects[project] = nil
            state.bytes += entry.bytes
            known.set(owner, id, entry)
            if state.bytes > capacity {
                state.bytes -= known.bytes
                known = Project()
                known.isComplete = false
            }
            state.projects[project] = known
        }
    }

    /// Reads everything anew: the engine was opened.
    func load(_ connection: borrowing Connection) throws(DuckDBError) {
        state.withLock { $0 = State() }
        try load(.resource, NameColumn.resources, connection)
        try load(.scope, NameColumn.scopes, connection)
        var result = try connection.query("SELECT DISTINCT project_id FROM trace_sample")
        while let chunk = try result.next() {
            for row in 0..<chunk.rowCount { addSampled(Int32(truncatingIfNeeded: chunk.column(0).int64(row))) }
        }
    }

    private func load(_ owner: NameColumn.Owner, _ columns: [NameColumn], _ connection: borrowing Connection) throws(DuckDBError) {
        let list = columns.map { "\($0.column)::VARCHAR" }.joined(separator: ", ")
        var result = try connection.query("SELECT project_id, \(owner.rawValue)_id, \(list) FROM \(owner.rawValue)")
        while let chunk = try result.next() {
            let values = columns.indices.map { chunk.column($0 + 2) }
            for row in 0..<chunk.rowCount {
                let entry = Entry(columns: values.map { $0.isNull(row) ? nil : $0.withBytes(row) { Array($0) } })
                add(Int32(truncatingIfNeeded: chunk.column(0).int64(row)), owner, chunk.column(1).uint64(row), entry)
            }
        }
    }
}

extension InternedNames.Entry {
    /// In the order of ``NameColumn/resources``.
    fileprivate init(_ resource: ResourceInfo) {
        let texts = [
            resource.attributesJSON, resource.deploymentEnvironment, resource.serviceName, resource.serviceNamespace,
            resource.serviceVersion, resource.serviceInstanceID, resource.processPID.map { "\($0)" }, resource.telemetrySDKName,
            resource.telemetrySDKLanguage, resource.telemetrySDKVersion,
        ]
        columns = texts.map { $0.map { Array($0.utf8) } }
    }

    /// In the order of ``NameColumn/scopes``.
    fileprivate init(_ scope: ScopeInfo) {
        columns = [scope.name, scope.version, scope.attributesJSON].map { $0.map { Array($0.utf8) } }
    }
}
