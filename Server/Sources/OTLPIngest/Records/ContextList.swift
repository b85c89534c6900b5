import TelemetryModel

/// The resources and scopes of a request, each kept once and only when a record belongs to it.
struct ContextList {
    private(set) var resources: [ResourceInfo] = []
    private(set) var scopes: [ScopeInfo] = []
    private var resourceIndices: [UInt64: UInt32] = [:]
    private var scopeIndices: [UInt64: UInt32] = [:]
    private var resource = ResourceInfo(id: 0, attributesJSON: "{}")
    private var scope = ScopeInfo(id: 0, name: "", version: nil, attributesJSON: nil)
    private var resourceIndex: UInt32?
    private var scopeIndex: UInt32?

    var resourceID: UInt64 { resource.id }
    var scopeID: UInt64 { scope.id }
    var scopeName: String { scope.name }

    /// Makes the attributes in `list` the resource of the records that follow.
    mutating func setResource(_ list: AttributeList, source: Span<UInt8>, text: inout TextStore, scratch: inout [UInt8]) {
        let json = Self.object(list, source: source, text: &text, scratch: &scratch)
        var hash = StableHash()
        hash.combine(json)
        resource = ResourceInfo(id: hash.finalize(), attributesJSON: json)
        resourceIndex = resourceIndices[resource.id]
        guard resourceIndex == nil else { return }
        var environment: String?
        for attribute in list.items[list.range] {
            guard let value = Self.string(attribute, text) else { continue }
            switch text.string(attribute.name) {
            case "service.name": resource.serviceName = Self.cut(value)
            case "service.namespace": resource.serviceNamespace = value
            case "service.version": resource.serviceVersion = value
            case "service.instance.id": resource.serviceInstanceID = value
            case "process.pid": resource.processPID = attribute.kind == .int ? attribute.intValue : Int64(value)
            case "deployment.environment.name": resource.deploymentEnvironment = value
            case "deployment.environment": environment = value
            case "telemetry.sdk.name": resource.telemetrySDKName = value
            case "telemetry.sdk.language": resource.telemetrySDKLanguage = value
            case "telemetry.sdk.version": resource.telemetrySDKVersion = value
            default: break
            }
        }
        resource.deploymentEnvironment = resource.deploymentEnvironment ?? environment
    }

    /// Makes name, version and the attributes in `list` the scope of the records that follow.
    mutating func setScope(
        name: TextRef,
        version: TextRef,
        _ list: AttributeList,
        source: Span<UInt8>,
        text: inout TextStore,
        scratch: inout [UInt8]
    ) {
        let name = text.string(name) ?? ""
        let version = version.isEmpty ? nil : text.string(version)
        let json = list.isEmpty ? nil : Self.object(list, source: source, text: &text, scratch: &scratch)
        var hash = StableHash()
        hash.combine(name)
        hash.combine(version ?? "")
        hash.combine(json ?? "")
        scope = ScopeInfo(id: hash.finalize(), name: name, version: version, attributesJSON: json)
        scopeIndex = scopeIndices[scope.id]
    }

    /// The index of the current resource in ``resources``.
    mutating func useResource() -> UInt32 {
        if let resourceIndex { return resourceIndex }
        let index = UInt32(resources.count)
        resources.append(resource)
        resourceIndices[resource.id] = index
        resourceIndex = index
        return index
    }

    /// The index of the current scope in ``scopes``.
    mutating func useScope() -> UInt32 {
        if let scopeIndex { return scopeIndex }
        let index = UInt32(scopes.count)
        scopes.append(scope)
        scopeIndices[scope.id] = index
        scopeIndex = index
        return index
    }

    /// Bytes of a service's name that are kept in its column (`logfire-contract.md` §2.3); the attribute stays whole.
    private static func cut(_ name: String) -> String {
        let limit = RecordBuilder.nameLimit
        guard name.utf8.count > limit else { return name }
        var end = name.utf8.index(name.startIndex, offsetBy: limit)
        while end > name.startIndex, UTF8.isContinuation(name.utf8[end]) { end = name.utf8.index(before: end) }
        return String(name[..<end])
    }

    private static func object(
        _ list: AttributeList,
        source: Span<UInt8>,
        text: inout TextStore,
        scratch: inout [UInt8]
    ) -> String {
        let mark = text.mark
        AttributeJSON.appendObject(list, source: source, text: &text, scratch: &scratch)
        let json = text.string(text.reference(from: mark)) ?? "{}"
        text.arena.removeLast(text.arena.count - mark)
        return json
    }

    /// The value of a column that holds text; nil for empty values and those that are no scalars.
    private static func string(_ attribute: Attribute, _ text: TextStore) -> String? {
        switch attribute.kind {
        case .string: attribute.text.isEmpty ? nil : text.string(attribute.text)
        case .int: String(attribute.intValue)
        case .double: String(attribute.doubleValue)
        case .bool: String(attribute.boolValue)
        case .empty, .json, .bytes: nil
        }
    }
}
