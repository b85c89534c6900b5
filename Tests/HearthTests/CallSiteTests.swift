import Testing

@testable import Hearth

@Suite struct CallSiteTests {
    private func isShared(_ template: String, line: Int) -> Bool {
        let source = SourceLocation(file: "Tests/CallSites.swift", function: "f()", line: line)
        let site = CallSites.site(template, source, .span, .hearth)
        defer { if !site._withUnsafeGuaranteedRef({ $0.isShared }) { site.release() } }
        return site._withUnsafeGuaranteedRef { site in
            #expect(site.template == template)
            return site.isShared
        }
    }

    @Test func literalsAreKept() {
        #expect((0..<3).map { _ in isShared("a literal of more than fifteen bytes", line: 11) } == [false, true, true])
        #expect((0..<3).map { _ in isShared("short", line: 12) } == [false, true, true])
    }

    @Test func oneNameMadeAtRunTimeIsKept() {
        let name = "made once, used often: \(Int.random(in: 10...99))"
        #expect((0..<3).map { _ in isShared(name, line: 21) } == [false, true, true])
    }

    @Test func namesThatAreMadeAnewEachTimeAreNot() {
        // They lie at the same few addresses again and again.
        var kept = 0
        for number in 0..<20_000 where isShared("a message with a number in it: \(number)", line: 31) { kept += 1 }
        #expect(kept == 0)
    }

    @Test func longTextsAreNot() {
        let text = String(repeating: "x", count: 100_000)
        #expect((0..<3).map { _ in isShared(text, line: 41) } == [false, false, false])
    }

    @Test func loggersOfOneNameShareTheirScope() {
        #expect(InstrumentationScope.named("logger of a request") === InstrumentationScope.named("logger of a request"))
        for number in 0..<5000 { _ = InstrumentationScope.named("label \(number)") }
        #expect(InstrumentationScope.named("label 4999").name == "label 4999")
    }
}
