/// Why a file cannot serve as price data.
public struct PriceDataError: Error, Sendable, CustomStringConvertible {
    /// What is wrong with the file.
    public struct Code: Sendable, Equatable {
        private enum Value { case malformed, invalid }
        private let value: Value
        /// The text is not JSON.
        public static let malformed = Code(value: .malformed)
        /// The JSON is not price data of version 2.
        public static let invalid = Code(value: .invalid)
    }

    /// What is wrong, for code that has to decide.
    public let code: Code
    /// Where in the file, such as `[3].models[7].prices.input_mtok`; empty when it is the file as a whole.
    public let path: String
    /// What was expected there.
    public let message: String

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }

    static func malformed(_ message: String, at offset: Int) -> PriceDataError {
        PriceDataError(code: .malformed, path: "", message: "not JSON: \(message) at byte \(offset)")
    }

    static func invalid(_ path: String, _ message: String) -> PriceDataError {
        PriceDataError(code: .invalid, path: path, message: message)
    }

    /// The same error inside `outer`.
    func under(_ outer: String) -> PriceDataError {
        let separator = path.isEmpty || path.hasPrefix("[") || outer.isEmpty ? "" : "."
        return PriceDataError(code: code, path: outer + separator + path, message: message)
    }
}
