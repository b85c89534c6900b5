/// The message bodies of a batch, packed into pages of their own until its records are sealed.
public struct PackedBodies: Sendable {
    /// Pages in order.
    public private(set) var frames: [[UInt8]] = []
    /// For each row: its page here and its place in that page, ``none`` for rows without a body.
    private var places: [UInt64]

    private static let none = UInt64.max

    /// Packs bodies.
    ///
    /// - Parameters:
    ///   - rowCount: rows of the batch.
    ///   - rows: rows with a body: trace by trace, within a trace in the order of time, because a trace repeats itself.
    ///   - trace: tells the traces of rows apart.
    ///   - body: calls its closure with a row's body.
    /// - Throws: ``PageError`` when there is no memory to compress.
    public init(
        rowCount: Int, rows: [Int], trace: (Int) -> UInt64, body: (Int, (UnsafeBufferPointer<UInt8>) throws -> Void) throws -> Void
    ) throws {
        places = [UInt64](repeating: Self.none, count: rowCount)
        var builder = PageBuilder(.passing)
        for row in rows {
            let trace = trace(row)
            if builder.isFull(for: trace) { frames.append(try builder.finish(at: 0)) }
            try body(row) { bytes in
                places[row] = BodyReference(page: frames.count, slot: builder.add(bytes, trace: trace)).rawValue
            }
        }
        if !builder.isEmpty { frames.append(try builder.finish(at: 0)) }
    }

    /// Where a row's body is once the first of the pages has a number.
    public func reference(_ row: Int, firstPage: Int) -> BodyReference? {
        let place = BodyReference(rawValue: places[row])
        return place.rawValue == Self.none ? nil : BodyReference(page: place.page + firstPage, slot: place.slot)
    }

    /// Bytes of the pages.
    public var byteCount: Int { frames.reduce(places.count * 8) { $0 + $1.count } }
}
