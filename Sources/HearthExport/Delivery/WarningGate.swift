import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Lets one warning of a kind through per interval and counts the others.
package struct WarningGate: Sendable {
    private let interval: UInt64
    private var last: UInt64?
    private var held = 0

    /// - Parameter interval: nanoseconds.
    package init(interval: UInt64 = 60_000_000_000) {
        self.interval = interval
    }

    /// - Returns: how many were held back since the last one, or nil when this one is held back too.
    package mutating func pass(now: UInt64) -> Int? {
        if let last, now &- last < interval {
            held += 1
            return nil
        }
        last = now
        defer { held = 0 }
        return held
    }
}

/// Where the SDK tells about its own troubles: standard error, one line per kind and minute.
package enum Diagnostics {
    package enum Kind: Int, Sendable, CaseIterable {
        case delivery, refused, dropped, configuration, server, template, spool
    }

    private static let gates = Mutex([WarningGate](repeating: WarningGate(), count: Kind.allCases.count))
    private static let output = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// Sends the lines elsewhere; nil is standard error.
    package static func redirect(to sink: (@Sendable (String) -> Void)?) {
        output.withLock { $0 = sink }
    }

    /// Reports something, unless the same kind was reported within the last minute.
    package static func warn(_ kind: Kind, _ message: @autoclosure () -> String) {
        // Never waits: in a child process the lock may have been left locked by a thread that is not there.
        var outcome = gates.withLockIfAvailable { $0[kind.rawValue].pass(now: SystemTime.monotonic()) }
        for _ in 0..<100 where outcome == nil {
            sched_yield()
            outcome = gates.withLockIfAvailable { $0[kind.rawValue].pass(now: SystemTime.monotonic()) }
        }
        guard let held = outcome ?? nil else { return }
        let line = "hearth: " + message() + (held > 0 ? " (\(held) more like this since the last report)" : "")
        if let sink = output.withLockIfAvailable({ $0 }) ?? nil {
            sink(line)
        } else {
            writeLine(line, to: STDERR_FILENO)
        }
    }

    /// Writes a line with one system call where possible; errors have nowhere to go.
    package static func writeLine(_ line: String, to descriptor: Int32) {
        _ = FileWriting.write(Array((line + "\n").utf8), to: descriptor)
    }
}
