/// Why a call has no price.
public struct PriceError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, for code that has to decide.
    public struct Code: Sendable, Equatable {
        private enum Value { case unknownProvider, unknownModel, usage }
        private let value: Value
        /// No provider of the data is meant.
        public static let unknownProvider = Code(value: .unknownProvider)
        /// The provider is known, the model is not.
        public static let unknownModel = Code(value: .unknownModel)
        /// The counts contradict each other or lack one that is needed.
        public static let usage = Code(value: .usage)
    }

    /// What went wrong, for code that has to decide.
    public let code: Code
    /// One sentence.
    public let description: String

    /// An error from its code and one sentence.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
