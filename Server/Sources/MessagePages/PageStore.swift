import Synchronization

/// The page files of all segments, with the pages that were used last.
public final class PageStore: Sendable {
    private struct Key: Hashable {
        var file: String
        var offset: Int
    }

    private struct Entry {
        var page: Page
        var lastUse: UInt64
    }

    private struct State {
        var paths: [String: String] = [:]
        var files: [String: PageFile] = [:]
        var pages: [Key: Entry] = [:]
        var bytes = 0
        var clock: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: bytes of unpacked pages that are kept.
    public init(capacity: Int) { self.capacity = capacity }

    /// Makes a file known under a name.
    public func add(_ name: String, path: String) { state.withLock { $0.paths[name] = path } }

    /// Forgets a file; pages in use stay readable.
    public func remove(_ name: String) {
        state.withLock { state in
            state.paths[name] = nil
            state.files[name] = nil
            for (key, entry) in state.pages where key.file == name {
                state.bytes -= entry.page.byteCount
                state.pages[key] = nil
            }
        }
    }

    /// - Parameter keeps: whether the page is worth keeping: not when a search goes through all of them.
    func page(_ name: String, _ offset: Int, keeps: Bool = true) throws(PageError) -> Page {
        let key = Key(file: name, offset: offset)
        let known = state.withLock { state -> Page? in
            guard state.pages[key] != nil else { return nil }
            state.clock += 1
            state.pages[key]?.lastUse = state.clock
            return state.pages[key]?.page
        }
        if let known { return known }
        let page = try file(name).page(at: offset)
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

    private func file(_ name: String) throws(PageError) -> PageFile {
        let (open, path) = state.withLock { ($0.files[name], $0.paths[name]) }
        if let open { return open }
        guard let path else { throw PageError(code: .io, message: "there is no segment \(name)") }
        let file = try PageFile(path: path)
        state.withLock { $0.files[name] = file }
        return file
    }
}

/// Reads bodies of one file one after the other: those of one page without looking for it again.
public struct BodyReader: ~Copyable {
    private let store: PageStore
    private let file: String
    private let keepsPages: Bool
    private var page: Page?
    private var offset = -1
    private var text: [UInt8] = []
    private var matches: [Bool?] = []

    public init(_ store: PageStore, file: String, keepsPages: Bool = true) {
        self.store = store
        self.file = file
        self.keepsPages = keepsPages
    }

    /// The text of a body, for the time of the call.
    public mutating func withBody(_ reference: BodyReference, _ body: (UnsafeBufferPointer<UInt8>) -> Void) throws(PageError) {
        let page = try page(reference.page)
        guard page.body(reference.slot, into: &text) else {
            throw PageError(code: .damaged, message: "the messages at byte \(reference.page) of \(file) have no body \(reference.slot)")
        }
        text.withUnsafeBufferPointer(body)
    }

    /// Whether the needle is in a body; nil when the body does not have its key. One reader looks for one needle only.
    public mutating func contains(_ needle: Needle, _ reference: BodyReference) throws(PageError) -> Bool? {
        if reference.page != offset { matches = try page(reference.page).search(needle) }
        return reference.slot < matches.count ? matches[reference.slot] : nil
    }

    private mutating func page(_ offset: Int) throws(PageError) -> Page {
        if offset == self.offset, let page { return page }
        let page = try store.page(file, offset, keeps: keepsPages)
        self.page = page
        self.offset = offset
        return page
    }
}
