import Synchronization
import Testing

@testable import HearthExport

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A sender against servers that do not do what they should.
@Suite struct FaultTests {
    private func batch(_ count: Int) -> RecordBatch {
        // Every record is a field of two bytes of content.
        let bytes = (0..<count).flatMap { [0x12, 2, UInt8($0 & 0x7f), 0] as [UInt8] }
        return RecordBatch(
            resource: [], runs: [.init(scope: [], start: 0)], bytes: bytes, ends: (1...count).map { $0 * 4 })
    }

    private func sender(_ endpoint: Endpoint, _ change: (inout Sender.Configuration) -> Void = { _ in }) -> Sender {
        var configuration = Sender.Configuration(endpoint: endpoint, headers: [])
        configuration.retry.initialDelay = 1_000_000
        configuration.retry.maximumDelay = 5_000_000
        configuration.timeout = 2_000_000_000
        change(&configuration)
        return Sender(configuration)
    }

    private func within(_ seconds: Double) -> UInt64 { SystemTime.deadline(after: .milliseconds(Int64(seconds * 1000))) }

    @Test(
        arguments: [
            [.answer(503), .answer(429, "Retry-After: 0\r\n"), .answer(200)], [.hangUp, .hangUp, .answer(200)],
            [.raw("HTTP/1.1 200 OK\r\nContent-Le"), .answer(200)], [.raw(""), .answer(200)],
            [.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), .answer(200)], [.raw("SSH-2.0-OpenSSH\r\n"), .answer(200)],
            [.answer(500), .answer(502), .answer(504), .answer(408), .answer(200)],
            [.answer(503, "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), .answer(200)],
        ] as [[ScriptedServer.Step]])
    func whatFailsForATimeArrivesOnce(_ steps: [ScriptedServer.Step]) throws {
        let server = try ScriptedServer(steps)
        defer { server.stop() }
        let sender = sender(server.endpoint)
        sender.submit(batch(3))
        #expect(sender.flush(deadline: within(20)))
        #expect(server.bodies.count == 1)
        #expect(sender.statistics.deliveredRecords == 3)
        #expect(sender.statistics.droppedRecords == 0)
        #expect(sender.shutdown(deadline: within(1)))
    }

    @Test func aServerThatSaysNothingIsGivenUpInTime() throws {
        let server = try ScriptedServer([.silence(3000), .answer(200)])
        defer { server.stop() }
        let sender = sender(server.endpoint) { $0.timeout = 200_000_000 }
        let start = SystemTime.monotonic()
        sender.submit(batch(1))
        #expect(sender.flush(deadline: within(20)))
        #expect(server.bodies.count == 1)
        #expect(SystemTime.monotonic() - start < 2_900_000_000)
        #expect(sender.shutdown(deadline: within(1)))
    }

    @Test func largeRequestsAreHalvedUntilTheyFit() throws {
        let server = try ScriptedServer([.limit(100)])
        defer { server.stop() }
        let sender = sender(server.endpoint)
        sender.submit(batch(100))
        #expect(sender.flush(deadline: within(20)))
        #expect(sender.statistics.deliveredRecords == 100)
        #expect(server.bodies.allSatisfy { $0.count <= 100 })
        #expect(sender.shutdown(deadline: within(1)))
    }

    @Test func oneRecordThatIsTooLargeIsDroppedAndCounted() throws {
        let server = try ScriptedServer([.limit(0)])
        defer { server.stop() }
        let sender = sender(server.endpoint)
        sender.submit(batch(2))
        #expect(sender.flush(deadline: within(20)))
        #expect(sender.statistics.droppedRecords == 2)
        #expect(server.requests == 3)
        #expect(sender.shutdown(deadline: within(1)))
    }

    @Test func whatTheServerRefusedOfARequestIsNotDelivered() throws {
        // `partial_success` with two rejected records.
        let body = String(decoding: [0x0a, 0x02, 0x08, 0x02] as [UInt8], as: UTF8.self)
        let server = try ScriptedServer([.raw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body)])
        defer { server.stop() }
        let sender = sender(server.endpoint)
        sender.submit(batch(5))
        #expect(sender.flush(deadline: within(20)))
        #expect(sender.statistics.deliveredRecords == 3)
        #expect(sender.statistics.droppedRecords == 2)
        #expect(sender.shutdown(deadline: within(1)))
    }

    @Test func timesWithoutEndAreAllowed() throws {
        let server = try ScriptedServer([.answer(200)])
        defer { server.stop() }
        let sender = sender(server.endpoint) { $0.timeout = .max }
        sender.submit(batch(1))
        #expect(sender.flush(deadline: within(5)))
        #expect(sender.statistics.deliveredRecords == 1)
        #expect(sender.shutdown(deadline: .max))
    }

    @Test func retryAfterIsKeptTo() throws {
        let server = try ScriptedServer([.answer(429, "Retry-After: 0.4\r\n"), .answer(200)])
        defer { server.stop() }
        let sender = sender(server.endpoint)
        let start = SystemTime.monotonic()
        sender.submit(batch(1))
        #expect(sender.flush(deadline: within(20)))
        #expect(SystemTime.monotonic() - start >= 400_000_000)
        #expect(sender.shutdown(deadline: within(1)))
    }

    @Test func datesOfHTTPAreRead() {
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(HTTPDate.seconds("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        #expect(HTTPDate.seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        for text in ["", "soon", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            #expect(HTTPDate.seconds(text) == nil)
        }
        let now: UInt64 = 784_111_777 * 1_000_000_000
        #expect(Sender.retryAfter("Sun, 06 Nov 1994 08:49:47 GMT", now: now) == 10_000_000_000)
        #expect(Sender.retryAfter("Sun, 06 Nov 1994 08:49:07 GMT", now: now) == 0)
        #expect(Sender.retryAfter("Sun, 06 Nov 2094 08:49:07 GMT", now: now) == 3_600_000_000_000)
    }

    @Test func aNameThatIsNeverResolvedHoldsNobodyUp() throws {
        let hangs = Monitor(true)
        let lookups = Mutex(0)
        let resolver = Resolver { host, _, isNumeric in
            if isNumeric { return .success([]) }
            lookups.withLock { $0 += 1 }
            _ = hangs.wait(until: nil) { $0 ? nil : true }
            return .failure(.unreachable("'\(host)'"))
        }
        for _ in 0..<3 {
            #expect(throws: HTTPError.unreachable("the host 'h' was not found in time: the look-up of its name hangs")) {
                _ = try resolver.addresses(of: "h", port: 1, deadline: within(0.05))
            }
        }
        // The one that hangs serves all.
        #expect(lookups.withLock { $0 } == 1)
        hangs.update { $0 = false }
        #expect(throws: HTTPError.self) { _ = try resolver.addresses(of: "h", port: 1, deadline: within(5)) }
        #expect(try Resolver().addresses(of: "127.0.0.1", port: 80, deadline: 0).count >= 1)
    }

    // MARK: Spool

    private func folder() -> String {
        var template = Array("/tmp/hearth-spool-XXXXXX".utf8CString)
        return String(cString: mkdtemp(&template))
    }

    private func files(_ folder: String) -> Int {
        guard let directory = opendir(folder) else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count - 2
    }

    @Test func whatCouldNotBeSentIsSentByTheNextOne() throws {
        let folder = folder()
        let refusing = try ScriptedServer([.answer(503)])
        let endpoint = refusing.endpoint
        func spool() -> Spool { Spool(folder: folder, identity: "a", maximumBytes: 1 << 20) }
        let first = sender(endpoint) { $0.spool = spool() }
        first.submit(batch(5))
        while refusing.requests < 2 { usleep(1000) }
        // On disk since the first failure, so that even a crash would not lose it.
        #expect(files(folder) == 1)
        _ = first.shutdown(deadline: within(0.5))
        refusing.stop()
        #expect(files(folder) == 1)
        #expect(first.statistics.spooledRecords + first.statistics.droppedRecords <= 5)

        let server = try ScriptedServer([.answer(200)])
        defer { server.stop() }
        // Another destination does not touch it.
        let other = sender(server.endpoint) { $0.spool = Spool(folder: folder, identity: "b", maximumBytes: 1 << 20) }
        other.submit(batch(1))
        #expect(other.flush(deadline: within(20)))
        #expect(files(folder) == 1)
        // The next process with the same one sends it, once.
        let second = sender(server.endpoint) { $0.spool = spool() }
        second.submit(batch(7))
        #expect(second.flush(deadline: within(20)))
        let third = sender(server.endpoint) { $0.spool = spool() }
        third.submit(batch(9))
        #expect(third.flush(deadline: within(20)))
        let end = within(10)
        while files(folder) > 0, SystemTime.monotonic() < end { usleep(1000) }
        #expect(files(folder) == 0)
        #expect(server.bodies.count { $0 == batch(5).request(0..<5) } == 1)
        #expect(server.bodies.count == 4)
        for sender in [other, second, third] { #expect(sender.shutdown(deadline: within(1))) }
        rmdir(folder)
    }

    private func stores(_ spool: Spool, _ count: Int) -> Bool {
        let entry = spool.store([UInt8](repeating: 1, count: count))
        return entry != nil
    }

    private func takes(_ spool: Spool, _ body: inout [UInt8]) -> Bool {
        let entry = spool.take(&body)
        return entry != nil
    }

    @Test func aFullSpoolDropsAndCounts() throws {
        let folder = folder()
        let spool = Spool(folder: folder, identity: "a", maximumBytes: 100)
        let first = spool.store([UInt8](repeating: 1, count: 80))
        let hasFirst = first != nil
        #expect(hasFirst)
        #expect(!stores(spool, 80))
        // In hand: nobody else gets it.
        var body: [UInt8] = []
        let other = Spool(folder: folder, identity: "a", maximumBytes: 100)
        #expect(!takes(other, &body))
        if let first { spool.remove(first) }
        #expect(other.isEmpty)
        rmdir(folder)
    }

    @Test func aSpoolThatCannotBeWrittenIsNoFault() {
        let spool = Spool(folder: "/proc/hearth", identity: "a", maximumBytes: 100)
        #expect(!stores(spool, 1))
        var body: [UInt8] = []
        #expect(!takes(spool, &body))
        #expect(spool.isEmpty)
    }

    @Test func whatProcessesLeftHalfWrittenGoes() throws {
        let folder = folder()
        let spool = Spool(folder: folder, identity: "a", maximumBytes: 100)
        let entry = spool.store([1])
        let hasEntry = entry != nil
        #expect(hasEntry)
        let directory = try #require(opendir(folder))
        defer { closedir(directory) }
        var name = ""
        while let next = readdir(directory) {
            let found = withUnsafeBytes(of: &next.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if found.hasSuffix(".request") { name = found }
        }
        let old = "\(folder)/\(name).old.part"
        let new = "\(folder)/\(name).new.part"
        for path in [old, new] { fclose(fopen(path, "w")) }
        var times = [timeval](repeating: timeval(tv_sec: time(nil) - 7200, tv_usec: 0), count: 2)
        #expect(utimes(old, &times) == 0)
        var body: [UInt8] = []
        _ = takes(Spool(folder: folder, identity: "a", maximumBytes: 100), &body)
        #expect(access(old, F_OK) != 0)
        #expect(access(new, F_OK) == 0)
        if let entry { spool.remove(entry) }
        unlink(new)
        rmdir(folder)
    }

    @Test func metricsCountAsTheirDataPoints() throws {
        let server = try ScriptedServer([.answer(200), .answer(400)])
        defer { server.stop() }
        let sender = sender(server.endpoint)
        var batch = batch(3)
        batch.weights = [1, 10, 100]
        #expect(batch.recordCount(of: 1..<3) == 110)
        sender.submit(batch)
        #expect(sender.flush(deadline: within(20)))
        #expect(sender.statistics.deliveredRecords == 111)
        sender.submit(batch)
        #expect(sender.flush(deadline: within(20)))
        #expect(sender.statistics.droppedRecords == 111)
        #expect(sender.shutdown(deadline: within(1)))
    }
}
