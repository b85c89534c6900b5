import CZstd

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Collects bodies until a page is full.
///
/// Give the bodies of a trace one after the other in the order of time: what a body shares with those before it in the page is stored once.
struct PageBuilder: ~Copyable {
    private struct Piece {
        var key: Int
        /// Index of the base piece, or -1.
        var base: Int
        var prefix: Int
        /// Own bytes in ``own``.
        var start: Int
        var count: Int
    }

    private var keys: [[UInt8]] = []
    private var bodies: [Int] = []
    private var pieces: [Piece] = []
    private var own: [UInt8] = []
    private var recent = RecentValues()
    private var lastTrace: UInt64 = 0
    /// Of the page that is being built.
    private var sequences = SeenSequences()
    var signature: PageSignature { PageSignature(sequences) }
    /// What pages are packed with; see ``PackingDictionary/replaces(raw:dictionary:)``.
    private(set) var dictionary: PackingDictionary?
    private let purpose: Purpose
    private let context: OpaquePointer?
    private var packed: [UInt8] = []

    enum Purpose {
        /// A file that is kept: packed well, with a signature for its directory.
        case file
        /// Frames that are read for minutes and then packed anew: packed fast, each on its own.
        case passing
    }

    /// Logarithms of the entries that the tables for long and short matches have, of the dictionary and of the page. The library would take twice as many,
    /// for 0.9 % fewer bytes, and a processor's second cache would not hold them together.
    private static let tables: (long: Int32, short: Int32) = (16, 15)

    init(_ purpose: Purpose = .file) {
        self.purpose = purpose
        context = ZSTD_createCCtx()
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, purpose == .file ? 3 : 1)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        if purpose == .passing { return }
        ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, Self.tables.long)
        ZSTD_CCtx_setParameter(context, ZSTD_c_chainLog, Self.tables.short)
        // Pages look into the tables of the dictionary instead of copying them, which are many times as large as a page: a fifth less CPU for the same
        // bytes. The library has no stable name for it; one that does not know it packs as it likes.
        ZSTD_CCtx_setParameter(context, ZSTD_c_experimentalParam4, Int32(1))
    }

    deinit { ZSTD_freeCCtx(context) }

    var isEmpty: Bool { bodies.isEmpty }
    /// Whether the page should be closed before a body of a trace is added: between traces rather than within, because a trace repeats itself.
    func isFull(for trace: UInt64) -> Bool {
        if bodies.count >= PageFormat.maximumBodies || own.count >= PageFormat.maximumBytes { return true }
        let target = PackingDictionary.isSmall(dictionary?.count ?? 0) ? PageFormat.dictionaryBytes : PageFormat.targetBytes
        return own.count >= target && trace != lastTrace
    }

    /// Adds a body.
    ///
    /// - Parameters:
    ///   - body: a JSON object as the decoder rendered it; anything else is kept as it is.
    ///   - trace: tells traces apart.
    /// - Returns: its slot in the page.
    mutating func add(_ body: UnsafeBufferPointer<UInt8>, trace: UInt64) -> Int { add(body, BodyMembers.split(body), trace: trace) }

    /// Adds a body whose members are known; nil for one that is no object.
    mutating func add(_ body: UnsafeBufferPointer<UInt8>, _ members: [BodyMembers.Member]?, trace: UInt64) -> Int {
        let slot = bodies.count
        lastTrace = trace
        if let members {
            bodies.append(members.count)
            for member in members {
                add(key: UnsafeBufferPointer(rebasing: body[member.key]), value: UnsafeBufferPointer(rebasing: body[member.value]), trace)
            }
        } else {
            // A piece without a key is the whole text.
            bodies.append(1)
            add(key: UnsafeBufferPointer(start: nil, count: 0), value: body, trace)
        }
        return slot
    }

    private mutating func add(key: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, _ trace: UInt64) {
        let key = index(of: key)
        let isLong = value.count >= RecentValues.minimumPrefix
        var (base, prefix) = isLong ? recent.longestPrefix(of: value, key: key, trace: trace) : (-1, 0)
        // Straight to the value that has these bytes itself, so that the way to them stays short.
        while base >= 0, pieces[base].prefix >= prefix { base = pieces[base].base }
        let start = own.count
        own.append(contentsOf: value[prefix...])
        // With what may begin a sequence that ends in the own bytes.
        if purpose == .file { sequences.add(UnsafeBufferPointer(rebasing: value[max(0, prefix - 2)...])) }
        pieces.append(Piece(key: key, base: base, prefix: prefix, start: start, count: value.count - prefix))
        if isLong { recent.add(value, key: key, trace: trace, piece: pieces.count - 1) }
    }

    private mutating func index(of key: UnsafeBufferPointer<UInt8>) -> Int {
        // Every member of every body asks: keys of other lengths without looking at a byte.
        let known = keys.firstIndex { known in known.count == key.count && known.withUnsafeBufferPointer { Self.areEqual($0, key) } }
        if let known { return known }
        keys.append(Array(key))
        return keys.count - 1
    }

    /// - Parameter b: as long as `a`.
    private static func areEqual(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = a.baseAddress, let second = b.baseAddress else { return true }
        return memcmp(first, second, a.count) == 0
    }

    /// From now on pages are packed with the raw bytes of one at an offset of the file.
    ///
    /// - Throws: ``PageError`` when there is no memory for its tables.
    mutating func use(dictionary raw: [UInt8], at offset: Int) throws(PageError) {
        let result = raw.withUnsafeBytes { ZSTD_CCtx_loadDictionary(context, $0.baseAddress, $0.count) }
        guard ZSTD_isError(result) == 0 else { throw Self.failure(result) }
        dictionary = PackingDictionary(offset: offset, count: raw.count)
    }

    private static func failure(_ result: Int) -> PageError {
        PageError(code: .io, message: "a page of messages could not be compressed: \(String(cString: ZSTD_getErrorName(result)))")
    }

    /// The frame of the page, and an empty builder for the next.
    ///
    /// - Parameter offset: where the frame will be in its file.
    /// - Throws: ``PageError`` when there is no memory to compress.
    mutating func finish(at offset: Int) throws(PageError) -> [UInt8] {
        var raw: [UInt8] = []
        raw.reserveCapacity(own.count + pieces.count * PageFormat.pieceSize + bodies.count * 2 + 256)
        raw.append16(keys.count)
        for key in keys {
            raw.append16(key.count)
            raw.append(contentsOf: key)
        }
        raw.append16(bodies.count)
        for count in bodies { raw.append16(count) }
        for piece in pieces {
            raw.append16(piece.key)
            raw.append32(piece.base + 1)
            raw.append32(piece.prefix)
            raw.append32(piece.count)
        }
        raw.append(contentsOf: own)
        let frame = try compress(raw)
        if purpose == .file, PackingDictionary.replaces(raw: raw.count, dictionary: dictionary?.count ?? 0) {
            try use(dictionary: raw, at: offset)
        }
        keys.removeAll(keepingCapacity: true)
        bodies.removeAll(keepingCapacity: true)
        pieces.removeAll(keepingCapacity: true)
        own.removeAll(keepingCapacity: true)
        recent.removeAll()
        sequences.removeAll()
        return frame
    }

    private mutating func compress(_ raw: [UInt8]) throws(PageError) -> [UInt8] {
        let bound = ZSTD_compressBound(raw.count)
        if packed.count < bound { packed = [UInt8](repeating: 0, count: bound) }
        let written = packed.withUnsafeMutableBytes { target in
            raw.withUnsafeBytes { ZSTD_compress2(context, target.baseAddress, bound, $0.baseAddress, $0.count) }
        }
        guard ZSTD_isError(written) == 0 else { throw Self.failure(written) }
        // Exactly as large as it is: frames of passing pages are held.
        var frame: [UInt8] = []
        frame.reserveCapacity(PageFormat.headerSize + written)
        frame.append32(Int(PageFormat.magic))
        frame.append32(written)
        frame.append32(raw.count)
        frame.append64(dictionary.map { UInt64($0.offset) } ?? PageFormat.noDictionary)
        frame.append(contentsOf: packed[..<written])
        return frame
    }
}
