import TelemetryModel

/// A row of `records` with all references resolved, made from a batch or by ``ReferenceMapping``.
struct ReferenceRow: Equatable {
    var resource: JSON = .object([:])
    var resourceColumns: [String: String] = [:]
    var scopeName: [UInt8] = []
    var scopeVersion: [UInt8]?
    var scopeAttributes: JSON?
    var kind = "span"
    var isOTLPLog = false
    var traceID = ""
    var spanID = ""
    var parentSpanID = ""
    var start: Int64 = 0
    var end: Int64 = 0
    var level: Int16 = 9
    var spanKind: UInt8 = 0
    var statusCode: UInt8 = 0
    var spanEventCount: UInt16 = 0
    var isException = false
    var httpStatusCode: Int32 = -1
    /// Columns of text; absent when NULL.
    var texts: [String: [UInt8]] = [:]
    /// Columns of JSON; absent when NULL.
    var json: [String: JSON] = [:]
    /// Every attribute, also those that are left out of the JSON columns.
    var attributes: [Attribute] = []

    struct Attribute: Equatable {
        var name: [UInt8]
        var key: AttributeKey
        var kind: AttributeValueKind
        var value: JSON
    }

    init() {}
}

extension ReferenceRow {
    /// All rows of a batch.
    static func rows(_ batch: RecordBatch) throws -> [ReferenceRow] {
        try batch.rows.map { try ReferenceRow($0, batch) }
    }

    init(_ row: RecordRow, _ batch: RecordBatch) throws {
        func bytes(_ ref: TextRef) -> [UInt8]? { ref.isNull ? nil : batch.text.withBytes(ref) { Array($0) } }

        let resource = batch.resources[Int(row.resource)]
        self.resource = try JSON(resource.attributesJSON)
        resourceColumns = Self.columns(resource)
        let scope = batch.scopes[Int(row.scope)]
        scopeName = Array(scope.name.utf8)
        scopeVersion = scope.version.map { Array($0.utf8) }
        scopeAttributes = try scope.attributesJSON.map { try JSON($0) }
        kind = row.kind.name
        isOTLPLog = row.isOTLPLog
        traceID = row.traceID.description
        spanID = row.spanID.description
        parentSpanID = row.parentSpanID.description
        start = row.startNanoseconds
        end = row.endNanoseconds
        level = row.level
        spanKind = row.spanKind
        statusCode = row.statusCode.rawValue
        spanEventCount = row.spanEventCount
        isException = row.isException
        httpStatusCode = row.httpStatusCode
        texts["span_name"] = bytes(row.spanName)
        texts["message"] = bytes(row.message)
        texts["status_message"] = bytes(row.statusMessage)
        texts["exception_type"] = bytes(row.exceptionType)
        texts["exception_message"] = bytes(row.exceptionMessage)
        texts["exception_stacktrace"] = bytes(row.exceptionStacktrace)
        texts["http_method"] = bytes(row.httpMethod)
        texts["http_route"] = bytes(row.httpRoute)
        texts["url_full"] = bytes(row.urlFull)
        texts["url_path"] = bytes(row.urlPath)
        texts["url_query"] = bytes(row.urlQuery)
        texts["json_schema"] = bytes(row.jsonSchema)
        // Embedded JSON stands as it was sent, so its names may repeat; all names of ours are unique.
        json["attributes"] = try bytes(row.attributesJSON).map { try JSON($0, uniqueNames: row.jsonSchema.isNull) }
        json["bodies"] = try bytes(row.bodiesJSON).map { try JSON($0, uniqueNames: row.jsonSchema.isNull) }
        json["tags"] = try bytes(row.tagsJSON).map { try JSON($0) }
        json["events"] = try bytes(row.eventsJSON).map { try JSON($0) }
        json["links"] = try bytes(row.linksJSON).map { try JSON($0) }
        json["body"] = try bytes(row.logBodyJSON).map { try JSON($0) }
        attributes = try batch.attributes[Int(row.attributes.lowerBound)..<Int(row.attributes.upperBound)].map { attribute in
            let name = bytes(attribute.name) ?? []
            let value: JSON
            switch attribute.kind {
            case .empty: value = .null
            case .bool: value = .bool(attribute.boolValue)
            case .int: value = .int(String(attribute.intValue))
            case .double: value = ReferenceValues.double(attribute.doubleValue)
            case .string, .bytes: value = .string(bytes(attribute.text) ?? [])
            case .json: value = try JSON(bytes(attribute.text) ?? [])
            }
            return Attribute(name: name, key: attribute.key, kind: attribute.kind, value: value)
        }
    }

    static func columns(_ resource: ResourceInfo) -> [String: String] {
        var columns: [String: String] = [:]
        columns["service_name"] = resource.serviceName
        columns["service_namespace"] = resource.serviceNamespace
        columns["service_version"] = resource.serviceVersion
        columns["service_instance_id"] = resource.serviceInstanceID
        columns["process_pid"] = resource.processPID.map(String.init)
        columns["deployment_environment"] = resource.deploymentEnvironment
        columns["telemetry_sdk_name"] = resource.telemetrySDKName
        columns["telemetry_sdk_language"] = resource.telemetrySDKLanguage
        columns["telemetry_sdk_version"] = resource.telemetrySDKVersion
        return columns
    }

    /// The fields in which two rows differ, for messages.
    func differences(_ other: ReferenceRow) -> String {
        var lines: [String] = []
        for name in Set(json.keys).union(other.json.keys) where json[name] != other.json[name] {
            lines.append("\(name): " + JSON.difference(json[name], other.json[name]))
        }
        for name in Set(texts.keys).union(other.texts.keys) where texts[name] != other.texts[name] {
            lines.append("\(name): " + JSON.difference(texts[name].map(JSON.string), other.texts[name].map(JSON.string)))
        }
        if resource != other.resource { lines.append("resource: " + JSON.difference(resource, other.resource)) }
        for (mine, theirs) in zip(Mirror(reflecting: self).children, Mirror(reflecting: other).children)
        where !["json", "texts", "resource"].contains(mine.label) && "\(mine.value)" != "\(theirs.value)" {
            lines.append("\(mine.label ?? ""): \(mine.value) / \(theirs.value)")
        }
        return lines.joined(separator: "; ").replacing("\n", with: "⏎").replacing("\r", with: "⏎")
    }
}
