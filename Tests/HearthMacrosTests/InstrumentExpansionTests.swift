#if Macros
    import SwiftSyntaxMacroExpansion
    import SwiftSyntaxMacros
    import SwiftSyntaxMacrosGenericTestSupport
    import Testing

    @testable import HearthMacrosPlugin

    @Suite struct InstrumentExpansionTests {
        private func expand(
            _ source: String,
            to expanded: String,
            _ diagnostics: [DiagnosticSpec] = [],
            fixed: String? = nil,
            at location: Testing.SourceLocation = #_sourceLocation
        ) {
            assertMacroExpansion(
                source,
                expandedSource: expanded,
                diagnostics: diagnostics,
                macroSpecs: ["Instrument": MacroSpec(type: InstrumentMacro.self)],
                fixedSource: fixed,
                failureHandler: { Issue.record(Comment(rawValue: $0.message), sourceLocation: location) }
            )
        }

        @Test func aFunctionRunsInsideOfASpan() {
            expand(
                """
                @Instrument("Fetching holdings for {portfolioID}")
                func fetch(portfolioID: String) -> Int {
                    portfolioID.count
                }
                """,
                to: """
                    func fetch(portfolioID: String) -> Int {
                        return HearthMacros.InstrumentedCall.run("Fetching holdings for {portfolioID}", attributes: ["portfolioID": HearthMacros.InstrumentedCall.value(portfolioID)], fileID: "TestModule/test.swift", line: 2) { () -> Int in
                            portfolioID.count
                        }
                    }
                    """
            )
        }

        @Test func effectsAndSettingsAreKept() {
            expand(
                """
                struct Shop {
                    @Instrument(level: .debug, tags: ["a"], skip: ["key"], recordReturn: true)
                    mutating func sell(_ item: String, key: String, into box: inout Int, `in` place: Int) async throws(Trouble) -> Box<Int> {
                        return try await take(item)
                    }
                }
                """,
                to: """
                    struct Shop {
                        mutating func sell(_ item: String, key: String, into box: inout Int, `in` place: Int) async throws(Trouble) -> Box<Int> {
                            return try await HearthMacros.InstrumentedCall.run("Shop.sell(_:key:into:in:)", level: .debug, tags: ["a"], attributes: ["item": HearthMacros.InstrumentedCall.value(item), "place": HearthMacros.InstrumentedCall.value(place)], changing: Hearth.isConfigured ? ["box": HearthMacros.InstrumentedCall.value(box)] : [:], returning: {
                                    HearthMacros.InstrumentedCall.value($0)
                                }, fileID: "TestModule/test.swift", line: 3) { () async throws(Trouble) -> Box<Int> in
                                    return try await take(item)
                            }
                        }
                    }
                    """
            )
        }

        @Test func aWrongPlaceholderIsPointedOut() {
            expand(
                """
                @Instrument("for {portfolio_id}")
                func fetch(portfolioID: String) {
                    work()
                }
                """,
                to: """
                    func fetch(portfolioID: String) {
                        work()
                    }
                    """,
                [
                    DiagnosticSpec(
                        message: "'{portfolio_id}' names no parameter; there is 'portfolioID'", line: 1, column: 13,
                        fixIts: [FixItSpec(message: "replace '{portfolio_id}' with '{portfolioID}'")])
                ],
                fixed: """
                    @Instrument("for {portfolioID}")
                    func fetch(portfolioID: String) {
                        work()
                    }
                    """
            )
            expand(
                """
                @Instrument("for {body}")
                func fetch(body: () -> Void) {
                }
                """,
                to: """
                    func fetch(body: () -> Void) {
                    }
                    """,
                [
                    DiagnosticSpec(
                        message: "'{body}' cannot be filled: the parameter is not recorded, because it is a closure", line: 1, column: 13)
                ]
            )
        }

        @Test func interpolationBecomesPlaceholders() {
            expand(
                #"""
                @Instrument("for \(id) of \(kind)")
                func fetch(id: Int, kind: Int) {
                }
                """#,
                to: """
                    func fetch(id: Int, kind: Int) {
                    }
                    """,
                [
                    DiagnosticSpec(
                        message:
                            "the template must not interpolate; write {name} for a parameter, it is filled when the function is called",
                        line: 1, column: 13, fixIts: [FixItSpec(message: "write placeholders instead")])
                ],
                fixed: """
                    @Instrument("for {id} of {kind}")
                    func fetch(id: Int, kind: Int) {
                    }
                    """
            )
        }

        @Test func whatCannotBeInstrumentedIsRefused() {
            expand(
                """
                protocol Store {
                    @Instrument
                    func save()
                }
                """,
                to: """
                    protocol Store {
                        func save()
                    }
                    """,
                [
                    DiagnosticSpec(
                        message: "'@Instrument' needs a body to record, but 'save' has none; attach it where the function is implemented",
                        line: 2,
                        column: 5)
                ]
            )
            expand(
                """
                struct Store {
                    @Instrument
                    init() {
                        work()
                    }
                }
                """,
                to: """
                    struct Store {
                        init() {
                            work()
                        }
                    }
                    """,
                [
                    DiagnosticSpec(
                        message: "'@Instrument' works on functions and methods, not on an initialiser; use 'Hearth.span' inside of it",
                        line: 2,
                        column: 5)
                ]
            )
            expand(
                """
                @Instrument
                func each(_ body: () throws -> Void) rethrows {
                    try body()
                }
                """,
                to: """
                    func each(_ body: () throws -> Void) rethrows {
                        try body()
                    }
                    """,
                [
                    DiagnosticSpec(
                        message: "'@Instrument' cannot keep the 'rethrows' of 'each'; declare it with a generic error, 'throws(Failure)'",
                        line: 1,
                        column: 1)
                ]
            )
        }

        @Test func settingsMustBeLiteralAndNamesKnown() {
            expand(
                """
                @Instrument(skip: ["nobody"], recordReturn: flag)
                func save(item: Int) {
                }
                """,
                to: """
                    func save(item: Int) {
                    }
                    """,
                [DiagnosticSpec(message: "'recordReturn' must be true or false", line: 1, column: 45)]
            )
        }
    }
#endif
