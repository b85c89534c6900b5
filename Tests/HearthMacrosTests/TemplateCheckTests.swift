#if Macros
    import Testing

    @testable import HearthMacrosPlugin

    @Suite struct TemplateCheckTests {
        @Test func placeholdersAreNamesBetweenBraces() {
            #expect(TemplateCheck.placeholders(in: "a {b} {c=} {{d}} {b} {e") == ["b", "c"])
            #expect(TemplateCheck.placeholders(in: "}{") == [])
        }

        @Test func distanceIgnoresCaseAndUnderscores() {
            #expect(TemplateCheck.distance("portfolio_id", "portfolioID") == 0)
            #expect(TemplateCheck.distance("abc", "abd") == 1)
            #expect(TemplateCheck.distance("", "abc") == 3)
        }
    }
#endif
