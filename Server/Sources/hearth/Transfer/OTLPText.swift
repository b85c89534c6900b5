/// Builds OTLP/JSON (OpenTelemetry protocol specification, "JSON Protobuf Encoding") from the JSON of answers.
struct OTLPText {
    private(set) var bytes: [UInt8] = []
    /// Whether the next member or element is the first of its container.
    private var isFirst = true

    // MARK: Containers

    mutating func object(_ name: StaticString? = nil, _ body: (inout OTLPText) -> Void) { container(name, "{", "}", body) }

    mutating func array(_ name: StaticString? = nil, _ body: (inout OTLPText) -> Void) { container(name, "[", "]", body) }

    private mutating func container(_ name: StaticString?, _ open: String, _ close: String, _ body: (inout OTLPText) -> Void) {
        begin(name)
        bytes += open.utf8
        isFirst = true
        body(&self)
        bytes += close.utf8
        isFirst = false
    }

    private mutating func begin(_ name: StaticString?) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        guard let name else { return }
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes += $0 }
        bytes += "\":".utf8
    }

    // MARK: Members

    /// Text as a string; nothing for nil and the empty string, which OTLP does not tell apart.
    mutating func text(_ name: StaticString, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        begin(name)
        AnswerJSON.write(text, to: &bytes)
    }

    /// An enumeration or small number.
    mutating func number(_ name: StaticString, _ number: Int64?) {
        guard let number else { return }
        begin(name)
        bytes += String(number).utf8
    }

    /// A 64-bit integer, which JSON has as a string.
    mutating func integer(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        begin(name)
        bytes += "\"\(text)\"".utf8
    }

    mutating func flag(_ name: StaticString, _ flag: Bool?) {
        guard let flag else { return }
        begin(name)
        bytes += (flag ? "true" : "false").utf8
    }

    /// A number as it was written; nothing for null.
    mutating func double(_ name: StaticString, _ value: AnswerJSON?) {
        guard case .number(let text)? = value else { return }
        begin(name)
        bytes += text.utf8
    }

    /// Elements as they were written.
    mutating func numbers(_ name: StaticString, _ values: [AnswerJSON], asText: Bool) {
        array(name) { out in
            for value in values {
                guard case .number(let text) = value else { continue }
                out.begin(nil)
                out.bytes += (asText ? "\"\(text)\"" : text).utf8
            }
        }
    }

    // MARK: Attributes

    /// `[{"key": …, "value": …}]` of the members of a JSON object.
    ///
    /// - Parameters:
    ///   - schema: names of attributes that were text with JSON inside.
    ///   - added: further attributes behind them.
    mutating func attributes(
        _ name: StaticString, _ object: AnswerJSON?, schema: Set<String> = [], without: Set<String> = [],
        added: [AnswerJSON.Member] = []
    ) {
        var members: [AnswerJSON.Member] = []
        if case .object(let own)? = object?.opened { members = own }
        members = members.filter { !without.contains($0.name) } + added
        guard !members.isEmpty else { return }
        array(name) { out in
            for member in members {
                out.object { out in
                    out.begin("key")
                    AnswerJSON.write(member.name, to: &out.bytes)
                    out.value("value", member.value, isText: schema.contains(member.name))
                }
            }
        }
    }

    /// An `AnyValue`.
    ///
    /// - Parameter isText: arrays and objects stand in a string, as the sender had them.
    mutating func value(_ name: StaticString?, _ value: AnswerJSON, isText: Bool = false) {
        if isText {
            switch value {
            case .array, .object, .raw, .number, .bool, .null:
                let text = value.text
                return object(name) { out in
                    out.begin("stringValue")
                    AnswerJSON.write(text, to: &out.bytes)
                }
            case .string: break
            }
        }
        object(name) { out in
            switch value.opened {
            case .null, .raw: break
            case .bool(let flag): out.flag("boolValue", flag)
            case .number(let text):
                if let number = Int64(text) { out.integer("intValue", String(number)) } else { out.double("doubleValue", value) }
            case .string(let text):
                out.begin("stringValue")
                AnswerJSON.write(text, to: &out.bytes)
            case .array(let values):
                out.object("arrayValue") { out in out.array("values") { out in for value in values { out.value(nil, value) } } }
            case .object(let members):
                out.object("kvlistValue") { out in
                    out.array("values") { out in
                        for member in members {
                            out.object { out in
                                out.begin("key")
                                AnswerJSON.write(member.name, to: &out.bytes)
                                out.value("value", member.value)
                            }
                        }
                    }
                }
            }
        }
    }
}

extension AnswerJSON {
    /// A container that was kept as text, parsed.
    var opened: AnswerJSON {
        guard case .raw(let text) = self else { return self }
        return (try? JSONParser.parse(text)) ?? .null
    }

    /// As ``opened``, with what stands inside its members kept as text.
    var openedOnce: AnswerJSON {
        guard case .raw(let text) = self else { return self }
        return (try? JSONParser.parse(text, rawBelow: 2)) ?? .null
    }
}
