import DuckDBKit
import TelemetryModel

/// Appends rows to `resource`, in the order of ``Schema/resource``. Rare, so row by row.
enum ResourceTable {
    static func append(_ resource: ResourceInfo, project: Int32, sequence: Int64, to table: inout FeedChunk) throws(DuckDBError) {
        let row = table.begin()
        table.column { $0.set(row, project) }
        table.column { $0.set(row, sequence) }
        table.column { $0.set(row, resource.id) }
        table.column { $0.setText(row, resource.serviceName) }
        table.column { $0.setText(row, resource.serviceNamespace) }
        table.column { $0.setText(row, resource.serviceVersion) }
        table.column { $0.setText(row, resource.serviceInstanceID) }
        table.column { $0.set(row, resource.processPID) }
        table.column { $0.setText(row, resource.deploymentEnvironment) }
        table.column { $0.setText(row, resource.telemetrySDKName) }
        table.column { $0.setText(row, resource.telemetrySDKLanguage) }
        table.column { $0.setText(row, resource.telemetrySDKVersion) }
        table.column { $0.setText(row, resource.attributesJSON) }
        try table.end(1)
    }
}

/// Appends rows to `scope`, in the order of ``Schema/scope``.
enum ScopeTable {
    static func append(_ scope: ScopeInfo, project: Int32, sequence: Int64, to table: inout FeedChunk) throws(DuckDBError) {
        let row = table.begin()
        table.column { $0.set(row, project) }
        table.column { $0.set(row, sequence) }
        table.column { $0.set(row, scope.id) }
        table.column { $0.setText(row, scope.name) }
        table.column { $0.setText(row, scope.version) }
        table.column { $0.setText(row, scope.attributesJSON) }
        try table.end(1)
    }
}
