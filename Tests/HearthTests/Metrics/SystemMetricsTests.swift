import Testing

@testable import Hearth

@Suite struct ProcTextTests {
    @Test func processorsAndLoad() {
        let stat = "cpu  100 1 50 800 20 0 5 0 0 0\ncpu0 60 1 25 400 10 0 5 0 0 0\nintr 1 2\nctxt 5\n"
        let times = ProcText.cpuTimes(stat, ticks: 100)
        #expect(times.map(\.name) == ["", "0"])
        #expect(times[0].times.seconds == [1, 0.01, 0.5, 8, 0.2, 0, 0.05, 0])
        #expect(abs(times[0].times.busy - 1.56) < 1e-9)
        #expect(ProcText.cpuTimes("cpu x", ticks: 100).isEmpty)
        #expect(ProcText.loadAverage("0.52 0.58 0.59 1/597 12345\n") == 0.52)
        #expect(ProcText.loadAverage("") == nil)
    }

    @Test func fieldsAreBytesWhereTheySayKilobytes() {
        let text = "MemTotal:       16384 kB\nThreads:\t3\nName:\tx: y\nvoluntary_ctxt_switches:\t7\n"
        #expect(ProcText.fields(text) == ["MemTotal": 16_777_216, "Threads": 3, "voluntary_ctxt_switches": 7])
    }

    @Test func devices() {
        let net = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo: 1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0
            """
        #expect(ProcText.networkDevices(net) == [.init(name: "lo", received: [1000, 10, 1, 2], sent: [2000, 20, 3, 4])])
        let disks = "   8 0 sda 10 0 16 30 5 0 8 12 0 0 0 0 0 0\n   7 0 loop0 1 1 1 1 1 1 1 1 1 1 1\n"
        #expect(
            ProcText.disks(disks)
                == [.init(name: "sda", reads: 10, readBytes: 8192, readTime: 30, writes: 5, writtenBytes: 4096, writeTime: 12)])
        let tcp = "  sl  local_address rem_address   st\n   0: 0100007F:1F90 00000000:0000 0A 0\n   1: 0:0 0:0 01 0\n   2: 0:0 0:0 01 0\n"
        #expect(ProcText.connections(tcp) == ["LISTEN": 1, "ESTABLISHED": 2])
    }

    @Test func processes() {
        let stat = "42 (a) b (c)) S 1 42 42 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 7 0 12345 1000000 250"
        #expect(ProcText.processTimes(stat, ticks: 100) == .init(user: 1.5, system: 0.5, threads: 7))
        #expect(ProcText.processTimes("nonsense", ticks: 100) == nil)
    }
}

#if os(Linux)
    extension RecordingTests {
        @Test func systemMetricsAreCollected() async throws {
            var instruments: [Hearth.ObservableInstrument] = []
            let exporter = try await measured { _ in
                instruments = Hearth.instrumentSystemMetrics(.full)
                var sum = 0
                for number in 0..<3_000_000 { sum &+= number }
                #expect(sum > 0)
                #expect(await Hearth.flush(within: .seconds(30)))
            }
            for instrument in instruments { instrument.cancel() }
            #expect(instruments.count == SystemMetrics.full.names.count)
            for name in SystemMetrics.basic.names { #expect(exporter.metric(name) != nil, "\(name)") }
            for name in [
                "process.memory.usage", "process.memory.virtual", "process.thread.count", "process.open_file_descriptor.count",
                "process.cpu.time", "system.cpu.time", "system.memory.usage",
            ] {
                let number = exporter.metrics.filter { $0.name == name }.flatMap(\.points).compactMap(\.number).max()
                #expect(number ?? 0 > 0, "\(name)")
            }
            for name in ["system.cpu.simple_utilization", "process.cpu.utilization", "system.memory.utilization"] {
                for point in exporter.metric(name)?.points ?? [] { #expect((0...1.001).contains(point.number ?? -1), "\(name)") }
            }
            #expect(exporter.metric("system.memory.usage")?[["state": "available"]] != nil)
            #expect(exporter.metric("process.memory.usage")?.unit == "By")
            #expect(exporter.metric("system.process.count")?.kind == .sum(.cumulative, isMonotonic: false))
        }
    }
#endif
