import CZstd

/// A page whose raw bytes others are packed with.
struct PackingDictionary {
    /// Offset of the page in its file.
    var offset: Int
    /// Bytes of the page.
    var count: Int

    /// Whether a dictionary is so small that a larger one is worth having.
    ///
    /// - Parameter count: bytes; 0 for none.
    static func isSmall(_ count: Int) -> Bool { count < PageFormat.dictionaryBytes / 2 }

    /// Whether pages after one with `raw` bytes are packed with that instead of the dictionary with `count`. Days often begin with few messages.
    static func replaces(raw: Int, dictionary count: Int) -> Bool {
        raw >= max(PageFormat.smallestDictionary, 2 * count) && isSmall(count)
    }
}

/// The raw bytes of a page, prepared for unpacking others.
final class UnpackingDictionary: @unchecked Sendable {
    // Read only once it is made, so any thread may use it.
    let handle: OpaquePointer?

    init(raw: [UInt8]) { handle = raw.withUnsafeBytes { ZSTD_createDDict($0.baseAddress, $0.count) } }

    deinit { ZSTD_freeDDict(handle) }
}
