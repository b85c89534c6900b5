/// Something that is wrong with a data folder, what it costs, and what is done about it.
public struct DoctorFinding: Sendable, Hashable, Codable {
    /// Below the data folder, such as `telemetry/hot-3.db.wal`.
    public var file: String
    /// What is the matter.
    public var problem: String
    /// What is lost, in words; nil when nothing is.
    public var lost: String?
    /// Records and metric points that are lost; nil when that cannot be told.
    public var rowsLost: Int64?
    /// What `--repair` does, or did.
    public var repair: String
    /// Whether it can be repaired at all, and whether it was.
    public var isRepairable = true
    public var isRepaired = false

    public init(file: String, problem: String, lost: String? = nil, rowsLost: Int64? = nil, repair: String, isRepairable: Bool = true) {
        self.file = file
        self.problem = problem
        self.lost = lost
        self.rowsLost = rowsLost
        self.repair = repair
        self.isRepairable = isRepairable
    }
}
