import Storage
import TelemetryModel
import Testing

extension SQLSuites {
    /// `evaluations` over rows as the ingest writes them (`acceptance.md` C4); the real senders are in the conformance suite.
    @Suite struct EvaluationTests {
        @Test func feedbackOfEveryType() async throws {
            let fixture = try StoreFixture()
            func span(_ id: UInt64, _ value: String) -> StoreFixture.Span {
                .init(
                    span: id, parent: 99, start: Double(id), name: "feedback: x", kind: .log,
                    attributes: #"{"logfire.feedback.name":"a/b","a/b":\#(value),"logfire.feedback.comment":"why"}"#)
            }
            try await fixture.write(
                [span(1, "true"), span(2, "0.5"), span(3, #""good""#), span(4, "[1]"), span(5, "-3"), .init(span: 6)],
                scope: "logfire.feedback"
            )
            let rows = try await fixture.rows(
                "SELECT result_type AS t, value AS v, label AS l, passed AS p, judged_span_id AS j FROM evaluations ORDER BY start_timestamp"
            )
            let judged = #""j":"0000000000000063""#
            #expect(
                rows == """
                    [{"t":"assertion","v":1.0,"l":"pass","p":true,\(judged)},{"t":"score","v":0.5,"l":null,"p":null,\(judged)},\
                    {"t":"label","v":null,"l":"good","p":null,\(judged)},{"t":null,"v":null,"l":null,"p":null,\(judged)},\
                    {"t":"score","v":-3.0,"l":null,"p":null,\(judged)}]
                    """
            )
            await fixture.close()
        }

        @Test func casesThatAreNoObjectsAreEmpty() async throws {
            let fixture = try StoreFixture()
            try await fixture.write(
                [
                    .init(span: 1, name: "evaluate {name}", attributes: #"{"name":"e","n_cases":"many"}"#),
                    .init(
                        span: 2, parent: 1, start: 1, name: "case: {case_name}",
                        attributes: #"{"assertions":[1],"scores":"x","labels":null}"#),
                    .init(span: 3, parent: 1, start: 2, name: "case: {case_name}", attributes: #"{"scores":{"s":{"value":2},"t":7}}"#),
                ],
                scope: "pydantic-evals"
            )
            let rows = try await fixture.rows("SELECT name, value, experiment_name FROM evaluations ORDER BY name")
            #expect(
                rows == #"[{"name":"s","value":2.0,"experiment_name":"e"},{"name":"t","value":null,"experiment_name":"e"}]"#
            )
            let experiments = try await fixture.rows("SELECT name, n_cases, case_runs, average_scores FROM experiments")
            #expect(experiments == #"[{"name":"e","n_cases":null,"case_runs":2,"average_scores":null}]"#)
            await fixture.close()
        }
    }
}
