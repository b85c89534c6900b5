import OTLPWire

/// Writes exports as OTLP protobuf messages, one resource each, as an SDK sends them.
struct OTLPEncoder: Sendable {
    /// `service.instance.id` of each service.
    let instances: [DemoService: String]

    init(identifiers: IdentifierSource, startTime: Int64) {
        var identifiers = identifiers
        var instances: [DemoService: String] = [:]
        for service in DemoService.allCases { instances[service] = identifiers.uuid(at: startTime) }
        self.instances = instances
    }

    func writeResource(_ service: DemoService, _ tag: WireTag, to writer: inout WireWriter) {
        let resource = writer.open(tag)
        for attribute in service.resource(instance: instances[service] ?? "") {
            Self.write(attribute, OTLPFields.Resource.attributes, to: &writer)
        }
        writer.close(resource)
    }

    static func write(_ scope: DemoScope, _ tag: WireTag, to writer: inout WireWriter) {
        let message = writer.open(tag)
        writer.string(OTLPFields.InstrumentationScope.name, scope.name)
        writer.string(OTLPFields.InstrumentationScope.version, scope.version)
        writer.close(message)
    }

    static func write(_ attribute: Attribute, _ tag: WireTag, to writer: inout WireWriter) {
        let pair = writer.open(tag)
        writer.string(OTLPFields.KeyValue.key, attribute.key)
        let value = writer.open(OTLPFields.KeyValue.value)
        switch attribute.value {
        case .string(let text): writer.string(OTLPFields.AnyValue.stringValue, text)
        case .int(let number): writer.int(OTLPFields.AnyValue.intValue, Int64(number))
        case .double(let number): writer.double(OTLPFields.AnyValue.doubleValue, number)
        case .bool(let flag): writer.bool(OTLPFields.AnyValue.boolValue, flag)
        case .strings(let texts):
            let array = writer.open(OTLPFields.AnyValue.arrayValue)
            for text in texts {
                let element = writer.open(OTLPFields.Values.values)
                writer.string(OTLPFields.AnyValue.stringValue, text)
                writer.close(element)
            }
            writer.close(array)
        }
        writer.close(value)
        writer.close(pair)
    }

    /// Elements of one scope together, scopes in the order of their first element.
    static func grouped<Element>(_ elements: [Element], by scope: (Element) -> DemoScope) -> [(scope: DemoScope, elements: [Element])] {
        var groups: [(scope: DemoScope, elements: [Element])] = []
        for element in elements {
            let name = scope(element)
            if let index = groups.firstIndex(where: { $0.scope == name }) {
                groups[index].elements.append(element)
            } else {
                groups.append((name, [element]))
            }
        }
        return groups
    }
}
