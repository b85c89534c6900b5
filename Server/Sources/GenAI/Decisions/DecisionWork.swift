import TelemetryModel

/// What one ``ProjectSteps/apply(_:stored:)`` works out on its way, so that it does so once.
struct DecisionWork<Stored: StoredSteps> {
    let stored: Stored
    /// Traces that rows are added to.
    let touched: Set<TraceID>
    /// Decisions of traces about themselves.
    var locals: [TraceID: LocalDecisions] = [:]
    /// Records that share a call with records of other traces or of another place in theirs.
    var shared: [StepIdentity: SharedCall] = [:]
    /// Winners of the shared calls that were noted.
    var noted: Set<StepIdentity> = []

    init(stored: Stored, touched: Set<TraceID>) {
        self.stored = stored
        self.touched = touched
    }

    /// Forgets what rows that were added may have changed.
    mutating func reset() {
        locals.removeAll(keepingCapacity: true)
        shared.removeAll(keepingCapacity: true)
        noted.removeAll(keepingCapacity: true)
    }
}

/// Records, each standing for a call in its own trace, that are one call together: halves of a stream, reports of one response.
struct SharedCall: Sendable {
    /// The first stands for all. Openers of streams come last, the others in the order of their start.
    var members: [StepIdentity]
    /// Records merged into the call.
    var records: Int32
    /// The first member's values, completed by those of the others.
    var values: CallValues
    /// What the spans around the first member tell, completed by those around the others.
    var surroundings = CallSurroundings()

    var winner: StepIdentity { members[0] }
}
