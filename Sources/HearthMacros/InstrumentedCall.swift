#if Macros
    public import Hearth

    /// What functions with `@Instrument` call; not meant to be called by hand.
    public enum InstrumentedCall {
        /// Runs the body of a function inside of a span.
        ///
        /// - Parameters:
        ///   - template: name of the span and template of its message.
        ///   - spanName: the span's name, when it is to be another one than the template.
        ///   - level: importance of the span; `info` when nil.
        ///   - tags: tags of the span.
        ///   - kind: what the span is to the trace.
        ///   - attributes: evaluated only when the span is recorded.
        ///   - changing: `inout` arguments as they are before the call: the body changes them, so they cannot be read later.
        ///   - returning: the attribute of a result; nil when results are not recorded.
        ///   - fileID: `code.filepath`: where the function is.
        ///   - line: `code.lineno`: where the function begins.
        ///   - function: `code.function`: the function itself.
        ///   - operation: the body.
        public static func run<Result, Failure: Error>(
            _ template: String,
            spanName: String? = nil,
            level: Level? = nil,
            tags: [String] = [],
            kind: Hearth.SpanKind = .internal,
            attributes: @autoclosure () -> Attributes = [:],
            changing: Attributes = [:],
            returning: ((Result) -> AttributeValue)? = nil,
            fileID: String,
            line: Int,
            function: String = #function,
            _ operation: () throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try Hearth.span(
                template, merged(attributes(), changing), tags: tags, level: level, kind: kind, fileID: fileID, function: function,
                line: line
            ) { span throws(Failure) in
                if let spanName { span.setName(spanName) }
                let result = try operation()
                if let returning, span.isRecording { span.setAttribute("return", returning(result)) }
                return result
            }
        }

        /// Runs the body of an asynchronous function inside of a span, on the actor of the function.
        nonisolated(nonsending) public static func run<Result, Failure: Error>(
            _ template: String,
            spanName: String? = nil,
            level: Level? = nil,
            tags: [String] = [],
            kind: Hearth.SpanKind = .internal,
            attributes: @autoclosure () -> Attributes = [:],
            changing: Attributes = [:],
            returning: ((Result) -> AttributeValue)? = nil,
            fileID: String,
            line: Int,
            function: String = #function,
            _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
        ) async throws(Failure) -> Result {
            try await Hearth.span(
                template, merged(attributes(), changing), tags: tags, level: level, kind: kind, fileID: fileID, function: function,
                line: line
            ) { span async throws(Failure) in
                if let spanName { span.setName(spanName) }
                let result = try await operation()
                if let returning, span.isRecording { span.setAttribute("return", returning(result)) }
                return result
            }
        }

        private static func merged(_ attributes: Attributes, _ changing: Attributes) -> Attributes {
            var result = attributes
            if !changing.isEmpty { result.merge(changing) }
            return result
        }

        /// The attribute of an argument whose type says how it is recorded.
        public static func value(_ argument: some AttributeConvertible) -> AttributeValue { argument.attributeValue }

        /// The attribute of an argument of any other type: its text, unless its type at run time says better.
        @_disfavoredOverload
        public static func value<Argument>(_ argument: Argument) -> AttributeValue {
            // An optional is what is in it.
            if let optional = argument as? any OptionalArgument { return optional.wrappedValue }
            if let convertible = argument as? any AttributeConvertible { return convertible.attributeValue }
            if let elements = argument as? [any AttributeConvertible] { return .array(elements.map(\.attributeValue)) }
            return .string(String(describing: argument))
        }
    }

    /// Any optional, whatever is in it.
    private protocol OptionalArgument {
        var wrappedValue: AttributeValue { get }
    }

    extension Optional: OptionalArgument {
        fileprivate var wrappedValue: AttributeValue { map { InstrumentedCall.value($0) } ?? .null }
    }
#endif
