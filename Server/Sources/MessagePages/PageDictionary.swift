import CZstd

/// The raw bytes of a page, prepared for packing others.
final class PackingDictionary {
    /// Offset of the page in its file.
    let offset: Int
    let handle: OpaquePointer?

    init(offset: Int, raw: [UInt8], level: Int32) {
        self.offset = offset
        handle = raw.withUnsafeBytes { ZSTD_createCDict($0.baseAddress, $0.count, level) }
    }

    deinit { ZSTD_freeCDict(handle) }
}

/// The raw bytes of a page, prepared for unpacking others.
final class UnpackingDictionary: @unchecked Sendable {
    // Read only once it is made, so any thread may use it.
    let handle: OpaquePointer?

    init(raw: [UInt8]) { handle = raw.withUnsafeBytes { ZSTD_createDDict($0.baseAddress, $0.count) } }

    deinit { ZSTD_freeDDict(handle) }
}
