import Synchronization

/// The pages of all segments and hot files, with the unpacked pages and search results that were used last.
public final class PageStore: Sendable {
    private struct Key: Hashable {
        var file: String
        var page: Int
    }

    private struct Entry {
        var page: Page
        var lastUse: UInt64
    }

    private struct Known {
        var path: String
        var end: Int
        var file: PageFile?
        /// Instead of a file.
        var held: HeldPages?
    }

    private struct State {
        var files: [String: Known] = [:]
        var pages: [Key: Entry] = [:]
        var bytes = 0
        var searches: [(needle: Needle, search: PageSearch)] = []
        /// Files some of whose messages cannot be read, with the first reason.
        var damages: [String: String] = [:]
        var clock: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// Needles whose results are kept: those of somebody who is typing, or turning pages.
    private static let searchLimit = 8

    private let onDamage: @Sendable (_ name: String, _ reason: String) -> Void

    /// - Parameters:
    ///   - capacity: bytes of unpacked pages that are kept.
    ///   - onDamage: told once of a file some of whose messages cannot be read.
    public init(capacity: Int, onDamage: @escaping @Sendable (_ name: String, _ reason: String) -> Void = { _, _ in }) {
        self.capacity = capacity
        self.onDamage = onDamage
    }

    // MARK: Damage

    /// Names of files some of whose messages cannot be read, with the reason.
    public var damages: [String: String] { state.withLock { $0.damages } }

    /// Notes that messages of a file cannot be read.
    ///
    /// - Returns: false when the reason is that descriptors or memory are short, which passes.
    public func note(_ error: PageError, _ name: String) -> Bool {
        if error.isShortage { return false }
        let isNew = state.withLock { state in
            guard state.files[name] != nil, state.damages[name] == nil else { return false }
            state.damages[name] = error.message
            return true
        }
        if isNew { onDamage(name, error.message) }
        return true
    }

    // MARK: Files

    /// Makes a file known under a name, or that it has grown.
    ///
    /// - Parameter end: bytes of it that are valid.
    public func add(_ name: String, path: String, end: Int) {
        state.withLock { state in
            if state.files[name]?.end != end { state.files[name] = Known(path: path, end: end) }
        }
    }

    /// Begins a row of pages in memory.
    public func hold(_ name: String) {
        state.withLock { $0.files[name] = Known(path: "", end: 0, held: HeldPages(name: name)) }
    }

    /// One more than the largest number of a page in memory; 0 when there is none.
    public func heldPageCount(_ name: String) -> Int { state.withLock { $0.files[name]?.held }?.pageCount ?? 0 }

    /// Holds a page in memory. Numbers are not used twice: what is known of a page stays known.
    public func add(_ name: String, frame: [UInt8], number: Int) {
        state.withLock { $0.files[name]?.held }?.add(frame, number: number)
    }

    /// Forgets a file; pages in use stay readable.
    public func remove(_ name: String) {
        state.withLock { state in
            state.files[name] = nil
            state.damages[name] = nil
            for (key, entry) in state.pages where key.file == name {
                state.bytes -= entry.page.byteCount
                state.pages[key] = nil
            }
            for (_, search) in state.searches { search.forget(name) }
        }
    }

    /// - Parameter keeps: whether the page is worth keeping: not when a search goes through many.
    func page(_ name: String, _ number: Int, keeps: Bool = true) throws(PageError) -> Page {
        let key = Key(file: name, page: number)
        let known = state.withLock { state -> Page? in
            guard state.pages[key] != nil else { return nil }
            state.clock += 1
            state.pages[key]?.lastUse = state.clock
            return state.pages[key]?.page
        }
        if let known { return known }
        let page = try source(name).page(number)
        if keeps { keep(page, key) }
        return page
    }

    private func keep(_ page: Page, _ key: Key) {
        state.withLock { state in
            guard state.pages[key] == nil, page.byteCount <= capacity / 4 else { return }
            state.clock += 1
            state.pages[key] = Entry(page: page, lastUse: state.clock)
            state.bytes += page.byteCount
            guard state.bytes > capacity else { return }
            // Half at once, so that sorting is rare.
            for (key, entry) in state.pages.sorted(by: { $0.value.lastUse < $1.value.lastUse }) where state.bytes > capacity / 2 {
                state.bytes -= entry.page.byteCount
                state.pages[key] = nil
            }
        }
    }

    /// Where pages come from.
    enum Source {
        case file(PageFile)
        case held(HeldPages)

        var pageCount: Int {
            switch self {
            case .file(let file): file.pageCount
            case .held(let pages): pages.pageCount
            }
        }

        func page(_ number: Int) throws(PageError) -> Page {
            switch self {
            case .file(let file): try file.page(number)
            case .held(let pages): try pages.page(number)
            }
        }

        /// Pages that may have a needle, as one bit each, of the first `pageCount`.
        func candidates(_ needle: Needle, pageCount: Int) throws(PageError) -> [UInt64] {
            switch self {
            case .file(let file): try file.candidates(needle)
            case .held: [UInt64](repeating: .max, count: (pageCount + 63) / 64)
            }
        }
    }

    func source(_ name: String) throws(PageError) -> Source {
        let known = state.withLock { $0.files[name] }
        guard let known else { throw PageError(code: .io, message: "there is no segment \(name)") }
        if let held = known.held { return .held(held) }
        return .file(try file(name, known))
    }

    private func file(_ name: String, _ known: Known) throws(PageError) -> PageFile {
        if let file = known.file { return file }
        let file: PageFile
        do {
            file = try PageFile(path: known.path, end: known.end)
        } catch {
            guard error.code == .io else { throw error }
            // Descriptors may be short; a file in use stays open until its reader is done.
            state.withLock { state in
                for name in state.files.keys { state.files[name]?.file = nil }
            }
            file = try PageFile(path: known.path, end: known.end)
        }
        state.withLock { if $0.files[name]?.end == known.end { $0.files[name]?.file = file } }
        return file
    }

    /// What is known of a needle; the one that was used longest ago is forgotten for a new one.
    func search(_ needle: Needle) -> PageSearch {
        state.withLock { state in
            if let index = state.searches.firstIndex(where: { $0.needle == needle }) {
                let entry = state.searches.remove(at: index)
                state.searches.append(entry)
                return entry.search
            }
            let search = PageSearch(needle: needle)
            state.searches.append((needle, search))
            if state.searches.count > Self.searchLimit { state.searches.removeFirst() }
            return search
        }
    }
}

/// Reads bodies of one file one after the other: those of one page without looking for it again.
public struct BodyReader: ~Copyable {
    private let store: PageStore
    private let file: String
    private var page: Page?
    private var number = -1
    private var text: [UInt8] = []
    private var members: [BodyMembers.Member]?

    public init(_ store: PageStore, file: String) {
        self.store = store
        self.file = file
    }

    /// The text of a body, for the time of the call.
    public mutating func withBody<R>(
        _ reference: BodyReference, _ body: (UnsafeBufferPointer<UInt8>) throws(PageError) -> R
    ) throws(PageError) -> R {
        try withMembers(reference) { text, _ throws(PageError) in try body(text) }
    }

    /// The text of a body with its members; nil for one that is no object.
    mutating func withMembers<R>(
        _ reference: BodyReference, _ body: (UnsafeBufferPointer<UInt8>, [BodyMembers.Member]?) throws(PageError) -> R
    ) throws(PageError) -> R {
        let page = try page(reference.page)
        guard page.body(reference.slot, into: &text, members: &members) else {
            throw PageError(code: .damaged, message: "page \(reference.page) of \(file) has no body \(reference.slot)")
        }
        return try text.withUnsafeBufferPointer { text throws(PageError) in try body(text, members) }
    }

    /// The text of a body.
    public mutating func body(_ reference: BodyReference) throws(PageError) -> [UInt8] {
        try withBody(reference) { _ in }
        return text
    }

    private mutating func page(_ number: Int) throws(PageError) -> Page {
        if number == self.number, let page { return page }
        let page = try store.page(file, number)
        self.page = page
        self.number = number
        return page
    }
}
