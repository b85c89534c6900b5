#if Macros
    import SwiftDiagnostics
    import SwiftSyntax

    /// What can be wrong about a use of `@Instrument`.
    enum InstrumentMessage: DiagnosticMessage {
        case notAFunction(String)
        case noBody(String)
        case generic(String)
        case templateNotLiteral
        case interpolation
        case notALiteral(String, String)
        case unknownPlaceholder(String, [String])
        case notRecorded(String, String)
        case unknownSkip(String)

        var message: String {
            switch self {
            case .notAFunction(let kind):
                "'@Instrument' works on functions and methods, not on \(kind); use 'Hearth.span' inside of it"
            case .noBody(let name):
                "'@Instrument' needs a body to record, but '\(name)' has none; attach it where the function is implemented"
            case .generic(let name):
                "'@Instrument' cannot keep the 'rethrows' of '\(name)'; declare it with a generic error, 'throws(Failure)'"
            case .templateNotLiteral:
                "the template must be text in quotation marks, because it is also the name that spans are grouped by"
            case .interpolation:
                "the template must not interpolate; write {name} for a parameter, it is filled when the function is called"
            case .notALiteral(let label, let expected):
                "'\(label)' must be \(expected)"
            case .unknownPlaceholder(let name, let parameters):
                parameters.isEmpty
                    ? "'{\(name)}' names no parameter: the function has none"
                    : "'{\(name)}' names no parameter; there is \(parameters.map { "'\($0)'" }.joined(separator: ", "))"
            case .notRecorded(let name, let reason):
                "'{\(name)}' cannot be filled: the parameter is not recorded, because \(reason)"
            case .unknownSkip(let name):
                "'\(name)' in 'skip' names no parameter"
            }
        }

        var severity: DiagnosticSeverity {
            if case .unknownSkip = self { return .warning }
            return .error
        }

        var diagnosticID: MessageID {
            let id =
                switch self {
                case .notAFunction: "notAFunction"
                case .noBody: "noBody"
                case .generic: "generic"
                case .templateNotLiteral: "templateNotLiteral"
                case .interpolation: "interpolation"
                case .notALiteral: "notALiteral"
                case .unknownPlaceholder: "unknownPlaceholder"
                case .notRecorded: "notRecorded"
                case .unknownSkip: "unknownSkip"
                }
            return MessageID(domain: "HearthMacros", id: id)
        }

        func diagnostic(at node: some SyntaxProtocol, fixIts: [FixIt] = []) -> Diagnostic {
            Diagnostic(node: node, message: self, fixIts: fixIts)
        }
    }

    /// What can be done about it.
    enum InstrumentFix: FixItMessage {
        case usePlaceholders
        case rename(String, String)

        var message: String {
            switch self {
            case .usePlaceholders: "write placeholders instead"
            case .rename(let old, let new): "replace '{\(old)}' with '{\(new)}'"
            }
        }

        var fixItID: MessageID {
            let id =
                switch self {
                case .usePlaceholders: "usePlaceholders"
                case .rename: "rename"
                }
            return MessageID(domain: "HearthMacros", id: id)
        }
    }
#endif
