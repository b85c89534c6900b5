public import TelemetryModel

extension CompiledRedaction {
    /// Redacts everything in a batch of metric points; see ``redact(_:)-(RecordBatch)``.
    public func redact(_ batch: inout MetricBatch) -> RedactionCounts {
        var redactor = Redactor(self)
        var counts = RedactionCounts(rules: rules.count)
        redactContext(&batch.resources, &batch.scopes, &redactor, &counts)
        for index in batch.metrics.indices {
            redactor.beginRecord()
            redactor.redact(&batch.metrics[index].name, exemptsWords: true)
            redactor.redact(&batch.metrics[index].unit, exemptsWords: true)
            redactor.redact(&batch.metrics[index].description, exemptsWords: true)
            counts.add(redactor.applied)
        }
        var pass = RecordPass(redactor: redactor)
        for index in batch.points.indices {
            pass.redactor.beginRecord()
            var point = batch.points[index]
            pass.redactor.path = ["attributes"]
            pass.json(&point.attributesJSON, &batch.text, Redactor.Place(isAttributes: true))
            pass.redactor.path = ["exemplars"]
            pass.json(&point.exemplarsJSON, &batch.text, Redactor.Place(holdsAttributes: true))
            guard !pass.redactor.applied.isEmpty else { continue }
            counts.add(pass.redactor.applied)
            var hash = StableHash(key0: hashKey.0, key1: hashKey.1)
            hash.combine(point.id)
            point.id = hash.finalize()
            batch.points[index] = point
        }
        return counts
    }
}

extension Redactor {
    /// Redacts a resource and the columns taken out of it; a changed one gets the id of its new attributes.
    mutating func redact(_ resource: inout ResourceInfo) {
        let before = applied.count
        var json = resource.attributesJSON
        redactObject(&json)
        guard applied.count > before else { return }
        resource.attributesJSON = json
        var hash = StableHash()
        hash.combine(json)
        resource.id = hash.finalize()
        isCounting = false
        let columns: [(WritableKeyPath<ResourceInfo, String?>, String)] = [
            (\.serviceName, "service.name"), (\.serviceNamespace, "service.namespace"), (\.serviceVersion, "service.version"),
            (\.serviceInstanceID, "service.instance.id"), (\.deploymentEnvironment, "deployment.environment.name"),
            (\.telemetrySDKName, "telemetry.sdk.name"), (\.telemetrySDKLanguage, "telemetry.sdk.language"),
            (\.telemetrySDKVersion, "telemetry.sdk.version"),
        ]
        for (column, key) in columns {
            guard let value = resource[keyPath: column] else { continue }
            resource[keyPath: column] = redacted(value, key: key)
        }
        if let pid = resource.processPID, redacted(String(pid), key: "process.pid") != String(pid) { resource.processPID = nil }
        isCounting = true
    }

    /// Redacts a scope; a changed one gets the id of its new content.
    mutating func redact(_ scope: inout ScopeInfo) {
        let before = applied.count
        redact(&scope.name, exemptsWords: true)
        if var version = scope.version {
            redact(&version, exemptsWords: true)
            scope.version = version
        }
        if var json = scope.attributesJSON {
            redactObject(&json)
            scope.attributesJSON = json
        }
        guard applied.count > before else { return }
        var hash = StableHash()
        hash.combine(scope.name)
        hash.combine(scope.version ?? "")
        hash.combine(scope.attributesJSON ?? "")
        scope.id = hash.finalize()
    }

    /// The value of an attribute as a column shows it; nil when it is left out.
    private mutating func redacted(_ value: String, key: String) -> String? {
        let verdict = Array(key.utf8).withUnsafeBufferPointer { self.verdict($0) }
        if verdict.isExempt { return value }
        let bytes = Array(value.utf8)
        if verdict.rule >= 0 {
            if drops(verdict) { return nil }
            return String(decoding: bytes.withUnsafeBufferPointer { replacement(verdict, $0) }, as: UTF8.self)
        }
        var out: [UInt8] = []
        let place = Place(exemptsWords: verdict.exemptsWords, content: verdict.content)
        switch bytes.withUnsafeBufferPointer({ redact($0, place, into: &out) }) {
        case .unchanged: return value
        case .changed: return String(decoding: out, as: UTF8.self)
        case .dropped: return nil
        }
    }

    private mutating func redactObject(_ json: inout String) {
        let bytes = Array(json.utf8)
        var out: [UInt8] = []
        let outcome = bytes.withUnsafeBufferPointer { bytes -> Outcome in
            needsWalk(bytes) ? redactContainer(bytes, Place(isAttributes: true), into: &out) : .unchanged
        }
        if case .changed = outcome { json = String(decoding: out, as: UTF8.self) }
    }

    mutating func redact(_ text: inout String, exemptsWords: Bool) {
        guard !text.isEmpty else { return }
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        switch bytes.withUnsafeBufferPointer({ redact($0, Place(exemptsWords: exemptsWords), into: &out) }) {
        case .unchanged: return
        case .changed: text = String(decoding: out, as: UTF8.self)
        case .dropped: text = ""
        }
    }

    // MARK: Containers and bytes

    /// Redacts text that the decoder rendered as JSON. What cannot be read is looked at as text, and replaced as a whole when it has a find.
    mutating func redactContainer(_ json: UnsafeBufferPointer<UInt8>, _ place: Place, into out: inout [UInt8]) -> Outcome {
        let mark = applied.count
        if let outcome = redactJSON(json, place, into: &out) { return outcome }
        applied.removeLast(applied.count - mark)
        out.removeAll(keepingCapacity: true)
        var text: [UInt8] = []
        var plain = place
        plain.isPlain = true
        guard case .unchanged = redact(json, plain, into: &text) else {
            JSONWalk.appendString(Array("[Redacted]".utf8), to: &out)
            return .changed
        }
        return .unchanged
    }

    /// Redacts bytes that the decoder rendered as base64: what is found in them takes the value as a whole.
    mutating func redactBase64(_ text: UnsafeBufferPointer<UInt8>, _ place: Place, into out: inout [UInt8]) -> Outcome {
        if redaction.binaryRule >= 0, text.count >= BinaryContent.least {
            let after = Array(BinaryContent.mark(characters: text.count).utf8)
            note(redaction.binaryRule, before: text, after: after)
            out += after
            return .changed
        }
        let bytes = Base64.decode(text)
        var decoded: [UInt8] = []
        let mark = applied.count
        let outcome = bytes.withUnsafeBufferPointer { redact($0, place, into: &decoded) }
        guard case .changed = outcome else { return outcome }
        let rule = isCounting && applied.count > mark ? applied[mark].rule : -1
        out += Array((rule >= 0 ? "[Redacted: \(redaction.rules[rule].name)]" : "[Redacted]").utf8)
        return .changed
    }
}

/// Reads base64 of either alphabet; stops at the first other character.
enum Base64 {
    static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count / 4 * 3)
        var (buffer, count): (UInt32, UInt32) = (0, 0)
        for byte in text {
            let value: UInt8
            switch byte {
            case 0x41...0x5a: value = byte - 0x41
            case 0x61...0x7a: value = byte - 0x61 + 26
            case 0x30...0x39: value = byte - 0x30 + 52
            case 0x2b, 0x2d: value = 62
            case 0x2f, 0x5f: value = 63
            default: return out
            }
            buffer = buffer << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: buffer >> count))
            }
        }
        return out
    }
}
