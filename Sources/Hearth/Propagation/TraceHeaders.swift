/// Trace context and baggage as headers: W3C `traceparent`, `tracestate`, `baggage`, and B3. Pure text.
enum TraceHeaders {
    /// Longer trace states are left out, as the specification allows.
    static let maximumTraceStateLength = 512
    static let maximumBaggageLength = 8192
    static let maximumBaggageEntries = 64

    // MARK: W3C

    static func traceparent(_ context: SpanContext) -> String {
        // Version 00 asks for zeros where it knows no flag.
        "00-\(context.traceID)-\(context.spanID)-0\(context.flags.intersection([.sampled, .random]).rawValue)"
    }

    /// Reads a `traceparent`; versions above 00 are read as far as they are known.
    static func context(traceparent text: String, tracestate: String? = nil) -> SpanContext? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2, let version = Hex.read(parts[0].utf8), version != 0xff else { return nil }
        guard version > 0 || parts.count == 4, isLowerCase(text) else { return nil }
        guard let traceID = TraceID(parts[1]), let spanID = SpanID(parts[2]), parts[3].utf8.count == 2, let flags = Hex.read(parts[3].utf8)
        else {
            return nil
        }
        let state = tracestate.map { $0.utf8.count <= maximumTraceStateLength ? $0 : "" } ?? ""
        return SpanContext(traceID: traceID, spanID: spanID, flags: TraceFlags(rawValue: UInt8(flags)), traceState: state, isRemote: true)
    }

    private static func isLowerCase(_ text: String) -> Bool { !text.utf8.contains { (0x41...0x5a).contains($0) } }

    // MARK: B3

    /// The single header `b3`.
    static func b3(_ context: SpanContext) -> String {
        "\(context.traceID)-\(context.spanID)-\(context.isSampled ? "1" : "0")"
    }

    static func context(b3 text: String) -> SpanContext? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 2 else { return nil }
        return context(b3TraceID: String(parts[0]), spanID: String(parts[1]), sampled: parts.count > 2 ? String(parts[2]) : nil)
    }

    /// The headers `X-B3-…`. A decision that is missing counts as sampled.
    static func context(b3TraceID: String, spanID: String, sampled: String?, isDebug: Bool = false) -> SpanContext? {
        let padded = b3TraceID.utf8.count == 16 ? String(repeating: "0", count: 16) + b3TraceID : b3TraceID
        guard let traceID = TraceID(padded), let spanID = SpanID(spanID) else { return nil }
        let isSampled = isDebug || sampled == nil || ["1", "true", "d"].contains(sampled)
        return SpanContext(traceID: traceID, spanID: spanID, flags: isSampled ? .sampled : [], isRemote: true)
    }

    // MARK: Baggage

    static func baggage(_ baggage: Baggage) -> String? {
        var text = ""
        for entry in baggage.entries.prefix(maximumBaggageEntries) {
            let member = "\(PercentCoding.encode(entry.name))=\(PercentCoding.encode(entry.value))"
            guard text.utf8.count + member.utf8.count < maximumBaggageLength else { break }
            text += (text.isEmpty ? "" : ",") + member
        }
        return text.isEmpty ? nil : text
    }

    static func baggage(_ text: String) -> Baggage {
        var result = Baggage()
        guard text.utf8.count <= maximumBaggageLength else { return result }
        for member in text.split(separator: ",").prefix(maximumBaggageEntries) {
            // What follows a semicolon are properties, which nobody uses.
            let pair = member.prefix { $0 != ";" }
            for (name, value) in EnvironmentSettings.pairs(String(pair)) { result[PercentCoding.decode(name)] = value }
        }
        return result
    }
}
