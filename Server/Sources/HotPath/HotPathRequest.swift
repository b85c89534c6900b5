import OTLPWire

/// A request as an agent's SDK sends it: of four spans one is a model call with its messages, one a tool, two are web requests.
enum HotPathRequest {
    static func body(spans: Int) -> [UInt8] {
        var writer = WireWriter(capacity: spans * 2_048)
        let resourceSpans = writer.open(OTLPFields.TracesData.resourceSpans)
        let resource = writer.open(OTLPFields.ResourceSpans.resource)
        attribute(&writer, OTLPFields.Resource.attributes, "service.name", "support-bot")
        writer.close(resource)
        let scopeSpans = writer.open(OTLPFields.ResourceSpans.scopeSpans)
        let scope = writer.open(OTLPFields.ScopeSpans.scope)
        writer.string(OTLPFields.InstrumentationScope.name, "pydantic-ai")
        writer.close(scope)
        for number in 0..<spans { span(&writer, number) }
        writer.close(scopeSpans)
        writer.close(resourceSpans)
        return writer.bytes
    }

    private static let message = String(repeating: "what the customer said, word by word; ", count: 40)

    private static func span(_ writer: inout WireWriter, _ number: Int) {
        let start: UInt64 = 1_767_225_600_000_000_000 + UInt64(number) * 1_000_000
        let span = writer.open(OTLPFields.ScopeSpans.spans)
        writer.identifier(OTLPFields.Span.traceID, high: 1, low: UInt64(number / 16 + 1))
        writer.identifier(OTLPFields.Span.spanID, UInt64(number + 1))
        writer.fixed64(OTLPFields.Span.startTimeUnixNano, start)
        writer.fixed64(OTLPFields.Span.endTimeUnixNano, start + 250_000_000)
        writer.varint(OTLPFields.Span.kind, 3)
        switch number % 4 {
        case 0: call(&writer, number)
        case 1:
            writer.string(OTLPFields.Span.name, "execute_tool search_docs")
            set(&writer, "gen_ai.operation.name", "execute_tool")
            set(&writer, "gen_ai.tool.name", "search_docs")
            set(&writer, "gen_ai.tool.call.result", message)
        default:
            writer.string(OTLPFields.Span.name, "POST")
            set(&writer, "http.request.method", "POST")
            set(&writer, "url.full", "https://api.openai.com/v1/chat/completions")
            set(&writer, "server.address", "api.openai.com")
            set(&writer, "http.response.status_code", 200)
        }
        writer.close(span)
    }

    private static func call(_ writer: inout WireWriter, _ number: Int) {
        writer.string(OTLPFields.Span.name, "chat gpt-5")
        set(&writer, "gen_ai.operation.name", "chat")
        set(&writer, "gen_ai.provider.name", "openai")
        set(&writer, "gen_ai.request.model", "gpt-5")
        set(&writer, "gen_ai.response.model", "gpt-5")
        set(&writer, "gen_ai.response.id", "resp_\(number)")
        set(&writer, "gen_ai.usage.input_tokens", 1_200)
        set(&writer, "gen_ai.usage.output_tokens", 300)
        set(&writer, "gen_ai.input.messages", "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"\(message)\"}]}]")
        set(&writer, "gen_ai.output.messages", "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"\(message)\"}]}]")
        set(&writer, "logfire.msg", "chat gpt-5")
    }

    private static func set(_ writer: inout WireWriter, _ key: String, _ value: String) {
        attribute(&writer, OTLPFields.Span.attributes, key, value)
    }

    private static func set(_ writer: inout WireWriter, _ key: String, _ value: Int) {
        let pair = writer.open(OTLPFields.Span.attributes)
        writer.string(OTLPFields.KeyValue.key, key)
        let content = writer.open(OTLPFields.KeyValue.value)
        writer.int(OTLPFields.AnyValue.intValue, Int64(value))
        writer.close(content)
        writer.close(pair)
    }

    private static func attribute(_ writer: inout WireWriter, _ tag: WireTag, _ key: String, _ value: String) {
        let pair = writer.open(tag)
        writer.string(OTLPFields.KeyValue.key, key)
        let content = writer.open(OTLPFields.KeyValue.value)
        writer.string(OTLPFields.AnyValue.stringValue, value)
        writer.close(content)
        writer.close(pair)
    }
}
