import Hearth

/// What an HTTP request to a model says and what its answer says, read while the bytes come. A value; knows nothing of spans or clients.
///
/// Bytes of any kind are taken: what cannot be read is left out, never thrown.
public struct ModelExchange: Sendable {
    /// Bodies that are not streamed are read up to this size; of larger ones only the status is known.
    public static let maximumBodyBytes = 16 * 1024 * 1024
    /// What is kept of a streamed answer: texts, arguments and whole items together.
    static let maximumTextBytes = 8 * 1024 * 1024

    /// The shape of the request and its answer.
    public let api: ModelAPI
    /// What is asked for.
    public private(set) var request: ModelRequest
    /// HTTP status; nil before the head of the answer.
    public private(set) var status: Int?
    /// Whether the answer is a stream of events.
    public private(set) var isEventStream = false
    /// `error.type` and text, when the answer is an error.
    public private(set) var error: (type: String, message: String)?
    /// Whether the whole answer has been seen.
    public private(set) var isComplete = false

    private var reader: any AnswerReader
    private var parser = EventStreamParser()
    private var body: [UInt8] = []
    private var isTooLarge = false
    /// Whether the bytes are still compressed; then only the application can read them.
    private var isCompressed = false
    private var hasBegun = false

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - method: only POST is a request to a model.
    ///   - url: the whole address.
    ///   - body: the whole body.
    ///   - provider: `gen_ai.provider.name`, where the address does not tell it.
    /// - Returns: nil when this is no request to a model.
    public init?(method: String, url: String, body: [UInt8], provider: String? = nil) {
        guard method.uppercased() == "POST", let address = WebAddress(url), let api = ModelAPI(path: address.path) else { return nil }
        self.api = api
        let json = body.count <= Self.maximumBodyBytes ? JSONReader.value(in: body) ?? .null : .null
        let deployment = api.deployment(in: address.path)
        // Such names are common; only those of models name one.
        guard api.isUnmistakable || deployment != nil || json["model"]?.string != nil else { return nil }
        var request = ModelRequest(provider: provider ?? api.provider(host: address.host, port: address.port), model: nil)
        request.serverAddress = address.host
        request.serverPort = address.effectivePort
        switch api {
        case .openAIChat:
            OpenAIChatRequest.read(json, into: &request)
            reader = OpenAIChatAnswer()
        case .openAIResponses:
            OpenAIResponsesRequest.read(json, into: &request)
            reader = OpenAIResponsesAnswer()
        case .openAIEmbeddings:
            EmbeddingsRequest.readOpenAI(json, into: &request)
            reader = EmbeddingsAnswer()
        case .anthropicMessages:
            AnthropicRequest.read(json, into: &request)
            reader = AnthropicAnswer()
        case .geminiGenerateContent:
            GeminiRequest.read(json, path: address.path, into: &request)
            reader = GeminiAnswer()
        case .geminiEmbeddings:
            EmbeddingsRequest.readGemini(json, path: address.path, into: &request)
            reader = EmbeddingsAnswer()
        }
        if request.model == nil { request.model = deployment }
        self.request = request
    }

    /// Whether a request may be one to a model, as far as its address tells: then its body decides.
    public static func mayConcern(method: String, url: String) -> Bool {
        method.uppercased() == "POST" && WebAddress(url).flatMap { ModelAPI(path: $0.path) } != nil
    }

    /// What has been answered so far; nil before anything was.
    public var response: ModelResponse? {
        let response = reader.response
        return response.isEmpty ? nil : response
    }

    /// Takes the head of the answer.
    ///
    /// - Parameters:
    ///   - status: HTTP status.
    ///   - contentType: of the answer; decides whether it is a stream of events.
    public mutating func receiveHead(status: Int, contentType: String?) {
        self.status = status
        // What refuses a stream is no stream, whatever it says of itself.
        isEventStream = status < 400 && contentType?.lowercased().contains("event-stream") == true
    }

    /// Takes bytes of the answer.
    ///
    /// - Returns: how many pieces of a streamed answer are complete now.
    @discardableResult
    public mutating func receive(_ bytes: some Collection<UInt8>) -> Int {
        if !hasBegun, let first = bytes.first {
            hasBegun = true
            isCompressed = Self.compressionMarks.contains(first)
        }
        guard !isCompressed else { return 0 }
        guard isEventStream else {
            if body.count + bytes.count <= Self.maximumBodyBytes { body.append(contentsOf: bytes) } else { isTooLarge = true }
            return 0
        }
        var count = 0
        for event in parser.consume(bytes) where take(event) { count += 1 }
        return count
    }

    /// First bytes of gzip and zstd, with which neither JSON nor a stream of events begins.
    private static let compressionMarks: Set<UInt8> = [0x1f, 0x28]

    /// How an answer came to its end.
    public enum End: Sendable, Hashable {
        /// The server said that this was all.
        case whole
        /// The connection broke.
        case cut
        /// The application did not want to read more.
        case abandoned
    }

    /// Tells that nothing more comes.
    public mutating func finish(_ end: End = .whole) {
        if isEventStream {
            if let event = parser.finish() { _ = take(event) }
            isComplete = reader.isFinished || isCompressed && end == .whole
        } else if !isTooLarge, let json = JSONReader.value(in: body) {
            takeWhole(json)
            isComplete = true
        }
        body = []
        if error == nil, let status, status >= 400 { error = (String(status), "") }
        let isMissing = isEventStream ? !isComplete : end == .cut && !isComplete
        if error == nil, status != nil, end != .abandoned, isMissing {
            error = ("incomplete_response", "the answer ended before its end")
        }
        reader.finish(isComplete: error == nil)
    }

    private mutating func takeWhole(_ json: AttributeValue) {
        if let status, status >= 400 {
            error = Self.error(in: json, status: status)
            return
        }
        // Gemini streams an array of answers where no events were asked for.
        if case .array(let parts) = json {
            for part in parts { take(nil, part, size: 0) }
        } else {
            takeError(in: json)
            reader.takeWhole(json)
        }
    }

    /// An answer may be an error also with a status of 200: where the model fails after the answer has begun.
    private mutating func takeError(in json: AttributeValue) {
        guard json["error"] != nil || json["response"]?["error"] != nil else { return }
        error = Self.error(in: json["response"] ?? json, status: status)
    }

    /// - Returns: whether the event is a piece of the answer.
    private mutating func take(_ event: EventStreamParser.Event) -> Bool {
        if event.data.elementsEqual("[DONE]".utf8) {
            reader.takeEnd()
            return false
        }
        guard let json = JSONReader.value(in: event.data) else { return false }
        if event.name == "error" || json["type"]?.string == "error" {
            error = Self.error(in: json, status: status)
            return false
        }
        return take(event.name, json, size: event.data.count)
    }

    @discardableResult
    private mutating func take(_ name: String?, _ json: AttributeValue, size: Int) -> Bool {
        takeError(in: json)
        return reader.takeEvent(name, json, size: size)
    }

    /// The error of an answer in the shape of OpenAI, Anthropic or Google.
    private static func error(in json: AttributeValue, status: Int?) -> (type: String, message: String) {
        // Gemini wraps it into an array where a stream was asked for.
        let json = json.elements.first ?? json
        let inner = json["error"] ?? json
        let type = inner["code"]?.string ?? inner["status"]?.string ?? inner["type"]?.string ?? status.map(String.init) ?? "error"
        return (type, inner["message"]?.string ?? inner.string ?? "")
    }
}

/// Reads the answers of one API.
protocol AnswerReader: Sendable {
    var response: ModelResponse { get }
    /// Whether a streamed answer has said that it is whole.
    var isFinished: Bool { get }
    /// Takes an answer that came as one piece.
    mutating func takeWhole(_ json: AttributeValue)
    /// Takes an event of a streamed answer.
    ///
    /// - Parameters:
    ///   - name: what the event calls itself, where it does.
    ///   - json: its data.
    ///   - size: bytes of its data.
    /// - Returns: whether it is a piece of the answer.
    mutating func takeEvent(_ name: String?, _ json: AttributeValue, size: Int) -> Bool
    /// Takes the end of a stream as OpenAI marks it.
    mutating func takeEnd()
    /// Tells that nothing more comes.
    mutating func finish(isComplete: Bool)
}

extension AnswerReader {
    mutating func takeEnd() {}
    mutating func finish(isComplete: Bool) {}
}
