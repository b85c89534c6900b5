/// The layout of a page file; all numbers little-endian.
///
/// A file is a row of runs, one for each time that something was appended. A run is its pages, then its directory, then 24 bytes: the offset of
/// the directory (u64), its checksum (u64) and ``footerMagic``. A directory is ``directoryMagic``, the number of pages (u32), the number of signature bits (u32), the
/// number of the first page in the file (u32), the offset of the directory before (u64, all ones for none), the offsets of the pages (u64 each),
/// and the signatures, bit by bit over all pages; see ``PageSignature``.
///
/// A frame in the file is `magic`, the length of the compressed bytes, the length of the raw bytes (u32 each), the offset of the page whose raw
/// bytes are the dictionary (u64, all ones for none), then one zstd frame with a checksum.
/// The raw bytes are: the number of keys (u16), each as its length (u16) and its text with quotes; the number of bodies (u16), for each the
/// number of its pieces (u16); the pieces, ``pieceSize`` bytes each: key (u16), base piece plus one (u32, 0 for none), bytes shared with the
/// beginning of the base's value (u32), own bytes (u32); then the own bytes of all pieces.
///
/// A body is the object of its pieces. Agents send the whole history with every turn, so the value of a piece mostly begins like that of the
/// turn before, and only what follows is stored.
enum PageFormat {
    /// "HPD1" and "HEARTHPD".
    static let directoryMagic: UInt32 = 0x3144_5048
    static let footerMagic: UInt64 = 0x4450_4854_5241_4548
    static let footerSize = 24
    static let directoryHeaderSize = 24
    static let noOffset = UInt64.max

    /// "HPG1".
    static let magic: UInt32 = 0x3147_5048
    static let headerSize = 20
    static let noDictionary = UInt64.max
    static let pieceSize = 14
    /// Raw bytes after which a page is closed with the next trace, and in any case.
    static let targetBytes = 48 << 10
    static let maximumBytes = 512 << 10
    /// Raw bytes of a page that serves as dictionary: larger, because it is read once and helps all others. Of the workload's pages 112 KB take 12 %
    /// away, 288 KB 16 %, 512 KB 17 %.
    static let dictionaryBytes = 288 << 10
    static let smallestDictionary = 32 << 10
    /// Dictionaries that are packed with another: each is at least twice as large as the one before, from ``smallestDictionary`` on.
    static let maximumDictionaries = 8
    static let maximumBodies = 4_096
    /// The largest frame that is believed when reading.
    static let maximumRawBytes = 1 << 30
}

extension PageFormat {
    /// A checksum against damage, not against malice.
    static func checksum(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { bytes in
            var sum = UInt64(bytes.count) &+ 0x9E37_79B9_7F4A_7C15
            var index = 0
            while index + 8 <= bytes.count {
                sum = (sum ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
                sum ^= sum >> 32
                index += 8
            }
            while index < bytes.count {
                sum = (sum ^ UInt64(bytes[index])) &* 0xFF51_AFD7_ED55_8CCD
                sum ^= sum >> 32
                index += 1
            }
            return sum
        }
    }
}

/// Appending and reading numbers.
extension [UInt8] {
    mutating func append16(_ value: Int) { appendBytes(UInt16(truncatingIfNeeded: value).littleEndian) }

    mutating func append32(_ value: Int) { appendBytes(UInt32(truncatingIfNeeded: value).littleEndian) }

    mutating func append64(_ value: UInt64) { appendBytes(value.littleEndian) }

    /// In one piece: a page has thousands of numbers.
    private mutating func appendBytes(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value) { append(contentsOf: $0) }
    }

    func read64(_ offset: Int) -> UInt64 { UInt64(read32(offset)) | UInt64(read32(offset + 4)) << 32 }
    func read16(_ offset: Int) -> Int { Int(self[offset]) | Int(self[offset + 1]) << 8 }
    func read32(_ offset: Int) -> Int { read16(offset) | read16(offset + 2) << 16 }
}
