#if Macros
    public import SwiftSyntax
    import SwiftSyntaxBuilder
    public import SwiftSyntaxMacros

    /// Puts the body of a function into a closure that runs inside of a span.
    ///
    /// The body is not touched, so an implicit `return` stays what it is, and the closure never escapes, so `inout` parameters and `mutating` methods work.
    public struct InstrumentMacro: BodyMacro {
        /// The body of the function as the argument of a call.
        public static func expansion(
            of node: AttributeSyntax,
            providingBodyFor declaration: some DeclSyntaxProtocol & WithOptionalCodeBlockSyntax,
            in context: some MacroExpansionContext
        ) throws -> [CodeBlockItemSyntax] {
            let original = Array(declaration.body?.statements ?? [])
            guard let function = declaration.as(FunctionDeclSyntax.self) else {
                context.diagnose(InstrumentMessage.notAFunction(declaration.kindText).diagnostic(at: node))
                return original
            }
            guard let body = function.body else {
                context.diagnose(InstrumentMessage.noBody(function.name.text).diagnostic(at: node))
                return []
            }
            guard function.throwsClause?.throwsSpecifier.tokenKind != .keyword(.rethrows) else {
                context.diagnose(InstrumentMessage.generic(function.name.text).diagnostic(at: node))
                return original
            }
            guard let settings = InstrumentSettings(node, in: context) else { return original }
            let parameters = InstrumentParameter.all(of: function, settings)
            guard TemplateCheck.passes(settings, parameters, in: context) else { return original }
            return ["\(raw: call(of: function, body, settings, parameters, in: context))"]
        }

        private static func call(
            of function: FunctionDeclSyntax,
            _ body: CodeBlockSyntax,
            _ settings: InstrumentSettings,
            _ parameters: [InstrumentParameter],
            in context: some MacroExpansionContext
        ) -> String {
            let template = settings.template?.trimmedDescription ?? "\"\(function.fullName(in: context))\""
            var arguments = [template]
            for (label, value) in settings.passedOn { arguments.append("\(label): \(value.trimmedDescription)") }
            let plain = parameters.filter { $0.isRecorded && !$0.isInout }
            if !plain.isEmpty { arguments.append("attributes: \(literal(plain))") }
            let changing = parameters.filter { $0.isRecorded && $0.isInout }
            if !changing.isEmpty { arguments.append("changing: Hearth.isConfigured ? \(literal(changing)) : [:]") }
            if settings.recordsReturn { arguments.append("returning: { \(value("$0")) }") }
            let location = context.location(of: function.name, at: .afterLeadingTrivia, filePathMode: .fileID)
            arguments.append("fileID: \(location?.file.trimmedDescription ?? "#fileID")")
            arguments.append("line: \(location?.line.trimmedDescription ?? "#line")")

            let isAsync = function.signature.effectSpecifiers?.asyncSpecifier != nil
            let throwing = function.throwsClause.map { " " + $0.trimmedDescription } ?? ""
            var signature = "()" + (isAsync ? " async" : "") + throwing
            let result = function.signature.returnClause?.type
            // The type behind `some` has no name; it is inferred from the body.
            if result?.tokens(viewMode: .sourceAccurate).contains(where: { $0.tokenKind == .keyword(.some) }) != true {
                signature += " -> " + (result?.trimmedDescription ?? "Void")
            }
            let effects = (function.throwsClause == nil ? "" : "try ") + (isAsync ? "await " : "")
            return """
                return \(effects)HearthMacros.InstrumentedCall.run(\(arguments.joined(separator: ", "))) { \(signature) in\(body.statements.description)
                }
                """
        }

        private static func literal(_ parameters: [InstrumentParameter]) -> String {
            "[" + parameters.map { "\"\($0.name)\": \(value($0.reference))" }.joined(separator: ", ") + "]"
        }

        private static func value(_ expression: String) -> String { "HearthMacros.InstrumentedCall.value(\(expression))" }
    }

    extension FunctionDeclSyntax {
        var throwsClause: ThrowsClauseSyntax? { signature.effectSpecifiers?.throwsClause }

        /// The function's name with its labels, behind the names of the types around it.
        func fullName(in context: some MacroExpansionContext) -> String {
            var types: [String] = []
            for syntax in context.lexicalContext {
                if let named = syntax.asProtocol((any NamedDeclSyntax).self), !syntax.is(FunctionDeclSyntax.self) {
                    types.append(named.name.text)
                } else if let extended = syntax.as(ExtensionDeclSyntax.self) {
                    types.append(extended.extendedType.trimmedDescription)
                }
            }
            let labels = signature.parameterClause.parameters.map { ($0.firstName.identifier?.name ?? $0.firstName.text) + ":" }.joined()
            return (types.reversed() + ["\(name.text)(\(labels))"]).joined(separator: ".")
        }
    }

    extension DeclSyntaxProtocol {
        /// How diagnostics name the declaration.
        var kindText: String {
            switch kind {
            case .initializerDecl: "an initialiser"
            case .deinitializerDecl: "a deinitialiser"
            case .accessorDecl: "an accessor"
            case .structDecl, .classDecl, .enumDecl, .actorDecl, .protocolDecl, .extensionDecl: "a type"
            case .variableDecl: "a property"
            default: "this declaration"
            }
        }
    }
#endif
