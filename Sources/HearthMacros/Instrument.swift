#if Macros
    @_exported public import Hearth

    /// Records every call of a function as a span, with its arguments as attributes.
    ///
    /// ```swift
    /// @Instrument("Fetching holdings for {portfolioID}")
    /// func fetchHoldings(portfolioID: String) async throws -> [Holding] { … }
    /// ```
    ///
    /// Works for functions and methods of every kind: `async`, `throws` with or without a type, generic, `mutating`, `static`, isolated to an actor. An
    /// error that is thrown is recorded and makes the span an error. Arguments are read only when something is recorded; closures, `borrowing` and
    /// `consuming` parameters and parameter packs are left out, and so is what `skip` names.
    ///
    /// - Parameters:
    ///   - template: name of the span and template of its message; placeholders name parameters. Without it both are the function's name.
    ///   - spanName: the span's name, when it is to be another one than the template.
    ///   - level: importance of the span; `info` when nil.
    ///   - tags: tags of the span.
    ///   - kind: what the span is to the trace.
    ///   - extractArguments: whether arguments become attributes.
    ///   - skip: names of parameters that are not recorded.
    ///   - recordReturn: whether what the function returns becomes the attribute `return`.
    @attached(body)
    public macro Instrument(
        _ template: String? = nil,
        spanName: String? = nil,
        level: Level? = nil,
        tags: [String] = [],
        kind: Hearth.SpanKind = .internal,
        extractArguments: Bool = true,
        skip: [String] = [],
        recordReturn: Bool = false
    ) = #externalMacro(module: "HearthMacrosPlugin", type: "InstrumentMacro")
#endif
