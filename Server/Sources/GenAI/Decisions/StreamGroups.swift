/// One of two records of a call that nothing but time joins.
///
/// Of a streamed call at the root, the span that opens it is a trace of its own, and the log that completes it another; what joins them
/// is the equal request in the same process shortly after. Of a failed call, the span by the provider's package begins right after the
/// instrumentation's.
public struct StreamMember: Sendable, Hashable {
    /// ``GenAIStep/streamKey``.
    public var key: UInt64
    public var role: StreamRole
    /// Nanoseconds since the Unix epoch (``GenAIStep/startNanoseconds``).
    public var start: Int64
    public var identity: StepIdentity

    public init(key: UInt64, role: StreamRole, start: Int64, identity: StepIdentity) {
        self.key = key
        self.role = role
        self.start = start
        self.identity = identity
    }

    /// Order in time; of two at one time, the opener comes first.
    static func precedes(_ a: StreamMember, _ b: StreamMember) -> Bool {
        if a.start != b.start { return a.start < b.start }
        if a.opens != b.opens { return a.opens }
        return a.identity < b.identity
    }

    /// Whether the member is the first of its pair.
    var opens: Bool { role == .opener || role == .none }

    /// Nanoseconds from the start of the other half to this one's, at most.
    var window: Int64 { role == .vendor ? StreamGroups.twinWindow : StreamGroups.window }
}

/// Pairs the halves of streamed calls that have no parent.
///
/// Among equal requests, a completion takes the latest free opener before it, at most ``window`` earlier. Which of several equal
/// requests it takes makes no difference to any sum.
struct StreamGroups: Sendable {
    /// Nanoseconds from a request to the first byte of its response, at most.
    static let window: Int64 = 600 * 1_000_000_000
    /// Nanoseconds from a call to the package's own span of it, at most.
    static let twinWindow: Int64 = 10 * 1_000_000_000

    private struct Group {
        var members: Set<StreamMember> = []
        /// The other half of each paired member.
        var partners: [StepIdentity: StepIdentity] = [:]

        mutating func pair() {
            partners.removeAll(keepingCapacity: true)
            var open: [StreamMember] = []
            for member in members.sorted(by: StreamMember.precedes) {
                if member.opens {
                    open.append(member)
                } else if let opener = open.popLast() {
                    if member.start - opener.start > member.window {
                        // Everything further down is older still.
                        open.removeAll()
                    } else {
                        partners[opener.identity] = member.identity
                        partners[member.identity] = opener.identity
                    }
                }
            }
        }
    }

    private var groups: [UInt64: Group] = [:]
    private var memberCount = 0

    /// Whether all committed members of the group are in it.
    func isComplete(_ key: UInt64) -> Bool { groups[key] != nil }

    /// Adds members to groups; those that are there already are not added again.
    ///
    /// - Returns: members whose other half is another than before, and the halves they had and have.
    mutating func insert(_ members: some Sequence<StreamMember>) -> Set<StepIdentity> {
        var changed: Set<StepIdentity> = []
        for (key, members) in Dictionary(grouping: members, by: \.key) {
            let before = groups[key]?.partners ?? [:]
            let count = groups[key]?.members.count ?? 0
            groups[key, default: Group()].members.formUnion(members)
            groups[key]?.pair()
            memberCount += (groups[key]?.members.count ?? 0) - count
            let now = groups[key]?.partners ?? [:]
            for (member, partner) in before where now[member] != partner { changed.formUnion([member, partner]) }
            for (member, partner) in now where before[member] != partner { changed.formUnion([member, partner]) }
        }
        return changed
    }

    /// States that the group has no committed members but those in it.
    mutating func markComplete(_ key: UInt64) {
        if groups[key] == nil { groups[key] = Group() }
    }

    /// The other half of a member.
    func partner(of identity: StepIdentity, in key: UInt64) -> StepIdentity? { groups[key]?.partners[identity] }

    /// Forgets a group.
    ///
    /// - Returns: its members.
    mutating func release(_ key: UInt64) -> Set<StreamMember> {
        let members = groups.removeValue(forKey: key)?.members ?? []
        memberCount -= members.count
        return members
    }

    /// Estimated memory in bytes.
    var estimatedByteSize: Int {
        groups.count * 128 + memberCount * 2 * (MemoryLayout<StreamMember>.stride + 2 * MemoryLayout<StepIdentity>.stride)
    }
}
