import TelemetryModel
import Testing

@testable import Storage

/// Statements over one file name it; over several they read a union.
@Suite struct OnlyFileTests {
    private func arms(_ arms: [FileArms.Arm], traces: String? = nil) -> FileArms {
        FileArms(arms: arms, isOneTransaction: true, traces: traces)
    }

    private let segment = FileArms.Arm(alias: "segment_1_2", sealedHot: 9, spanHots: [4, 7])
    private let hot = FileArms.Arm(alias: "hot_10")

    @Test func oneFileIsNamedWithItsOwnConditions() throws {
        let file = try #require(arms([segment], traces: "'a'").onlyFile)
        #expect(file.table == "segment_1_2.span")
        #expect(file.conditions == ["s.hot IN (4, 7)", "\(TextSetFunction.name)(s.trace_id, 'a')"])
        #expect(file.wholeAttributes == "\(BodyFunctions.attributes)('segment_1_2', s.body, s.attributes)")
        #expect(file.bodies == "\(BodyFunctions.bodies)('segment_1_2', s.body)")
        #expect(file.endTimestamp == "hearth_end(s.end_timestamp, s.start_timestamp, s.start_nanosecond, s.duration)")
    }

    @Test func filesWithoutWantedSpansDoNotCount() {
        var without = hot
        without.hasSpans = false
        #expect(arms([segment, without]).onlyFile?.table == "segment_1_2.span")
        #expect(arms([segment, hot]).onlyFile == nil)
    }

    @Test func aFileOfAnEarlierVersionHasBodiesInItsRows() throws {
        var old = hot
        old.hasBodiesInRows = true
        let file = try #require(arms([old]).onlyFile)
        #expect(
            file
                == OnlyFile(
                    table: "hot_10.span", conditions: [], bodies: "s.bodies",
                    wholeAttributes: "\(BodyFunctions.joined)(s.bodies, s.attributes)", endTimestamp: "s.end_timestamp",
                    stackTrace: "s.exception_stacktrace"))
    }

    /// The records are the same whether a file is named or read in a union, message bodies among them.
    @Test func theSameRecordsComeOutOfOneFileAndOfTwo() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        var builder = BatchBuilder()
        builder.add(span: 1) { row, text in row.bodiesJSON = text.append(#"{"gen_ai.input.messages":"[{\"role\":\"user\"}]"}"#) }
        _ = try await store.write(builder.ingest())
        let project = ProjectID(1)
        let columns: Set = ["span_id", "attributes", "_bodies"]
        let files = try store.files(project)
        let direct = files.sql(for: .recordsAll, project: project, columns: columns)
        #expect(direct.contains("FROM hot_1.span s"))
        let union = files.resolve(TableSource.sql(for: .recordsAll, project: project, columns: columns))
        #expect(union.contains("FROM (SELECT"))
        let found = try store.rows(direct)
        #expect(found == (try store.rows(union)))
        #expect(found.count == 1)
        #expect(found.first?.allSatisfy { $0?.isEmpty == false } == true)
        await store.shutdown()
    }
}
