/// A record that stands for a call in its trace, as a member of a ``ResponseGroups`` group.
public struct ResponseMember: Sendable, Hashable, Comparable {
    /// Nanoseconds since the Unix epoch.
    public var start: Int64
    public var identity: StepIdentity

    public init(start: Int64, identity: StepIdentity) {
        self.start = start
        self.identity = identity
    }

    /// The earlier record is the smaller one; among equal starts the smaller identity.
    public static func < (a: ResponseMember, b: ResponseMember) -> Bool {
        a.start == b.start ? a.identity < b.identity : a.start < b.start
    }
}

/// The records of a project that report the same response, across traces. The smallest member of a group stands for all.
public struct ResponseGroups: Sendable {
    private struct Group {
        /// Rising. Nearly always one.
        var members: [ResponseMember] = []
        /// Whether every committed record of the response is among the members.
        var isComplete = false

        /// - Returns: the number of members.
        mutating func insert(_ member: ResponseMember) -> Int {
            let place = members.firstIndex { member <= $0 } ?? members.endIndex
            if place == members.endIndex || members[place] != member { members.insert(member, at: place) }
            return members.count
        }
    }

    private var groups: [ResponseKey: Group] = [:]
    /// Groups of several members: few, so that asking is cheap.
    private var shared: Set<ResponseKey> = []

    public init() {}

    /// Number of responses with at least one entry.
    public var count: Int { groups.count }

    /// The members of the group in rising order.
    public func members(of key: ResponseKey) -> [ResponseMember] { groups[key]?.members ?? [] }

    /// Whether the group has several members.
    public func isShared(_ key: ResponseKey) -> Bool { !shared.isEmpty && shared.contains(key) }

    /// Whether the members of `key` are known to be all there are.
    public func isComplete(_ key: ResponseKey) -> Bool { groups[key]?.isComplete == true }

    /// States that the members of `key` are all there are.
    public mutating func markComplete(_ key: ResponseKey) { groups[key, default: Group()].isComplete = true }

    /// Adds a member; one that is there already is not added again.
    public mutating func insert(_ member: ResponseMember, into key: ResponseKey) {
        if groups[key, default: Group()].insert(member) > 1 { shared.insert(key) }
    }

    /// Takes a member out.
    public mutating func remove(_ member: ResponseMember, from key: ResponseKey) {
        groups[key]?.members.removeAll { $0 == member }
        if !shared.isEmpty, groups[key]?.members.count == 1 { shared.remove(key) }
    }

    /// Forgets that `key` is complete, and the key itself when no member is left.
    public mutating func release(_ key: ResponseKey) {
        if groups[key]?.members.isEmpty == true {
            groups[key] = nil
        } else {
            groups[key]?.isComplete = false
        }
    }

    /// Estimated memory in bytes.
    public var estimatedByteSize: Int {
        groups.count * ((MemoryLayout<ResponseKey>.stride + MemoryLayout<Group>.stride) * 2 + 32 + MemoryLayout<ResponseMember>.stride)
    }
}
