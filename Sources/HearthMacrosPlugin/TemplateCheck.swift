#if Macros
    import SwiftDiagnostics
    import SwiftParser
    import SwiftSyntax
    import SwiftSyntaxMacros

    /// Compares what a template and `skip` name with the parameters of the function.
    enum TemplateCheck {
        static func passes(_ settings: InstrumentSettings, _ parameters: [InstrumentParameter], in context: some MacroExpansionContext)
            -> Bool
        {
            for literal in settings.skippedLiterals {
                guard let name = literal.representedLiteralValue, !parameters.contains(where: { $0.name == name }) else { continue }
                context.diagnose(InstrumentMessage.unknownSkip(name).diagnostic(at: literal))
            }
            guard let literal = settings.template, let text = literal.representedLiteralValue else { return true }
            var passes = true
            for name in placeholders(in: text) {
                if let parameter = parameters.first(where: { $0.name == name }) {
                    guard let reason = parameter.exclusion else { continue }
                    context.diagnose(InstrumentMessage.notRecorded(name, reason).diagnostic(at: literal))
                } else {
                    let names = parameters.map(\.name)
                    let message = InstrumentMessage.unknownPlaceholder(name, names)
                    context.diagnose(message.diagnostic(at: literal, fixIts: fixIts(name, names, literal)))
                }
                passes = false
            }
            return passes
        }

        /// The names between braces, each once; doubled braces are text, and `=` behind a name asks for the name in the message.
        static func placeholders(in template: String) -> [String] {
            var names: [String] = []
            var rest = template[...]
            while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
                let behind = rest.index(after: brace)
                if behind < rest.endIndex, rest[behind] == rest[brace] {
                    rest = rest[rest.index(after: behind)...]
                    continue
                }
                guard rest[brace] == "{", let close = rest[behind...].firstIndex(of: "}") else {
                    rest = rest[behind...]
                    continue
                }
                let inside = rest[behind..<close]
                let name = String(inside.last == "=" ? inside.dropLast() : inside)
                if !names.contains(name) { names.append(name) }
                rest = rest[rest.index(after: close)...]
            }
            return names
        }

        /// Offers the parameter that was probably meant.
        private static func fixIts(_ name: String, _ names: [String], _ literal: StringLiteralExprSyntax) -> [FixIt] {
            let ranked = names.map { (name: $0, distance: distance(name, $0)) }.sorted { $0.distance < $1.distance }
            guard let best = ranked.first, best.distance <= 2 || names.count == 1, literal.segments.count == 1,
                case .stringSegment(let segment)? = literal.segments.first
            else { return [] }
            let text = segment.content.text.replacing("{\(name)}", with: "{\(best.name)}").replacing("{\(name)=}", with: "{\(best.name)=}")
            let fixed = literal.with(
                \.segments,
                StringLiteralSegmentListSyntax([.stringSegment(segment.with(\.content, .stringSegment(text)))])
            )
            return [
                FixIt(
                    message: InstrumentFix.rename(name, best.name),
                    changes: [.replace(oldNode: Syntax(literal), newNode: Syntax(fixed))])
            ]
        }

        /// How many letters differ; upper and lower case, and underscores, count as the same.
        static func distance(_ left: String, _ right: String) -> Int {
            let a = Array(left.lowercased().filter { $0 != "_" })
            let b = Array(right.lowercased().filter { $0 != "_" })
            var previous = Array(0...b.count)
            for (row, letter) in a.enumerated() {
                var current = [row + 1]
                for (column, other) in b.enumerated() {
                    current.append(min(previous[column + 1] + 1, current[column] + 1, previous[column] + (letter == other ? 0 : 1)))
                }
                previous = current
            }
            return previous[b.count]
        }
    }
#endif
