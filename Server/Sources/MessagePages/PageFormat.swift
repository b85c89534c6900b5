/// The layout of a page; all numbers little-endian.
///
/// A frame in the file is `magic`, the length of the compressed bytes, the length of the raw bytes, then one zstd frame with a checksum.
/// The raw bytes are: the number of keys (u16), each as its length (u16) and its text with quotes; the number of bodies (u16), for each the
/// number of its pieces (u16); the pieces, ``pieceSize`` bytes each: key (u16), base piece plus one (u32, 0 for none), bytes shared with the
/// beginning of the base's value (u32), own bytes (u32); then the own bytes of all pieces.
///
/// A body is the object of its pieces. Agents send the whole history with every turn, so the value of a piece mostly begins like that of the
/// turn before, and only what follows is stored.
enum PageFormat {
    /// "HPG1".
    static let magic: UInt32 = 0x3147_5048
    static let headerSize = 12
    static let pieceSize = 14
    /// Raw bytes at which a page is closed; larger only for a larger body. Small enough to be read for a single trace, large enough to compress.
    static let targetBytes = 48 << 10
    static let maximumBodies = 4_096
    /// The largest frame that is believed when reading.
    static let maximumRawBytes = 1 << 30
}

/// Appending and reading numbers.
extension [UInt8] {
    mutating func append16(_ value: Int) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }

    mutating func append32(_ value: Int) {
        append16(value)
        append16(value >> 16)
    }

    func read16(_ offset: Int) -> Int { Int(self[offset]) | Int(self[offset + 1]) << 8 }
    func read32(_ offset: Int) -> Int { read16(offset) | read16(offset + 2) << 16 }
}
