/// Which metrics of the machine and the process are collected, by the names of the Logfire SDK.
public struct SystemMetrics: Sendable, Hashable {
    /// Names of metrics; unknown ones have no effect.
    public var names: Set<String>

    /// The metrics with these names.
    public init(_ names: Set<String>) {
        self.names = names
    }

    /// Six numbers that tell how a machine and a process are doing.
    public static let basic = SystemMetrics([
        "process.cpu.utilization", "system.cpu.simple_utilization", "system.memory.utilization", "system.swap.utilization",
        "system.process.count", "system.cpu.load_average.1m",
    ])

    /// All there are.
    public static let full = SystemMetrics(
        basic.names.union([
            "system.cpu.time", "system.cpu.utilization", "system.memory.usage", "system.swap.usage", "system.disk.io",
            "system.disk.operations", "system.disk.time", "system.network.io", "system.network.packets", "system.network.errors",
            "system.network.dropped.packets", "system.network.connections", "process.cpu.time", "process.cpu.core_utilization",
            "process.memory.usage", "process.memory.virtual", "process.thread.count", "process.open_file_descriptor.count",
            "process.context_switches", "process.disk.io",
        ]))
}

extension Hearth {
    /// Collects metrics of the machine and this process with each collection, on Linux.
    ///
    /// ```swift
    /// Hearth.instrumentSystemMetrics()         // or .full, or SystemMetrics(["system.cpu.time"])
    /// ```
    /// - Returns: the instruments, to be cancelled.
    @discardableResult
    public static func instrumentSystemMetrics(_ metrics: SystemMetrics = .basic) -> [ObservableInstrument] {
        SystemInstruments(metrics).make()
    }
}

/// Makes the instruments of ``SystemMetrics``.
private struct SystemInstruments {
    private let names: Set<String>
    private let isFull: Bool
    private let probe = SystemProbe()
    /// Utilization lies between two looks, so each metric has a look of its own.
    private let states = SystemProbe()
    private let process = SystemProbe()
    private let core = SystemProbe()
    private let scope = InstrumentationScope(name: "hearth.system_metrics", version: SDKVersion.text)

    init(_ metrics: SystemMetrics) {
        names = metrics.names
        isFull = metrics.names.contains("system.memory.usage")
    }

    func make() -> [Hearth.ObservableInstrument] {
        var made: [Hearth.ObservableInstrument] = []
        makeCPU(&made)
        makeMemory(&made)
        makeDevices(&made)
        makeProcess(&made)
        return made
    }

    private func gauge(
        _ made: inout [Hearth.ObservableInstrument],
        _ name: String,
        _ unit: String,
        _ description: String,
        _ observe: @escaping @Sendable (Hearth.Observer<Double>) -> Void
    ) {
        guard names.contains(name) else { return }
        made.append(Hearth.observableGauge(name, unit: unit, description: description, scope: scope, observe))
    }

    private func count(
        _ made: inout [Hearth.ObservableInstrument],
        _ name: String,
        _ unit: String,
        _ description: String,
        isMonotonic: Bool = false,
        _ observe: @escaping @Sendable (Hearth.Observer<Int64>) -> Void
    ) {
        guard names.contains(name) else { return }
        made.append(
            isMonotonic
                ? Hearth.observableCounter(name, of: Int64.self, unit: unit, description: description, scope: scope, observe)
                : Hearth.observableUpDownCounter(name, of: Int64.self, unit: unit, description: description, scope: scope, observe))
    }

    private func time(
        _ made: inout [Hearth.ObservableInstrument],
        _ name: String,
        _ description: String,
        _ observe: @escaping @Sendable (Hearth.Observer<Double>) -> Void
    ) {
        guard names.contains(name) else { return }
        made.append(Hearth.observableCounter(name, of: Double.self, unit: "s", description: description, scope: scope, observe))
    }

    // MARK: Processors

    private func makeCPU(_ made: inout [Hearth.ObservableInstrument]) {
        gauge(&made, "system.cpu.simple_utilization", "1", "Share of all processors that is busy") { [probe] in
            if let busy = probe.utilization().busy { $0.observe(busy) }
        }
        gauge(&made, "system.cpu.utilization", "1", "Share of all processors by state") { [states] in
            for (state, share) in states.utilization().states { $0.observe(share, ["state": state]) }
        }
        gauge(&made, "system.cpu.load_average.1m", "{thread}", "Threads that run or wait for a processor, over one minute") { [probe] in
            if let load = probe.text("loadavg").flatMap(ProcText.loadAverage) { $0.observe(load) }
        }
        time(&made, "system.cpu.time", "Time of each processor by state") { [probe] in
            for (name, times) in probe.cpuTimes where !name.isEmpty {
                for (state, seconds) in zip(ProcText.CPUTimes.states, times.seconds) { $0.observe(seconds, ["cpu": name, "state": state]) }
            }
        }
        count(&made, "system.process.count", "{process}", "Processes of the machine") { [probe] in
            let count = probe.entries("") { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
            if let count { $0.observe(count) }
        }
    }

    // MARK: Memory

    private func makeMemory(_ made: inout [Hearth.ObservableInstrument]) {
        gauge(&made, "system.memory.utilization", "1", "Share of memory by state") { [probe, isFull] observer in
            for (state, bytes, total) in Self.memory(probe, isFull: isFull) {
                observer.observe(Double(bytes) / Double(total), ["state": state])
            }
        }
        count(&made, "system.memory.usage", "By", "Memory by state") { [probe] observer in
            for (state, bytes, _) in Self.memory(probe, isFull: true) { observer.observe(bytes, ["state": state]) }
        }
        gauge(&made, "system.swap.utilization", "1", "Share of swap space by state") { [probe, isFull] observer in
            for (state, bytes, total) in Self.swap(probe, isFull: isFull) {
                observer.observe(total > 0 ? Double(bytes) / Double(total) : 0, ["state": state])
            }
        }
        count(&made, "system.swap.usage", "By", "Swap space by state") { [probe] observer in
            for (state, bytes, _) in Self.swap(probe, isFull: true) { observer.observe(bytes, ["state": state]) }
        }
    }

    private static func memory(_ probe: SystemProbe, isFull: Bool) -> [(state: String, bytes: Int64, total: Int64)] {
        guard let fields = probe.text("meminfo").map(ProcText.fields), let total = fields["MemTotal"], total > 0 else { return [] }
        let available = fields["MemAvailable"] ?? fields["MemFree"] ?? 0
        guard isFull else { return [("available", available, total)] }
        let cached = (fields["Cached"] ?? 0) + (fields["SReclaimable"] ?? 0)
        return [
            ("available", available, total), ("used", total - available, total), ("free", fields["MemFree"] ?? 0, total),
            ("cached", cached, total), ("buffers", fields["Buffers"] ?? 0, total), ("shared", fields["Shmem"] ?? 0, total),
        ]
    }

    private static func swap(_ probe: SystemProbe, isFull: Bool) -> [(state: String, bytes: Int64, total: Int64)] {
        guard let fields = probe.text("meminfo").map(ProcText.fields), let total = fields["SwapTotal"] else { return [] }
        let free = fields["SwapFree"] ?? 0
        return isFull ? [("used", total - free, total), ("free", free, total)] : [("used", total - free, total)]
    }

    // MARK: Disks and networks

    private func makeDevices(_ made: inout [Hearth.ObservableInstrument]) {
        func disks(_ name: String, _ unit: String, _ description: String, _ read: @escaping @Sendable (ProcText.Disk) -> (Int64, Int64)) {
            count(&made, name, unit, description, isMonotonic: true) { [probe] observer in
                for disk in probe.text("diskstats").map(ProcText.disks) ?? [] {
                    let (reads, writes) = read(disk)
                    observer.observe(reads, ["device": disk.name, "direction": "read"])
                    observer.observe(writes, ["device": disk.name, "direction": "write"])
                }
            }
        }
        disks("system.disk.io", "By", "Bytes read and written") { ($0.readBytes, $0.writtenBytes) }
        disks("system.disk.operations", "{operation}", "Reads and writes") { ($0.reads, $0.writes) }
        time(&made, "system.disk.time", "Time of reads and writes") { [probe] observer in
            for disk in probe.text("diskstats").map(ProcText.disks) ?? [] {
                observer.observe(Double(disk.readTime) / 1000, ["device": disk.name, "direction": "read"])
                observer.observe(Double(disk.writeTime) / 1000, ["device": disk.name, "direction": "write"])
            }
        }
        for (index, (name, unit, description)) in [
            ("system.network.io", "By", "Bytes received and sent"), ("system.network.packets", "{packet}", "Packets received and sent"),
            ("system.network.errors", "{error}", "Packets with errors"),
            ("system.network.dropped.packets", "{packet}", "Packets that were dropped"),
        ].enumerated() {
            count(&made, name, unit, description, isMonotonic: true) { [probe] observer in
                for device in probe.text("net/dev").map(ProcText.networkDevices) ?? [] {
                    observer.observe(device.received[index], ["device": device.name, "direction": "receive"])
                    observer.observe(device.sent[index], ["device": device.name, "direction": "transmit"])
                }
            }
        }
        count(&made, "system.network.connections", "{connection}", "Connections by protocol and state") { [probe] observer in
            for (type, files) in [("tcp", ["net/tcp", "net/tcp6"]), ("udp", ["net/udp", "net/udp6"])] {
                var states: [String: Int64] = [:]
                for file in files { states.merge(probe.text(file).map(ProcText.connections) ?? [:], uniquingKeysWith: +) }
                for (state, count) in states { observer.observe(count, ["protocol": type, "state": state]) }
            }
        }
    }

    // MARK: This process

    private func makeProcess(_ made: inout [Hearth.ObservableInstrument]) {
        gauge(&made, "process.cpu.utilization", "1", "Share of all processors that this process uses") { [process] in
            if let share = process.utilization().process { $0.observe(share / Double(process.processors)) }
        }
        gauge(&made, "process.cpu.core_utilization", "{core}", "Processors that this process uses") { [core] in
            if let share = core.utilization().process { $0.observe(share) }
        }
        time(&made, "process.cpu.time", "Time of this process on processors") { [probe] in
            guard let times = probe.processTimes else { return }
            $0.observe(times.user, ["type": "user"])
            $0.observe(times.system, ["type": "system"])
        }
        func status(_ name: String, _ unit: String, _ description: String, _ field: String) {
            count(&made, name, unit, description) { [probe] observer in
                if let value = probe.text("self/status").map(ProcText.fields)?[field] { observer.observe(value) }
            }
        }
        status("process.memory.usage", "By", "Physical memory of this process", "VmRSS")
        status("process.memory.virtual", "By", "Address space of this process", "VmSize")
        status("process.thread.count", "{thread}", "Threads of this process", "Threads")
        count(&made, "process.open_file_descriptor.count", "{file_descriptor}", "Open descriptors of this process") { [probe] in
            // One of them is that of the folder itself.
            if let count = probe.entries("self/fd") { $0.observe(count - 1) }
        }
        count(&made, "process.context_switches", "{context_switch}", "Changes of context", isMonotonic: true) { [probe] in
            guard let fields = probe.text("self/status").map(ProcText.fields) else { return }
            if let value = fields["voluntary_ctxt_switches"] { $0.observe(value, ["type": "voluntary"]) }
            if let value = fields["nonvoluntary_ctxt_switches"] { $0.observe(value, ["type": "involuntary"]) }
        }
        count(&made, "process.disk.io", "By", "Bytes that this process read and wrote", isMonotonic: true) { [probe] in
            guard let fields = probe.text("self/io").map(ProcText.fields) else { return }
            if let value = fields["read_bytes"] { $0.observe(value, ["direction": "read"]) }
            if let value = fields["write_bytes"] { $0.observe(value, ["direction": "write"]) }
        }
    }
}
