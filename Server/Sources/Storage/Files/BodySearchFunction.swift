import DuckDBKit
import MessagePages
import Synchronization

/// `hearth_contains(body, search)`: whether a row's message bodies have a text. False, not NULL, for a row without bodies.
///
/// All that does not change from row to row is in one text, because the engine writes out constants for every row of a chunk.
final class BodySearchFunction: ScalarFunction {
    static let name = "hearth_contains"
    static let parameters = ["UBIGINT", "VARCHAR"]
    static let result = "BOOLEAN"

    /// What is looked for in which file.
    private struct Search {
        var file: String
        var needle: Needle

        /// Stands between the members of an encoded search; ``Needle`` takes no text or key with it.
        static let separator: Character = "\u{1F}"

        init?(_ encoded: String) {
            let members = encoded.split(separator: Self.separator, omittingEmptySubsequences: false).map(String.init)
            guard members.count > 3, let needle = Needle(keys: Array(members[3...]), text: members[2], ignoresCase: members[1] == "i")
            else {
                return nil
            }
            file = members[0]
            self.needle = needle
        }
    }

    private let pages: PageStore
    /// The searches that were made last: reading one anew for every chunk costs as much as answering for its rows.
    private let recent = Mutex<[(encoded: [UInt8], search: Search)]>([])
    private static let recentLimit = 32

    init(pages: PageStore) { self.pages = pages }

    /// The second argument.
    ///
    /// - Parameters:
    ///   - keys: a body matches when the value of one of them has the text.
    ///   - file: the segment or hot file whose rows they are.
    static func encoded(keys: [String], text: String, ignoresCase: Bool, file: String) -> String {
        ([file, ignoresCase ? "i" : "", text] + keys).joined(separator: String(Search.separator))
    }

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        // All rows of a call have the same search.
        guard count > 0 else { return }
        guard let wanted = arguments[1].withBytes(0, search) else {
            throw ScalarFunctionError("the text cannot be looked for in messages")
        }
        output.fill(count, with: false)
        do throws(PageError) {
            var search = try BodySearch(pages, file: wanted.file, needle: wanted.needle)
            var candidates: [Int] = []
            let bodies = arguments[0].values(0..<count, as: UInt64.self)
            search.appendCandidates(bodies, to: &candidates)
            for row in candidates where !arguments[0].isNull(row) {
                if try contains(BodyReference(rawValue: bodies[row]), wanted.file, &search) { output.set(row, true) }
            }
            search.finish()
        } catch {
            // When the directory itself is damaged, nothing is found in these messages.
            guard pages.note(error, wanted.file) else { throw ScalarFunctionError(BodyFunctions.shortage) }
        }
    }

    private func contains(_ reference: BodyReference, _ file: String, _ search: inout BodySearch) throws(PageError) -> Bool {
        do throws(PageError) {
            return try search.contains(reference)
        } catch {
            if error.isShortage { throw error }
            _ = pages.note(error, file)
            return false
        }
    }

    private func search(_ encoded: UnsafeBufferPointer<UInt8>) -> Search? {
        let known = recent.withLock { recent in recent.first { $0.encoded.elementsEqual(encoded) }?.search }
        if let known { return known }
        guard let search = Search(String(decoding: encoded, as: UTF8.self)) else { return nil }
        recent.withLock { recent in
            if recent.count >= Self.recentLimit { recent.removeFirst() }
            recent.append((Array(encoded), search))
        }
        return search
    }
}
