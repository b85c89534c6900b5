import CGenAIPricesData

/// The bytes of a data file, which everything read from it later refers to by range: either part of the program or a copy.
final class PriceBytes: @unchecked Sendable {
    // Never written after the initialiser, so it may be read from anywhere.
    let bytes: UnsafeBufferPointer<UInt8>
    private let isOwned: Bool

    /// Takes a copy.
    init(_ copied: [UInt8]) {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(copied.count, 1))
        _ = copy.initialize(from: copied)
        bytes = UnsafeBufferPointer(rebasing: copy[0..<copied.count])
        isOwned = true
    }

    private init(embedded: UnsafePointer<UInt8>?, count: Int) {
        bytes = UnsafeBufferPointer(start: embedded, count: count)
        isOwned = false
    }

    deinit {
        if isOwned { bytes.deallocate() }
    }

    /// The price data in the program.
    static var embeddedPrices: PriceBytes {
        PriceBytes(embedded: hearth_genai_prices_pointer(), count: hearth_genai_prices_count)
    }

    /// The unit table in the program.
    static var embeddedUnits: PriceBytes {
        PriceBytes(embedded: hearth_genai_prices_units_pointer(), count: hearth_genai_prices_units_count)
    }
}
