import Synchronization

/// What is known of one needle: which pages may have it, and for those that were looked at which of their bodies do. Pages never change, so
/// this holds as long as their files.
final class PageSearch: Sendable {
    /// Of one file.
    struct Results: Sendable {
        /// Pages that may have the needle, one bit each.
        var candidates: [UInt64] = []
        /// Pages that the candidates were worked out for.
        var pageCount = 0
        /// Which bodies of a page have it.
        var matches: [Int: [Bool]] = [:]
    }

    let needle: Needle
    private let results = Mutex<[String: Results]>([:])

    init(needle: Needle) { self.needle = needle }

    /// What is known of a file, with all candidates.
    func results(_ store: PageStore, _ file: String) throws(PageError) -> Results {
        let source = try store.source(file)
        let pageCount = source.pageCount
        if let known = results.withLock({ $0[file] }), known.pageCount == pageCount { return known }
        let candidates = try source.candidates(needle, pageCount: pageCount)
        return results.withLock { results in
            results[file, default: Results()].candidates = candidates
            results[file, default: Results()].pageCount = pageCount
            return results[file, default: Results()]
        }
    }

    func forget(_ file: String) { results.withLock { $0[file] = nil } }

    func add(_ matches: [Int: [Bool]], _ file: String) {
        if matches.isEmpty { return }
        results.withLock { $0[file, default: Results()].matches.merge(matches) { a, _ in a } }
    }
}

/// Looks for a needle in bodies of one file.
public struct BodySearch: ~Copyable {
    private let store: PageStore
    private let file: String
    private let search: PageSearch
    private let results: PageSearch.Results
    /// Pages that were looked at.
    private var found: [Int: [Bool]] = [:]
    /// The last page that was asked for: neighbouring rows have neighbouring bodies.
    private var last: (page: Int, matches: [Bool])?

    /// - Throws: ``PageError`` when the file's directory cannot be read.
    public init(_ store: PageStore, file: String, needle: Needle) throws(PageError) {
        self.store = store
        self.file = file
        search = store.search(needle)
        results = try search.results(store, file)
    }

    /// Appends the indices of references to bodies that may have the needle: the others certainly have not. A reference to a page that does not
    /// exist is among them, so that ``contains(_:)`` can say so.
    public func appendCandidates(_ references: UnsafeBufferPointer<UInt64>, to indices: inout [Int]) {
        let pageCount = results.pageCount
        results.candidates.withUnsafeBufferPointer { candidates in
            for (index, rawValue) in references.enumerated() {
                let page = BodyReference(rawValue: rawValue).page
                if page >= pageCount || candidates[page >> 6] >> UInt64(page & 63) & 1 == 1 { indices.append(index) }
            }
        }
    }

    /// Whether a body has the needle.
    public mutating func contains(_ reference: BodyReference) throws(PageError) -> Bool {
        let page = reference.page
        guard page < results.pageCount else {
            throw PageError(code: .damaged, message: "\(file) has \(results.pageCount) pages and no page \(page)")
        }
        if results.candidates[page >> 6] >> UInt64(page & 63) & 1 == 0 { return false }
        if last?.page != page { last = (page, try matches(page)) }
        guard let matches = last?.matches else { return false }
        return reference.slot < matches.count && matches[reference.slot]
    }

    private mutating func matches(_ page: Int) throws(PageError) -> [Bool] {
        if let known = results.matches[page] ?? found[page] { return known }
        let matches = try store.page(file, page, keeps: false).search(search.needle)
        found[page] = matches
        return matches
    }

    /// Keeps what was found for others who look for the same.
    public mutating func finish() {
        search.add(found, file)
        found = [:]
    }
}
