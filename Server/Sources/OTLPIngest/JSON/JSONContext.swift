import TelemetryModel

/// Decodes what the three signals have in common in OTLP/JSON: the two outer levels, resource and scope.
enum JSONContext {
    /// The names of a signal's nested arrays.
    struct Names {
        let resources: StaticString
        let scopes: StaticString
        let records: StaticString
    }

    /// Goes through the request, one resource after another and one scope after another.
    ///
    /// An object's resource (or scope) may stand behind its records. Then the records are passed first and read afterwards.
    static func decode<Builder: JSONRecordSink>(_ bytes: Span<UInt8>, _ names: Names, into builder: inout Builder) throws(JSONError) {
        var reader = JSONReader(bytes)
        var buffer: [UInt8] = []
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            guard key.matches(names.resources, bytes, buffer) else {
                try reader.skipValue(bytes)
                continue
            }
            if try reader.skipNull(bytes) { continue }
            try reader.beginArray(bytes)
            while try reader.nextElement(bytes) {
                try resourceRecords(&reader, bytes, names, &buffer, &builder)
            }
        }
        try reader.finish(bytes)
    }

    private static func resourceRecords<Builder: JSONRecordSink>(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ names: Names,
        _ buffer: inout [UInt8],
        _ builder: inout Builder
    ) throws(JSONError) {
        var postponed: [Int] = []
        var hasResource = false
        builder.detail.restart()
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if key.matches("resource", bytes, buffer) {
                try resource(&reader, bytes, &buffer, &builder)
                builder.setResource(source: bytes)
                hasResource = true
            } else if key.matches(names.scopes, bytes, buffer), hasResource {
                try scopes(&reader, bytes, names, &buffer, &builder)
            } else {
                if key.matches(names.scopes, bytes, buffer) { postponed.append(reader.valueStart(bytes)) }
                try reader.skipValue(bytes)
            }
        }
        guard !postponed.isEmpty else { return }
        if !hasResource {
            builder.detail.restart()
            builder.setResource(source: bytes)
        }
        for start in postponed {
            var earlier = reader.restarted(at: start)
            try scopes(&earlier, bytes, names, &buffer, &builder)
        }
    }

    private static func resource<Builder: JSONRecordSink>(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout Builder
    ) throws(JSONError) {
        builder.detail.restart()
        if try reader.skipNull(bytes) { return }
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if key.matches("attributes", bytes, buffer) {
                try builder.decodeDetail(&reader, bytes, &buffer)
            } else {
                try reader.skipValue(bytes)
            }
        }
    }

    private static func scopes<Builder: JSONRecordSink>(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ names: Names,
        _ buffer: inout [UInt8],
        _ builder: inout Builder
    ) throws(JSONError) {
        if try reader.skipNull(bytes) { return }
        try reader.beginArray(bytes)
        while try reader.nextElement(bytes) {
            var postponed: [Int] = []
            var hasScope = false
            try reader.beginObject(bytes)
            while let key = try reader.nextKey(bytes, &buffer) {
                if key.matches("scope", bytes, buffer) {
                    try scope(&reader, bytes, &buffer, &builder)
                    hasScope = true
                } else if key.matches(names.records, bytes, buffer), hasScope {
                    try records(&reader, bytes, &buffer, &builder)
                } else {
                    if key.matches(names.records, bytes, buffer) { postponed.append(reader.valueStart(bytes)) }
                    try reader.skipValue(bytes)
                }
            }
            guard !postponed.isEmpty else { continue }
            if !hasScope {
                builder.detail.restart()
                builder.setScope(name: .empty, version: .empty, source: bytes)
            }
            for start in postponed {
                var earlier = reader.restarted(at: start)
                try records(&earlier, bytes, &buffer, &builder)
            }
        }
    }

    private static func scope<Builder: JSONRecordSink>(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout Builder
    ) throws(JSONError) {
        builder.detail.restart()
        var name = TextRef.empty
        var version = TextRef.empty
        if try !reader.skipNull(bytes) {
            try reader.beginObject(bytes)
            while let key = try reader.nextKey(bytes, &buffer) {
                if key.matches("name", bytes, buffer) {
                    name = try JSONValues.string(&reader, bytes, &builder.text)
                } else if key.matches("version", bytes, buffer) {
                    version = try JSONValues.string(&reader, bytes, &builder.text)
                } else if key.matches("attributes", bytes, buffer) {
                    try builder.decodeDetail(&reader, bytes, &buffer)
                } else {
                    try reader.skipValue(bytes)
                }
            }
        }
        builder.setScope(name: name, version: version, source: bytes)
    }

    private static func records<Builder: JSONRecordSink>(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout Builder
    ) throws(JSONError) {
        if try reader.skipNull(bytes) { return }
        try reader.beginArray(bytes)
        while try reader.nextElement(bytes) {
            try builder.decodeRecord(&reader, bytes, &buffer)
            if builder.isOverLimit { throw JSONError(.limitExceeded, at: reader.offset) }
        }
    }
}

/// A builder as the two outer levels of OTLP/JSON see it.
protocol JSONRecordSink {
    var limits: DecodeLimits { get }
    var text: TextStore { get set }
    var detail: AttributeList { get set }
    var isOverLimit: Bool { get }

    /// Reads an array of attributes into ``detail``.
    mutating func decodeDetail(_ reader: inout JSONReader, _ bytes: Span<UInt8>, _ buffer: inout [UInt8]) throws(JSONError)
    mutating func setResource(source: Span<UInt8>)
    mutating func setScope(name: TextRef, version: TextRef, source: Span<UInt8>)
    /// Reads one span, log record or metric.
    mutating func decodeRecord(_ reader: inout JSONReader, _ bytes: Span<UInt8>, _ buffer: inout [UInt8]) throws(JSONError)
}
