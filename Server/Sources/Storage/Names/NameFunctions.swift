import DuckDBKit

/// A column of `resource` or `scope` that SQL can read by a function.
struct NameColumn: Sendable {
    /// Whose column it is.
    enum Owner: String, Sendable { case resource, scope }

    let owner: Owner
    /// Its name in the table.
    let column: String
    fileprivate let index: Int

    static let resources = make(
        .resource,
        [
            "attributes", "deployment_environment", "service_name", "service_namespace", "service_version", "service_instance_id",
            "process_pid", "telemetry_sdk_name", "telemetry_sdk_language", "telemetry_sdk_version",
        ])
    static let scopes = make(.scope, ["name", "version", "attributes"])

    private static func make(_ owner: Owner, _ names: [String]) -> [NameColumn] {
        names.enumerated().map { NameColumn(owner: owner, column: $1, index: $0) }
    }

    fileprivate var function: String { "hearth_\(owner.rawValue)_\(column)" }

    /// The call that gives the column of a row of the table with alias `alias`.
    static func call(_ owner: Owner, _ column: String, project: Int32, alias: String) -> String {
        "hearth_\(owner.rawValue)_\(column)(\(project), \(alias).\(owner.rawValue)_id)"
    }
}

/// Functions by which SQL reads ``InternedNames``: `hearth_resource_service_name(project, resource_id)` and so on.
enum NameFunctions {
    static func register(_ names: InternedNames, _ connection: borrowing Connection) throws(DuckDBError) {
        for column in NameColumn.resources + NameColumn.scopes {
            switch column.column {
            case "attributes": try connection.register(JSONName(reader: NameReader(names: names, column: column)), as: column.function)
            case "process_pid": try connection.register(NumberName(reader: NameReader(names: names, column: column)), as: column.function)
            default: try connection.register(TextName(reader: NameReader(names: names, column: column)), as: column.function)
            }
        }
    }
}

/// A column of the resources or scopes of a project, for who encodes rows and knows their ids.
public struct NameLookup: Sendable {
    /// What the column's text is: `otel_resource_attributes` is JSON, `process_pid` a number, all others are text.
    public enum Kind: Sendable { case text, json, number }

    public let kind: Kind
    private let names: InternedNames
    private let owner: NameColumn.Owner
    private let index: Int
    private let project: Int32

    init?(_ names: InternedNames, _ owner: NameColumn.Owner, _ column: String, project: Int32) {
        let columns = owner == .resource ? NameColumn.resources : NameColumn.scopes
        guard let index = columns.firstIndex(where: { $0.column == column }) else { return nil }
        self.names = names
        self.owner = owner
        self.index = index
        self.project = project
        kind = column == "attributes" ? .json : column == "process_pid" ? .number : .text
    }

    /// The text of the column for an id; nil for NULL.
    ///
    /// Asked for after the rows were read: whatever they refer to is known before they can be.
    public func text(of id: UInt64) -> [UInt8]? { names.entry(owner, id, project: project)?.columns[index] }
}

private struct NameReader: Sendable {
    let names: InternedNames
    let column: NameColumn

    /// Calls `set` with the value of every row; nil for NULL.
    func read(_ arguments: [InputVector], _ count: Int, _ set: (_ row: Int, _ value: [UInt8]?) -> Void) {
        // All rows of a call are of one project.
        guard count > 0, let id = arguments[0].value(0, as: Int32.self) else { return }
        let project = names.project(id)
        let entries = column.owner == .resource ? project.resources : project.scopes
        var last: UInt64?
        var value: [UInt8]?
        for row in 0..<count {
            let key = arguments[1].value(row, as: UInt64.self)
            if key != last || row == 0 {
                last = key
                value = key.flatMap { entries[$0]?.columns[column.index] }
            }
            set(row, value)
        }
    }
}

private struct TextName: ScalarFunction {
    static let parameters = ["INTEGER", "UBIGINT"]
    static let result = "VARCHAR"
    let reader: NameReader

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        reader.read(arguments, count) { row, value in output.setBytes(row, value) }
    }
}

private struct JSONName: ScalarFunction {
    static let parameters = ["INTEGER", "UBIGINT"]
    static let result = "JSON"
    let reader: NameReader

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        reader.read(arguments, count) { row, value in output.setBytes(row, value) }
    }
}

private struct NumberName: ScalarFunction {
    static let parameters = ["INTEGER", "UBIGINT"]
    static let result = "BIGINT"
    let reader: NameReader

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        reader.read(arguments, count) { row, value in output.set(row, value.flatMap { Int64(String(decoding: $0, as: UTF8.self)) }) }
    }
}

extension OutputVector {
    fileprivate func setBytes(_ row: Int, _ value: [UInt8]?) {
        guard let value else { return setNull(row) }
        value.withUnsafeBufferPointer { setBytes(row, $0) }
    }
}
