import Foundation
import Testing

@testable import SQLQuery

extension SQLSuites {
    @Suite struct StreamTests {
        private static let rows = "SELECT i, repeat('x', 1000) AS text FROM range(100000) t(i)"

        private func stream(
            _ fixture: StoreFixture, _ sql: String, _ format: ResultFormat = .ndjson, deadline: Duration? = nil
        ) async throws -> QueryStream {
            let answer = try await fixture.engine.answer(fixture.request(sql, limit: 100_000) { $0.deadline = deadline }, format: format)
            guard case .stream(let stream) = answer else { throw QueryError(code: .execution, message: "not streamed") }
            return stream
        }

        @Test func rowsComeWhileTheQueryRuns() async throws {
            let fixture = try StoreFixture {
                $0.maximumRows = 100_000; $0.maximumBytes = 1 << 30
            }
            let stream = try await stream(fixture, Self.rows)
            var text: [UInt8] = []
            var pieces = 0
            while let bytes = try await stream.next() {
                text += bytes
                pieces += 1
            }
            let lines = text.split(separator: 0x0a)
            #expect(pieces > 20 && lines.count > 40)
            #expect(lines.last == Array(#"{"type":"end","row_count":100000}"#.utf8)[...])
            let counts = try lines.dropFirst().dropLast().map { line in
                (try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])?["rows"].flatMap { $0 as? [Any] }?.count ?? 0
            }
            #expect(counts.reduce(0, +) == 100_000)
            // Small answers are whole.
            guard case .whole(let output) = try await fixture.engine.answer(fixture.request("SELECT 1 AS n"), format: .ndjson) else {
                Issue.record("streamed")
                return
            }
            #expect(output.rowCount == 1)
            await fixture.close()
        }

        @Test func failuresAfterTheFirstRowsAreTold() async throws {
            let fixture = try StoreFixture {
                $0.maximumRows = 100_000; $0.maximumBytes = 1 << 30
            }
            let sql = "SELECT i, repeat('x', 1000) AS text, CASE WHEN i = 90000 THEN error('planned') END AS e FROM range(100000) t(i)"
            let lines = try await stream(fixture, sql)
            var last: [UInt8] = []
            while let bytes = try await lines.next() { last = Array(bytes) }
            let line = String(decoding: last.split(separator: 0x0a).last ?? [], as: UTF8.self)
            #expect(
                line.hasPrefix(#"{"type":"error","message":"#) && line.contains("planned") && line.contains(#""code":"execution""#),
                "\(line)")
            let table = try await stream(fixture, sql, .csv)
            let error = await #expect(throws: QueryError.self) { while try await table.next() != nil {} }
            #expect(error?.message.contains("planned") == true)
            await fixture.close()
        }

        @Test func aClientThatDoesNotReadHoldsNothingUp() async throws {
            let fixture = try StoreFixture {
                $0.maximumRows = 100_000; $0.maximumBytes = 1 << 30; $0.spoolBytes = 0
            }
            // Far more than its pipe holds, and read in a fraction of its deadline, also beside a busy build.
            let sql = "SELECT i, repeat('x', 1000) AS text FROM range(20000) t(i)"
            var streams: [QueryStream] = []
            for _ in 0..<6 { streams.append(try await stream(fixture, sql, deadline: .seconds(8))) }
            #expect(try await fixture.rows("SELECT 1 AS x") == #"[{"x":1}]"#)
            // Answered beside them, not after they had been ended.
            #expect(fixture.engine.activity.counts.running == streams.count)
            // The time in which nobody reads does not count.
            try await Task.sleep(for: .seconds(9))
            var count = 0
            while let bytes = try await streams[0].next() { count += bytes.count }
            #expect(count > 20_000_000)
            streams[1].cancel()
            await #expect { while try await streams[1].next() != nil {} } throws: { ($0 as? QueryError)?.code == .cancelled }
            streams = []
            #expect(try await fixture.rows("SELECT 2 AS x") == #"[{"x":2}]"#)
            await fixture.close()
        }

        /// A query ends and gives back what it has of the engine, though nobody reads its answer.
        @Test(arguments: [ResultFormat.ndjson, .rows])
        func answersThatNobodyReadsHoldNoQuery(format: ResultFormat) async throws {
            let fixture = try StoreFixture {
                $0.maximumRows = 100_000
                // On a busy machine each of them becomes a long one.
                $0.maximumHeavy = 10
            }
            let sql = "SELECT i, repeat('x', 1000) AS text FROM range(20000) t(i)"
            var streams: [QueryStream] = []
            for _ in 0..<10 {
                switch try await fixture.engine.answer(fixture.request(sql, limit: 100_000), format: format) {
                case .stream(let stream): streams.append(stream)
                case .stored(let stream, let byteCount, _):
                    #expect(byteCount > 20_000_000)
                    streams.append(stream)
                case .whole: Issue.record("whole")
                }
            }
            let deadline = ContinuousClock.now + .seconds(60)
            while fixture.engine.activity.counts.running > 0, .now < deadline { try await Task.sleep(for: .milliseconds(50)) }
            #expect(fixture.engine.activity.counts.answered == 10)
            for stream in streams {
                var text: [UInt8] = []
                while let bytes = try await stream.next() { text += bytes }
                if format == .ndjson {
                    #expect(text.split(separator: 0x0a).last == Array(#"{"type":"end","row_count":20000}"#.utf8)[...])
                } else {
                    let answer = try #require(try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
                    #expect((answer["data"] as? [[String: Any]])?.map { $0["i"] as? Int } == Array(0..<20000))
                }
            }
            await fixture.close()
        }

        /// Without room on the disk answers of moderate size still come; too many at once are asked to come again.
        @Test func answersWithoutRoomAreRefused() async throws {
            let fixture = try StoreFixture {
                $0.maximumRows = 100_000; $0.spoolBytes = 0
            }
            let sql = "SELECT i, repeat('x', 1000) AS text FROM range(20000) t(i)"
            var kept: [QueryStream] = []
            var refusal: QueryError?
            for _ in 0..<6 {
                do {
                    if case .stored(let stream, _, _) = try await fixture.engine.answer(fixture.request(sql, limit: 100_000), format: .rows)
                    {
                        kept.append(stream)
                    }
                } catch {
                    refusal = error
                }
            }
            #expect((2...4).contains(kept.count))
            #expect(refusal?.code == .tooMany && refusal?.retryAfter != nil)
            kept = []
            guard case .stored = try await fixture.engine.answer(fixture.request(sql, limit: 100_000), format: .rows) else {
                Issue.record("not stored")
                return
            }
            await fixture.close()
        }

        @Test func bytesAreBounded() async throws {
            let fixture = try StoreFixture {
                $0.maximumRows = 100_000; $0.maximumBytes = 4 << 20
            }
            let lines = try await stream(fixture, Self.rows)
            var last: [UInt8] = []
            while let bytes = try await lines.next() { last = Array(bytes) }
            #expect(String(decoding: last, as: UTF8.self).contains(#""code":"too_large""#))
            await fixture.close()
        }
    }
}
