#if Macros
    import SwiftDiagnostics
    import SwiftParser
    import SwiftSyntax
    import SwiftSyntaxMacros

    /// The arguments of `@Instrument`.
    struct InstrumentSettings {
        var node: AttributeSyntax
        var template: StringLiteralExprSyntax?
        var extractsArguments = true
        var recordsReturn = false
        var skipped: Set<String> = []
        var skippedLiterals: [StringLiteralExprSyntax] = []
        /// Handed on as they are written.
        var passedOn: [(label: String, value: ExprSyntax)] = []

        /// Nil when something was diagnosed.
        init?(_ node: AttributeSyntax, in context: some MacroExpansionContext) {
            self.node = node
            guard case .argumentList(let arguments)? = node.arguments else { return }
            for argument in arguments {
                switch argument.label?.text {
                case nil:
                    if argument.expression.is(NilLiteralExprSyntax.self) { continue }
                    guard let literal = Self.template(argument.expression, in: context) else { return nil }
                    template = literal
                case "extractArguments":
                    guard let flag = Self.flag(argument, in: context) else { return nil }
                    extractsArguments = flag
                case "recordReturn":
                    guard let flag = Self.flag(argument, in: context) else { return nil }
                    recordsReturn = flag
                case "skip":
                    guard let names = Self.names(argument, in: context) else { return nil }
                    skippedLiterals = names
                    skipped = Set(names.compactMap(\.representedLiteralValue))
                case let label?:
                    passedOn.append((label, argument.expression))
                }
            }
        }

        private static func template(_ expression: ExprSyntax, in context: some MacroExpansionContext) -> StringLiteralExprSyntax? {
            guard let literal = expression.as(StringLiteralExprSyntax.self) else {
                context.diagnose(InstrumentMessage.templateNotLiteral.diagnostic(at: expression))
                return nil
            }
            if literal.representedLiteralValue != nil { return literal }
            var fixIts: [FixIt] = []
            if let plain = placeholders(insteadOfInterpolationsIn: literal) {
                fixIts.append(
                    FixIt(
                        message: InstrumentFix.usePlaceholders,
                        changes: [.replace(oldNode: Syntax(literal), newNode: Syntax(plain))]))
            }
            context.diagnose(InstrumentMessage.interpolation.diagnostic(at: literal, fixIts: fixIts))
            return nil
        }

        /// The literal with `{name}` in the place of `\(name)`; nil when something else than a name is interpolated.
        private static func placeholders(insteadOfInterpolationsIn literal: StringLiteralExprSyntax) -> StringLiteralExprSyntax? {
            var text = ""
            for segment in literal.segments {
                switch segment {
                case .stringSegment(let segment): text += segment.content.text
                case .expressionSegment(let segment):
                    guard segment.expressions.count == 1, let only = segment.expressions.first, only.label == nil,
                        let name = only.expression.as(DeclReferenceExprSyntax.self)?.baseName.text
                    else { return nil }
                    text += "{\(name)}"
                }
            }
            return literal.with(
                \.segments,
                StringLiteralSegmentListSyntax([
                    .stringSegment(StringSegmentSyntax(content: .stringSegment(text)))
                ]))
        }

        private static func flag(_ argument: LabeledExprSyntax, in context: some MacroExpansionContext) -> Bool? {
            if let literal = argument.expression.as(BooleanLiteralExprSyntax.self) { return literal.literal.tokenKind == .keyword(.true) }
            context.diagnose(InstrumentMessage.notALiteral(argument.label?.text ?? "", "true or false").diagnostic(at: argument.expression))
            return nil
        }

        private static func names(_ argument: LabeledExprSyntax, in context: some MacroExpansionContext) -> [StringLiteralExprSyntax]? {
            let literals = argument.expression.as(ArrayExprSyntax.self)?.elements.map {
                $0.expression.as(StringLiteralExprSyntax.self).flatMap { $0.representedLiteralValue == nil ? nil : $0 }
            }
            if let literals, literals.allSatisfy({ $0 != nil }) { return literals.compactMap { $0 } }
            context.diagnose(
                InstrumentMessage.notALiteral(argument.label?.text ?? "", "a list of names in quotation marks").diagnostic(
                    at: argument.expression))
            return nil
        }
    }
#endif
