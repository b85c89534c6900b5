/// Hashes of what is looked for in files; see ``IdentityKey``.
struct WantedHashes: Sendable {
    let hashes: [UInt64]
    /// Whether they are of traces, the days of which filters may know.
    let areTraces: Bool

    static func traces(_ hashes: [UInt64]) -> WantedHashes { WantedHashes(hashes: hashes, areTraces: true) }

    /// Those of responses, streams or metric points.
    static func others(_ hashes: [UInt64]) -> WantedHashes { WantedHashes(hashes: hashes, areTraces: false) }
}
