import DuckDBKit
import Logging
import MessagePages
import Synchronization
import TelemetryModel

/// Knows the files of telemetry, attaches those that are needed and lets go of those that are not.
///
/// Hot files are attached as long as they exist. Segments are attached when the first query needs them; when too many are, those used longest
/// ago are detached. A file that has been replaced goes away once nobody who was given it has yet to start reading: a running
/// statement keeps what it reads by itself.
final class FileRegistry: Sendable {
    private struct Attachment {
        var leases = 0
        var lastUse: UInt64 = 0
        /// Of a file that has been replaced: its paths, to be deleted.
        var replaced: [String]?
    }

    private struct State: ~Copyable {
        var connection: Connection?
        /// Which opening of the engine the attachments belong to.
        var opening: UInt64 = 0
        var set = FileSet()
        var attached: [String: Attachment] = [:]
        var unreadable: [SegmentKey: String] = [:]
        /// Segments that were unreadable and have been replaced since the engine was opened.
        var givenUp: [(SegmentKey, String)] = []
        /// What was said of page files that were set aside since the engine was opened.
        var lostMessages: [String] = []
        var clock: UInt64 = 0
        /// The newest revisions of segments that were given up or written anew.
        var replacedRevisions: [SegmentKey: Int32] = [:]
        /// Backups that are being made.
        var holds = 0
        /// By the names of attached segments.
        var changes: [String: Int] = [:]
        /// Hot files that are gone and whose message bodies are still held, for statements that run without a lease.
        var gone: [String] = []
    }

    let folder: TelemetryFolder
    let layout: SegmentLayout
    let pages: PageStore
    let names = InternedNames()
    let times = TimeSketches()
    let hotTraces = HotTraces()
    let logger: Logger
    private let state = Mutex(State())
    private let key = Mutex<IdentityKey?>(nil)

    private static let goneLimit = 2

    /// Segments that stay attached without being used.
    private static let attachmentLimit = 64

    init(folder: TelemetryFolder, layout: SegmentLayout, pages: PageStore, logger: Logger) {
        self.folder = folder
        self.layout = layout
        self.pages = pages
        self.logger = logger
    }

    /// The files now.
    var current: FileSet { state.withLock { $0.set } }

    /// Segments that could not be attached, with the reason.
    var unreadable: [(key: SegmentKey, reason: String)] { state.withLock { $0.unreadable.map { ($0.key, $0.value) } + $0.givenUp } }

    /// The key of hashes in the folder; nil until it was read.
    var identityKey: IdentityKey? {
        get { key.withLock { $0 } }
        set { key.withLock { $0 = newValue } }
    }

    // MARK: Opening

    /// The engine was opened, with the hot files of `set` attached.
    func opened(_ connection: consuming Connection, _ set: FileSet) {
        var connection: Connection? = consume connection
        for segment in set.segments.values { addPages(segment) }
        hotTraces.reset([])
        state.withLock { state in
            state.connection = connection.take()
            state.opening += 1
            state.set = set
            state.attached = [:]
            state.unreadable = [:]
            state.changes = [:]
            for hot in set.hots { state.attached[FileSet.hotAlias(hot)] = Attachment() }
        }
    }

    /// The engine is about to be closed.
    func closing() { state.withLock { $0.connection = nil } }

    // MARK: Changes

    /// A hot file was created and attached; it is the one that is written from now on.
    func add(hot: Int64) {
        state.withLock { state in
            state.set.hots.append(hot)
            state.attached[FileSet.hotAlias(hot)] = Attachment()
        }
    }

    /// The rows of a hot file are in segments now.
    func sealed(_ hot: Int64, _ segments: [SegmentInfo], _ filter: SealedFilter?) {
        state.withLock { state in
            state.set.hots.removeAll { $0 == hot }
            state.set.oldHots.remove(hot)
            state.set.sealedHot = max(state.set.sealedHot, hot)
            for segment in segments {
                state.set.segments[segment.key] = segment
                addPages(segment)
            }
            if let filter { state.set.filters.append(filter) }
            replace(FileSet.hotAlias(hot), [folder.hotFile(hot), folder.hotLog(hot), folder.hotRecord(hot)], &state)
        }
        hotTraces.forget(hot)
    }

    /// Segments whose rows changed in place.
    func update(_ segments: [SegmentInfo]) {
        state.withLock { state in
            for segment in segments where state.set.segments[segment.key] != nil { state.set.segments[segment.key] = segment }
        }
    }

    /// Segments that were given up.
    ///
    /// - Parameter filters: those of hot files of which nothing is left.
    func remove(_ keys: [SegmentKey], filters: Set<Int64> = []) {
        state.withLock { state in
            state.set.filters.removeAll { filters.contains($0.hot) }
            for key in keys.compactMap({ state.set.segments.removeValue(forKey: $0)?.file }) {
                replace(key, &state)
            }
        }
    }

    /// A segment that was written anew takes the place of the one before, which goes away when nobody reads it any more.
    func replace(by segment: SegmentInfo) {
        state.withLock { state in
            guard let old = state.set.segments.updateValue(segment, forKey: segment.key), old.revision != segment.revision else { return }
            addPages(segment)
            replace(old.file, &state)
        }
    }

    /// What is to be known of a segment that is not there yet. Files of one that was given up may still be read, so the new ones have other names.
    func newSegment(_ key: SegmentKey) -> SegmentInfo {
        state.withLock { SegmentInfo(key: key, revision: ($0.replacedRevisions[key] ?? -1) + 1) }
    }

    /// The files for writing a segment anew.
    func nextFile(of segment: SegmentInfo) -> SegmentFile {
        state.withLock { state in
            let newest = max(segment.revision, state.replacedRevisions[segment.key] ?? 0)
            var file = SegmentFile(key: segment.key, revision: newest + 1)
            // Those of an attempt that failed may still be attached.
            while state.attached[file.alias] != nil || folder.paths(file).contains(where: folder.exists) { file.revision += 1 }
            return file
        }
    }

    /// From now on no segment goes or is written anew, until ``release()``. On the writer's thread, which is where that happens.
    func hold() { state.withLock { $0.holds += 1 } }

    func release() { state.withLock { $0.holds -= 1 } }

    var isHeld: Bool { state.withLock { $0.holds > 0 } }

    /// Rows of a segment were changed in place.
    func changed(_ alias: String) { state.withLock { $0.changes[alias, default: 0] += 1 } }

    /// How often rows of a segment were changed in place since the engine was opened.
    func changes(of file: SegmentFile) -> Int { state.withLock { $0.changes[file.alias] ?? 0 } }

    /// Detaches and deletes the files of a segment that was not finished.
    func discard(_ file: SegmentFile) { state.withLock { replace(file, &$0) } }

    private func addPages(_ segment: SegmentInfo) {
        let path = folder.pageFile(segment.file)
        pages.add(segment.file.alias, path: path, end: Int(segment.pageBytes))
        if folder.size(path) < segment.pageBytes {
            let what = folder.exists(path) ? "has \(folder.size(path)) of \(segment.pageBytes) bytes" : "is missing"
            _ = pages.note(PageError(code: .damaged, message: "\(path) \(what)"), segment.file.alias)
        }
    }

    // MARK: Messages that cannot be read

    /// Days some of whose messages cannot be read, in words.
    var unreadableMessages: [String] {
        let damages = pages.damages
        let lost = state.withLock { $0.lostMessages }
        return lost
            + current.segments.values.sorted { $0.key < $1.key }.compactMap { segment in
                damages[segment.file.alias].map { reason in
                    """
                    Some messages of \(segment.key.date) (project \(segment.key.project)) cannot be read and are shown as NULL; everything else of these records \
                    is there: \(reason).
                    """
                }
            }
    }

    /// The same for those who read these files, without paths.
    func unreadableMessages(in arms: FileArms) -> [String] {
        let damages = pages.damages
        if damages.isEmpty { return [] }
        let names = Set(arms.arms.map(\.alias)).intersection(damages.keys)
        return current.segments.values.filter { names.contains($0.file.alias) }.map(\.key).sorted().map {
            "some messages of \($0.date) cannot be read and are NULL; searches in messages do not find them"
        }
    }

    /// The page file of a segment cannot be written to: sets it aside, so that new messages of the day get a new one. The caller takes the references of
    /// stored rows away.
    func giveUpPages(_ file: SegmentFile, _ reason: String) throws(StorageError) {
        let path = folder.pageFile(file)
        let aside = folder.exists(path) ? try folder.setAside(path) : nil
        pages.remove(file.alias)
        let report = """
            The messages of \(file.key.date) (project \(file.key.project)) that were stored before are lost: \(reason).\
            \(aside.map { " The file was set aside as \($0)." } ?? "") Everything else of these records is there.
            """
        logger.critical("\(report)")
        state.withLock { $0.lostMessages.append(report) }
    }

    private func replace(_ file: SegmentFile, _ state: inout State) {
        state.replacedRevisions[file.key] = max(state.replacedRevisions[file.key] ?? 0, file.revision)
        replace(file.alias, folder.paths(file), &state)
    }

    private func replace(_ alias: String, _ paths: [String], _ state: inout State) {
        if state.attached[alias] == nil {
            // Never attached: nothing holds it.
            pages.remove(alias)
            for path in paths { folder.remove(path) }
            return
        }
        state.attached[alias]?.replaced = paths
        letGo(alias, &state)
    }

    // MARK: Leases

    /// The files with rows of a project in a window, attached until the lease ends.
    ///
    /// - Parameters:
    ///   - project: nil for all.
    ///   - wanted: only segments that may have it; nil for all.
    ///   - hots: whether hot files are among them.
    ///   - isOneTransaction: see ``FileArms/isOneTransaction``.
    ///   - hotParts: what is known of the records of hot files.
    /// - Throws: ``StorageError/Code/unavailable`` while the engine is closed.
    func lease(
        project: Int32?, window: TimeWindow = .all, wanted: WantedHashes? = nil, hots: Bool = true, isOneTransaction: Bool = false,
        hotParts: [Int64: StoredPart?] = [:]
    ) throws(StorageError) -> FileLease {
        let result = state.withLock { state -> Result<FileLease, StorageError> in
            guard state.connection != nil else {
                return .failure(StorageError(code: .unavailable, message: "the storage engine is being reopened"))
            }
            var arms: [FileArms.Arm] = []
            var (records, hotRecords): (Int64, Int64) = (0, 0)
            for hot in hots ? state.set.hots : [] {
                var arm = FileArms.Arm(alias: FileSet.hotAlias(hot), hasBodiesInRows: state.set.oldHots.contains(hot))
                if let known = hotParts[hot] { arm.hasSpans = known?.overlaps(window) ?? false }
                if arm.hasSpans, let wanted, wanted.areTraces { arm.hasSpans = hotTraces.mayHave(wanted.hashes, hot) }
                if arm.hasSpans, let known = hotParts[hot] { hotRecords += known?.rows ?? 0 }
                arms.append(arm)
            }
            do throws(StorageError) {
                for segment in state.set.segments(of: project, window, wanted: wanted) where try attach(segment.file, &state) {
                    var arm = FileArms.Arm(alias: segment.file.alias, sealedHot: state.set.sealedHot)
                    if let wanted, wanted.areTraces { arm.spanHots = state.set.hots(of: segment.key, wanted) }
                    arms.append(arm)
                    records += segment.records
                }
            } catch {
                detachUnused(&state, limit: 0)
                return .failure(error)
            }
            state.clock += 1
            for arm in arms {
                state.attached[arm.alias]?.leases += 1
                state.attached[arm.alias]?.lastUse = state.clock
            }
            detachUnused(&state)
            let files = FileArms(
                arms: arms, isOneTransaction: isOneTransaction, segmentRecords: records, hotRecords: hotRecords)
            return .success(FileLease(arms: files, registry: self, opening: state.opening))
        }
        return try result.get()
    }

    /// Gives up a segment that cannot be read, so that new rows of its day get a new one. Its files are set aside for `hearth doctor`.
    ///
    /// - Returns: whether it was; not when the reason may go away.
    func giveUp(_ key: SegmentKey) -> Bool {
        state.withLock { state in
            let file = state.set.segments[key]?.file ?? SegmentFile(key: key)
            guard let reason = state.unreadable[key], !Self.mayGoAway(reason), state.attached[file.alias] == nil else { return false }
            do throws(StorageError) {
                for path in folder.paths(file) where folder.exists(path) {
                    _ = try folder.setAside(path)
                }
            } catch {
                logger.error("\(error.message)")
                return false
            }
            pages.remove(file.alias)
            state.set.segments[key] = nil
            state.unreadable[key] = nil
            state.givenUp.append((key, reason + " Its files were set aside; new records of the day go to a new segment."))
            return true
        }
    }

    private static func mayGoAway(_ reason: String) -> Bool {
        reason.contains("Permission denied") || reason.contains("lock on file") || isShortage(reason)
    }

    /// Attaches one segment that is about to be written; it must not be in use by anybody else who writes.
    func leaseForWriting(_ file: SegmentFile) throws(StorageError) -> FileLease {
        let result = state.withLock { state -> Result<FileLease, StorageError> in
            guard state.connection != nil else {
                return .failure(StorageError(code: .unavailable, message: "the storage engine is being reopened"))
            }
            do throws(StorageError) {
                guard try attach(file, &state) else {
                    return .failure(
                        StorageError(code: .unavailable, message: state.unreadable[file.key] ?? "the segment cannot be attached"))
                }
            } catch {
                detachUnused(&state, limit: 0)
                return .failure(error)
            }
            state.clock += 1
            state.attached[file.alias]?.leases += 1
            state.attached[file.alias]?.lastUse = state.clock
            let arm = FileArms.Arm(alias: file.alias, sealedHot: state.set.sealedHot)
            return .success(FileLease(arms: FileArms(arms: [arm]), registry: self, opening: state.opening))
        }
        return try result.get()
    }

    func end(_ arms: FileArms, _ opening: UInt64) {
        state.withLock { state in
            guard state.opening == opening else { return }
            for arm in arms.arms {
                state.attached[arm.alias]?.leases -= 1
                if state.attached[arm.alias]?.replaced != nil { letGo(arm.alias, &state) }
            }
        }
    }

    // MARK: Attaching

    /// - Returns: whether the segment is attached now. One that cannot be is left out of every answer until the next start.
    /// - Throws: ``StorageError/Code/unavailable`` when only descriptors or memory were short.
    private func attach(_ file: SegmentFile, _ state: inout State) throws(StorageError) -> Bool {
        let key = file.key
        if state.attached[file.alias] != nil { return true }
        if state.unreadable[key] != nil { return false }
        let path = folder.segmentFile(file)
        do throws(DuckDBError) {
            // The engine would make a new database of it, without tables.
            if state.set.segments[key]?.file == file, folder.size(path) == 0 {
                throw DuckDBError(code: .io, message: folder.exists(path) ? "the file is empty" : "the file is missing")
            }
            try state.connection?.execute(
                layout.attach(path, as: file.alias, isNew: folder.size(path) == 0, hasLog: folder.exists(folder.segmentLog(file))))
            state.attached[file.alias] = Attachment()
            return true
        } catch {
            if Self.isShortage(error.message) {
                throw StorageError(code: .unavailable, message: "the segment \(path) cannot be opened now: \(error.message)")
            }
            // New files are nobody's loss.
            if let known = state.set.segments[key]?.file, known != file {
                throw StorageError(code: .unavailable, message: "the segment \(path) cannot be made: \(error.message)")
            }
            let records = state.set.segments[key].map { " Its \($0.records) records are missing from every answer." } ?? ""
            let reason = "The segment \(path) cannot be read: \(error.message).\(records) Run `hearth doctor`."
            state.unreadable[key] = reason
            logger.critical("\(reason)")
            return false
        }
    }

    private static func isShortage(_ message: String) -> Bool {
        message.contains("Too many open files") || message.contains("Cannot allocate memory") || message.contains("Out of Memory")
    }

    private func detachUnused(_ state: inout State, limit: Int = attachmentLimit) {
        let unused = state.attached.filter { $0.value.leases == 0 && $0.value.replaced == nil && !$0.key.hasPrefix("hot_") }
        guard state.attached.count > limit else { return }
        let surplus = state.attached.count - limit
        for (alias, _) in unused.sorted(by: { $0.value.lastUse < $1.value.lastUse }).prefix(surplus) { detach(alias, &state) }
    }

    /// Detaches and deletes a replaced file when nobody is about to read it.
    private func letGo(_ alias: String, _ state: inout State) {
        guard let attachment = state.attached[alias], attachment.leases == 0, let paths = attachment.replaced else { return }
        detach(alias, &state)
        state.changes[alias] = nil
        if alias.hasPrefix("hot_") {
            state.gone.append(alias)
            if state.gone.count > Self.goneLimit { pages.remove(state.gone.removeFirst()) }
        } else {
            pages.remove(alias)
        }
        for path in paths { folder.remove(path) }
    }

    private func detach(_ alias: String, _ state: inout State) {
        state.attached[alias] = nil
        do throws(DuckDBError) {
            try state.connection?.execute("DETACH \(alias)")
        } catch {
            logger.warning("\(alias) could not be detached: \(error.message)")
        }
    }
}
