#if Macros
    import SwiftSyntax

    /// A parameter of an instrumented function.
    struct InstrumentParameter {
        /// The name inside of the function, without back-ticks: the attribute's name.
        var name: String
        /// The name as it is written in the function.
        var reference: String
        var isInout: Bool
        /// Why it is not recorded; nil when it is.
        var exclusion: String?

        var isRecorded: Bool { exclusion == nil }

        static func all(of function: FunctionDeclSyntax, _ settings: InstrumentSettings) -> [InstrumentParameter] {
            function.signature.parameterClause.parameters.compactMap { parameter in
                let token = parameter.secondName ?? parameter.firstName
                guard token.tokenKind != .wildcard else { return nil }
                let name = token.identifier?.name ?? token.text
                return InstrumentParameter(
                    name: name,
                    reference: token.trimmedDescription,
                    isInout: specifiers(of: parameter.type).contains("inout"),
                    exclusion: exclusion(of: parameter, name, settings)
                )
            }
        }

        private static func exclusion(of parameter: FunctionParameterSyntax, _ name: String, _ settings: InstrumentSettings) -> String? {
            if !settings.extractsArguments { return "extractArguments is false" }
            if settings.skipped.contains(name) { return "it is skipped" }
            let words = specifiers(of: parameter.type)
            // Reading these would need a copy, which their types may not allow.
            for word in ["borrowing", "consuming", "__owned", "__shared"] where words.contains(word) { return "it is \(word)" }
            if words.contains("isolated") { return "it is the actor of the function" }
            if isFunction(parameter.type) { return "it is a closure" }
            if parameter.type.is(PackExpansionTypeSyntax.self) { return "it is a parameter pack" }
            return nil
        }

        private static func specifiers(of type: TypeSyntax) -> [String] {
            guard let attributed = type.as(AttributedTypeSyntax.self) else { return [] }
            return attributed.specifiers.map(\.trimmedDescription)
        }

        private static func isFunction(_ type: TypeSyntax) -> Bool {
            if type.is(FunctionTypeSyntax.self) { return true }
            if let attributed = type.as(AttributedTypeSyntax.self) {
                return attributed.attributes.contains { $0.trimmedDescription == "@autoclosure" } || isFunction(attributed.baseType)
            }
            if let optional = type.as(OptionalTypeSyntax.self) { return isFunction(optional.wrappedType) }
            if let tuple = type.as(TupleTypeSyntax.self), tuple.elements.count == 1, let only = tuple.elements.first {
                return isFunction(only.type)
            }
            return false
        }
    }
#endif
