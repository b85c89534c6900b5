import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's words for the last failed call.
func systemMessage() -> String { String(cString: strerror(errno)) }

/// A file of pages that is open for reading.
final class PageFile: Sendable {
    private let path: String
    private let descriptor: Int32
    private let dictionaries = Mutex<[Int: UnpackingDictionary]>([:])
    private let unpacker = PageUnpacker()

    /// The runs in order.
    private let directories: [Directory]
    private let offsets: [UInt64]

    private struct Directory {
        var offset: Int
        var pages: Range<Int>
        var bits: Int

        var rows: Int { offset + PageFormat.directoryHeaderSize + pages.count * 8 }
        var rowBytes: Int { (pages.count + 7) / 8 }
    }

    /// - Parameter end: bytes of the file that are valid: where a run ends.
    init(path file: String, end: Int) throws(PageError) {
        // What is said in errors: clients read it, and they have no business knowing where the data folder is.
        path = file.split(separator: "/").suffix(2).joined(separator: "/")
        descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PageError(code: .io, message: "cannot open \(path): \(systemMessage())") }
        do throws(PageError) {
            (directories, offsets) = try Self.readDirectories(descriptor, path, end: end)
        } catch {
            // Searches then have to look at every page.
            directories = []
            offsets = Self.findPages(descriptor, path, end: end)
            if offsets.isEmpty, end > 0 {
                close(descriptor)
                throw error
            }
        }
    }

    /// Finds the pages one after the other, for a file whose directories are damaged. Ends where something else lies.
    private static func findPages(_ descriptor: Int32, _ path: String, end: Int) -> [UInt64] {
        var offsets: [UInt64] = []
        var offset = 0
        while offset + PageFormat.headerSize <= end {
            let header: [UInt8]
            do throws(PageError) {
                header = try read(PageFormat.headerSize, at: offset, descriptor, path)
            } catch {
                break
            }
            switch UInt32(truncatingIfNeeded: header.read32(0)) {
            case PageFormat.magic:
                offsets.append(UInt64(offset))
                offset += PageFormat.headerSize + header.read32(4)
            case PageFormat.directoryMagic:
                let (count, bits) = (header.read32(4), header.read32(8))
                offset += PageFormat.directoryHeaderSize + count * 8 + bits * ((count + 7) / 8) + PageFormat.footerSize
            default: return offsets
            }
        }
        return offsets
    }

    var pageCount: Int { offsets.count }
    /// Where the directory of the last run is.
    var lastDirectory: Int? { directories.last?.offset }

    private static func readDirectories(
        _ descriptor: Int32, _ path: String, end: Int
    ) throws(PageError) -> ([Directory], [UInt64]) {
        func damaged() -> PageError { PageError(code: .damaged, message: "the directory of \(path) is damaged") }
        var directories: [Directory] = []
        var lists: [[UInt64]] = []
        guard end >= PageFormat.footerSize else { return ([], []) }
        let footer = try read(PageFormat.footerSize, at: end - PageFormat.footerSize, descriptor, path)
        guard footer.read64(16) == PageFormat.footerMagic else { throw damaged() }
        var next = footer.read64(0)
        var limit = end
        while next != PageFormat.noOffset {
            guard next < UInt64(limit) else { throw damaged() }
            let offset = Int(next)
            let header = try read(PageFormat.directoryHeaderSize, at: offset, descriptor, path)
            let (count, bits, first) = (header.read32(4), header.read32(8), header.read32(12))
            guard header.read32(0) == Int(PageFormat.directoryMagic), count > 0, bits > 0, bits & (bits - 1) == 0,
                offset + PageFormat.directoryHeaderSize + count * 8 + bits * ((count + 7) / 8) <= limit
            else { throw damaged() }
            let list = try read(count * 8, at: offset + PageFormat.directoryHeaderSize, descriptor, path)
            lists.append((0..<count).map { list.read64($0 * 8) })
            directories.append(Directory(offset: offset, pages: first..<first + count, bits: bits))
            next = header.read64(16)
            limit = offset
        }
        directories.reverse()
        var pages = 0
        for directory in directories {
            guard directory.pages.lowerBound == pages else { throw damaged() }
            pages = directory.pages.upperBound
        }
        return (directories, lists.reversed().flatMap(\.self))
    }

    /// Whether the directories are what was written; a search trusts them without looking.
    func areDirectoriesWhole() throws(PageError) -> Bool {
        // Without any a search looks at every page.
        for directory in directories {
            let bytes = try Self.read(
                directory.rows - directory.offset + directory.bits * directory.rowBytes, at: directory.offset, descriptor, path)
            let footer = try Self.read(PageFormat.footerSize, at: directory.offset + bytes.count, descriptor, path)
            if footer.read64(8) != PageFormat.checksum(bytes) { return false }
        }
        return true
    }

    // MARK: Search

    /// Pages that may have a needle, as one bit each. All of them when the needle is too short to tell.
    func candidates(_ needle: Needle) throws(PageError) -> [UInt64] {
        let known = directories.last?.pages.upperBound ?? 0
        var result = [UInt64](repeating: known == pageCount ? 0 : .max, count: (pageCount + 63) / 64)
        let bits = PageSignature.bits(of: needle.text)
        for directory in directories {
            var row = [UInt8](repeating: 0xFF, count: directory.rowBytes)
            for bit in Set(bits.map { $0 & (directory.bits - 1) }) {
                let other = try Self.read(directory.rowBytes, at: directory.rows + bit * directory.rowBytes, descriptor, path)
                var any: UInt8 = 0
                for index in row.indices {
                    row[index] &= other[index]
                    any |= row[index]
                }
                if any == 0 { break }
            }
            for page in directory.pages
            where row[(page - directory.pages.lowerBound) >> 3] >> UInt8((page - directory.pages.lowerBound) & 7) & 1 == 1 {
                result[page >> 6] |= 1 << UInt64(page & 63)
            }
        }
        return result
    }

    // MARK: Pages

    deinit { close(descriptor) }

    /// Reads and unpacks a page by its number.
    func page(_ number: Int) throws(PageError) -> Page {
        guard number < offsets.count, let offset = Int(exactly: offsets[number]) else {
            throw PageError(code: .damaged, message: "\(path) has \(offsets.count) pages and no page \(number)")
        }
        return try Page(raw: try raw(at: offset))
    }

    /// What the header of a page says.
    private struct Header {
        /// Bytes of the frame.
        var compressed: Int
        var raw: Int
        /// The offset of the page that is its dictionary.
        var dictionary: Int?
    }

    private func header(at offset: Int) throws(PageError) -> Header {
        let header = try Self.read(PageFormat.headerSize, at: offset, descriptor, path)
        let (compressed, raw, dictionary) = (header.read32(4), header.read32(8), header.read64(12))
        guard header.read32(0) == Int(PageFormat.magic), raw <= PageFormat.maximumRawBytes, compressed <= PageFormat.maximumRawBytes,
            dictionary == PageFormat.noDictionary || dictionary < UInt64(offset)
        else { throw damaged(offset) }
        return Header(compressed: compressed, raw: raw, dictionary: dictionary == PageFormat.noDictionary ? nil : Int(dictionary))
    }

    /// The raw bytes of the page at an offset.
    ///
    /// - Parameter depth: dictionaries that wait for this one.
    func raw(at offset: Int, depth: Int = 0) throws(PageError) -> [UInt8] {
        let header = try header(at: offset)
        guard depth <= PageFormat.maximumDictionaries else { throw damaged(offset) }
        var prepared: UnpackingDictionary?
        if let dictionary = header.dictionary { prepared = try self.dictionary(at: dictionary, depth: depth + 1) }
        let frame = try Self.read(header.compressed, at: offset + PageFormat.headerSize, descriptor, path)
        guard let bytes = unpacker.unpack(frame[...], header.raw, prepared) else { throw damaged(offset) }
        return bytes
    }

    private func dictionary(at offset: Int, depth: Int) throws(PageError) -> UnpackingDictionary {
        if let known = dictionaries.withLock({ $0[offset] }) { return known }
        let dictionary = UnpackingDictionary(raw: try raw(at: offset, depth: depth))
        dictionaries.withLock { $0[offset] = dictionary }
        return dictionary
    }

    /// The offset of the page that the next page would be packed with, had the file been written in one go; nil for none.
    func lastDictionary() throws(PageError) -> Int? {
        for page in offsets.reversed() {
            guard let offset = Int(exactly: page) else { continue }
            do throws(PageError) {
                let header = try header(at: offset)
                let count = try header.dictionary.map { dictionary throws(PageError) in try self.header(at: dictionary).raw }
                return PackingDictionary.replaces(raw: header.raw, dictionary: count ?? 0) ? offset : header.dictionary
            } catch {
                // One damaged page says nothing about the others: the page before it knows as well.
                if error.code != .damaged { throw error }
            }
        }
        return nil
    }

    private func damaged(_ offset: Int) -> PageError {
        PageError(code: .damaged, message: "the messages at byte \(offset) of \(path) are damaged")
    }

    private static func read(
        _ count: Int, at offset: Int, _ descriptor: Int32, _ path: String
    ) throws(PageError) -> [UInt8] {
        var done = 0
        var failure: String?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            while done < count {
                let got = pread(descriptor, target.baseAddress.unsafelyUnwrapped + done, count - done, off_t(offset + done))
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    failure = got < 0 ? systemMessage() : nil
                    break
                }
                done += got
            }
            filled = done
        }
        if let failure { throw PageError(code: .io, message: "cannot read \(path): \(failure)") }
        guard done == count else {
            throw PageError(code: .damaged, message: "\(path) ends at byte \(offset + done), before what it should hold")
        }
        return bytes
    }
}
