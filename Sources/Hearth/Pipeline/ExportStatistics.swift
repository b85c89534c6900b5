/// What has become of spans and logs since `Hearth.configure`.
public struct ExportStatistics: Sendable, Hashable {
    /// Ended and taken for the destinations, those that tail sampling leaves out afterwards included; pending spans do not count.
    public var exported = 0
    /// Found no room because they came faster than they could be encoded.
    public var dropped = 0
    /// Taken by servers; the sum over all destinations that are servers.
    public var delivered = 0
    /// Left in the spool for later; summed like ``delivered``.
    public var spooled = 0
    /// Refused by servers, given up after repeated attempts, without room while a server was not there, or not taken by a file; the sum over
    /// all destinations.
    public var lost = 0
}
