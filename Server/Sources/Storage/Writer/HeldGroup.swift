import MessagePages

/// The pages of a group's message bodies, numbered and held in memory: for each batch of the plan that has new rows.
struct HeldGroup {
    let frames: [[[UInt8]]]
    /// What is stored of them.
    let pieces: [[FramePiece]]
    /// The number of a batch's first page.
    let firstPages: [Int]

    init(_ plan: GroupPlan, _ group: [IngestBatch], _ tables: HotTables) {
        let frames = plan.batches.map { $0.rows.isEmpty ? [] : group[$0.index].packed?.frames ?? [] }
        firstPages = frames.map { tables.hold($0) }
        self.frames = frames
        pieces = zip(frames, firstPages).map { FramePiece.cut($0, first: $1) }
    }
}
