import DuckDBKit
import Testing

@Suite struct ResultTests {
    private func firstChunk(_ sql: String) throws -> DataChunk {
        let database = try Database(path: nil)
        let connection = try database.connect()
        var result = try connection.query(sql)
        return try #require(try result.next())
    }

    @Test func columnNamesAndTypes() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        let result = try connection.query(
            """
            SELECT 1::TINYINT AS a, 2::UBIGINT AS b, 1.5::DECIMAL(9,2) AS c, '{}'::JSON AS d, [1,2]::INTEGER[] AS e,
                {'x': 1::BIGINT, 'y': 'z'} AS f, 'p'::ENUM('o','p') AS g, now() AS h, MAP {'k': 1::BIGINT} AS i, NULL AS j
            """
        )
        #expect(result.columnNames == ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"])
        #expect(
            result.columnTypes == [
                .int8, .uint64, .decimal(width: 9, scale: 2, storage: 4), .json, .list(.int32),
                .structure([.init(name: "x", type: .int64), .init(name: "y", type: .varchar)]), .enumeration(["o", "p"]), .timestampTZ,
                .map(key: .varchar, value: .int64), .int32,
            ]
        )
    }

    @Test func scalars() throws {
        let chunk = try firstChunk(
            """
            SELECT -7::TINYINT, 65535::USMALLINT, 18446744073709551615::UBIGINT, true, 1.25::DOUBLE, 'short', repeat('long ', 9),
                NULL::VARCHAR, TIMESTAMPTZ '2026-05-27 13:16:36.517321+00', DATE '1970-01-03'
            """
        )
        #expect(chunk.rowCount == 1)
        #expect(chunk.column(0).int64(0) == -7)
        #expect(chunk.column(1).int64(0) == 65535)
        #expect(chunk.column(2).uint64(0) == .max)
        #expect(chunk.column(3).bool(0))
        #expect(chunk.column(4).double(0) == 1.25)
        #expect(chunk.column(5).string(0) == "short")
        #expect(chunk.column(6).string(0) == String(repeating: "long ", count: 9))
        #expect(chunk.column(7).isNull(0))
        #expect(chunk.column(8).int64(0) == 1_779_887_796_517_321)
        #expect(chunk.column(9).int64(0) == 2)
    }

    @Test func wideScalars() throws {
        let chunk = try firstChunk(
            """
            SELECT '-170141183460469231731687303715884105728'::HUGEINT, 12345678901234567890.12::DECIMAL(38,2),
                'f0000000-0000-4000-8000-000000000001'::UUID, INTERVAL '2 months 3 days 4 seconds', '12:30:00+02'::TIMETZ,
                'blob'::BLOB, TIMESTAMP_NS '1970-01-01 00:00:00.000000007'
            """
        )
        #expect(chunk.column(0).int128(0) == Int128.min)
        #expect(chunk.column(1).int128(0) == 1_234_567_890_123_456_789_012)
        #expect(chunk.column(2).uuid(0) == 0xf000_0000_0000_4000_8000_0000_0000_0001)
        let interval = chunk.column(3).interval(0)
        #expect((interval.months, interval.days, interval.microseconds) == (2, 3, 4_000_000))
        let time = chunk.column(4).timeTZ(0)
        #expect((time.microseconds, time.offsetSeconds) == (45_000_000_000, 7200))
        #expect(chunk.column(5).string(0) == "blob")
        #expect(chunk.column(6).int64(0) == 7)
    }

    @Test func nested() throws {
        let chunk = try firstChunk(
            """
            SELECT * FROM (VALUES (['a', NULL, 'c'], {'n': 1::BIGINT, 'l': [1.5::DOUBLE]}, MAP {'k': 5::INTEGER}),
                ([], {'n': NULL, 'l': []}, MAP {}::MAP(VARCHAR, INTEGER))) t(l, s, m)
            """
        )
        let list = chunk.column(0)
        #expect(list.elementRange(0) == 0..<3)
        #expect(list.elementRange(1).isEmpty)
        #expect(list.elements.isNull(1))
        #expect(list.elements.string(2) == "c")
        let structure = chunk.column(1)
        #expect(structure.member(0).int64(0) == 1)
        #expect(structure.member(0).isNull(1))
        #expect(structure.member(1).elements.double(0) == 1.5)
        let map = chunk.column(2)
        #expect(map.elementRange(0) == 0..<1)
        #expect(map.elements.member(0).string(0) == "k")
        #expect(map.elements.member(1).int64(0) == 5)
    }

    @Test func otherContainers() throws {
        let chunk = try firstChunk("SELECT [1,2,3]::INTEGER[3], union_value(t := 'x')::UNION(i INTEGER, t VARCHAR), 'p'::ENUM('o','p')")
        #expect(chunk.column(0).elementRange(0) == 0..<3)
        #expect(chunk.column(0).elements.int64(2) == 3)
        #expect(chunk.column(1).unionMember(0) == 1)
        #expect(chunk.column(1).member(1).string(0) == "x")
        #expect(chunk.column(2).enumerationIndex(0) == 1)
    }

    @Test func streamsInChunks() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        var result = try connection.query("SELECT i FROM range(10000) t(i)")
        var rows = 0
        var sum: Int64 = 0
        while let chunk = try result.next() {
            let column = chunk.column(0)
            for row in 0..<chunk.rowCount { sum += column.int64(row) }
            rows += chunk.rowCount
        }
        #expect(rows == 10000)
        #expect(sum == 49_995_000)
    }
}
