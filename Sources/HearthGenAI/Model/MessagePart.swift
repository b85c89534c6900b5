public import Hearth

/// A piece of a message to or from a model (GenAI conventions, message parts).
public enum MessagePart: Sendable, Hashable {
    /// Text.
    case text(String)
    /// What the model thought before it answered.
    case reasoning(String)
    /// The model asks for a tool.
    case toolCall(id: String?, name: String, arguments: AttributeValue)
    /// What a tool answered.
    case toolResult(id: String?, name: String?, result: AttributeValue)
    /// A file that is part of the message; `base64` is its content.
    case blob(modality: Modality, mimeType: String?, base64: String)
    /// A file that is only referred to.
    case uri(modality: Modality, mimeType: String?, uri: String)
    /// A file that the provider keeps.
    case file(modality: Modality, mimeType: String?, id: String)
    /// The model declined to answer.
    case refusal(String)
    /// Anything else, with the fields of its JSON.
    case other(type: String, fields: Attributes)

    /// What a file is to its reader.
    public struct Modality: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A picture.
        public static let image = Modality(rawValue: "image")
        /// Sound.
        public static let audio = Modality(rawValue: "audio")
        /// A film.
        public static let video = Modality(rawValue: "video")
        /// Anything else, such as a PDF.
        public static let document = Modality(rawValue: "document")

        /// The modality of a MIME type; everything that is no picture, sound or film is a document.
        public init(mimeType: String) {
            if mimeType.hasPrefix("image/") {
                self = .image
            } else if mimeType.hasPrefix("audio/") {
                self = .audio
            } else if mimeType.hasPrefix("video/") {
                self = .video
            } else {
                self = .document
            }
        }
    }

    /// A file given as bytes.
    public static func binary(_ bytes: [UInt8], mimeType: String) -> MessagePart {
        .blob(modality: Modality(mimeType: mimeType), mimeType: mimeType, base64: Base64.encode(bytes))
    }

    /// A file given by its address; `data:` addresses become the file itself.
    static func link(_ address: String, modality: Modality, mimeType: String? = nil) -> MessagePart {
        guard address.hasPrefix("data:"), let comma = address.firstIndex(of: ",") else {
            return .uri(modality: modality, mimeType: mimeType, uri: address)
        }
        let head = address[address.index(address.startIndex, offsetBy: 5)..<comma]
        let type = head.prefix { $0 != ";" }
        let written = address[address.index(after: comma)...]
        let content = head.hasSuffix(";base64") ? String(written) : Base64.encode(Array(PercentCoding.decode(written).utf8))
        return .blob(
            modality: type.isEmpty ? modality : Modality(mimeType: String(type)), mimeType: type.isEmpty ? mimeType : String(type),
            base64: content)
    }
}

/// Standard base64 with padding.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let first = bytes[index]
            let second = index + 1 < bytes.count ? bytes[index + 1] : 0
            let third = index + 2 < bytes.count ? bytes[index + 2] : 0
            output.append(alphabet[Int(first >> 2)])
            output.append(alphabet[Int(first & 3) << 4 | Int(second >> 4)])
            output.append(index + 1 < bytes.count ? alphabet[Int(second & 15) << 2 | Int(third >> 6)] : UInt8(ascii: "="))
            output.append(index + 2 < bytes.count ? alphabet[Int(third & 63)] : UInt8(ascii: "="))
            index += 3
        }
        return String(decoding: output, as: UTF8.self)
    }
}
