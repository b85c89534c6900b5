/// Why compressed bytes could not be unpacked.
public struct UnpackError: Error, Sendable, Hashable {
    public struct Code: Sendable, Hashable {
        private let value: UInt8
        private init(value: UInt8) { self.value = value }

        /// Not of the stated format, damaged, or cut off.
        public static let corrupt = Code(value: 0)
        /// The content is longer than the limit.
        public static let tooLarge = Code(value: 1)
        /// no memory for the working state.
        public static let outOfMemory = Code(value: 2)
    }

    public var code: Code
    /// In lower case and without a final dot.
    public var message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}
