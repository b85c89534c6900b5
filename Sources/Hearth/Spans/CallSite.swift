import HearthExport
import OTLPWire
import Synchronization

/// What all spans made at one place of the program have in common, worked out once: text of the source, scope, and how these are encoded.
///
/// Sites that come again are kept for ever in a table without locks; texts made anew each time get a site of their own that lives as long as
/// its span.
final class CallSite: Sendable {
    /// Name of the span and template of its message.
    let template: String
    let file: String
    let function: String
    let line: UInt32
    let style: HearthSpan.Style
    let scope: InstrumentationScope
    /// Whether the site lies in the table and lives for ever.
    let isShared: Bool
    /// Only of shared sites.
    let encoding: CallSiteEncoding?

    init(
        template: String,
        file: String,
        function: String,
        line: UInt32,
        style: HearthSpan.Style,
        scope: InstrumentationScope,
        isShared: Bool
    ) {
        self.template = template
        self.file = file
        self.function = function
        self.line = line
        self.style = style
        self.scope = scope
        self.isShared = isShared
        encoding =
            isShared
            ? CallSiteEncoding(template: template, file: file, function: function, line: line, style: style) : nil
    }

    @inline(__always)
    fileprivate func fits(
        _ template: String,
        _ source: borrowing SourceLocation,
        _ style: HearthSpan.Style,
        _ scope: InstrumentationScope
    ) -> Bool {
        // Equal literals have equal addresses, so that no text is compared.
        line == UInt32(truncatingIfNeeded: source.line) && self.style == style && self.scope === scope && self.template == template
            && file == source.file && function == source.function
    }
}

/// The table of call sites: read without locks, written once per place of the program.
enum CallSites {
    /// A power of two.
    private static let slotCount = 4096
    /// Places looked at for one site; when all are taken the site is not kept.
    private static let probes = 4

    private struct Table: @unchecked Sendable {
        /// Addresses of sites; zero is free.
        let sites: UnsafeMutablePointer<Atomic<UInt>>
        /// What was seen last at a place without a site: one that comes a second time is kept.
        let seen: UnsafeMutablePointer<Atomic<UInt>>

        init() {
            sites = .allocate(capacity: slotCount)
            seen = .allocate(capacity: slotCount)
            for slot in 0..<slotCount {
                (sites + slot).initialize(to: Atomic(0))
                (seen + slot).initialize(to: Atomic(0))
            }
        }
    }

    private static let table = Table()

    /// The site of a place, retained for the caller only when it is not shared.
    @inline(__always)
    static func site(
        _ template: String,
        _ source: borrowing SourceLocation,
        _ style: HearthSpan.Style,
        _ scope: InstrumentationScope
    ) -> Unmanaged<CallSite> {
        let hash = hash(template, source.line, scope)
        let sites = table.sites
        for probe in 0..<UInt(probes) {
            let bits = sites[Int(truncatingIfNeeded: hash &+ probe) & (slotCount - 1)].load(ordering: .acquiring)
            guard let pointer = UnsafeRawPointer(bitPattern: bits) else { break }
            let site = Unmanaged<CallSite>.fromOpaque(pointer)
            if site._withUnsafeGuaranteedRef({ $0.fits(template, source, style, scope) }) { return site }
        }
        return made(template, source, style, scope, hash)
    }

    @inline(never)
    private static func made(
        _ template: String,
        _ source: borrowing SourceLocation,
        _ style: HearthSpan.Style,
        _ scope: InstrumentationScope,
        _ hash: UInt
    ) -> Unmanaged<CallSite> {
        let line = UInt32(truncatingIfNeeded: source.line)
        if mayBeShared(template, hash) {
            let site = CallSite(
                template: template,
                file: source.file,
                function: source.function,
                line: line,
                style: style,
                scope: scope,
                isShared: true
            )
            let shared = Unmanaged.passRetained(site)
            let bits = UInt(bitPattern: shared.toOpaque())
            for probe in 0..<UInt(probes) {
                let slot = Int(truncatingIfNeeded: hash &+ probe) & (slotCount - 1)
                if table.sites[slot].compareExchange(expected: 0, desired: bits, ordering: .acquiringAndReleasing).exchanged {
                    return shared
                }
            }
            shared.release()
        }
        return Unmanaged.passRetained(
            CallSite(
                template: template,
                file: source.file,
                function: source.function,
                line: line,
                style: style,
                scope: scope,
                isShared: false
            )
        )
    }

    /// Whether a text came to the same place before. Texts that are made anew each time would fill the table.
    private static func mayBeShared(_ template: String, _ hash: UInt) -> Bool {
        let seen = table.seen + Int(truncatingIfNeeded: hash) & (slotCount - 1)
        if isConstant(template) { return seen.pointee.exchange(hash, ordering: .relaxed) == hash }
        // What is made at run time comes to lie where others lay before, so that its address says nothing.
        guard template.utf8.count <= maximumRuntimeTextLength else { return false }
        var hasher = Hasher()
        hasher.combine(hash)
        hasher.combine(template)
        let content = UInt(bitPattern: hasher.finalize()) | 1
        return seen.pointee.exchange(content, ordering: .relaxed) == content
            && runtimeTexts.wrappingAdd(1, ordering: .relaxed).newValue <= slotCount / 4
    }

    /// Longer texts made at run time are never kept.
    private static let maximumRuntimeTextLength = 256
    /// Texts made at run time that were kept; a quarter of the table is theirs at most.
    private static let runtimeTexts = Atomic(0)

    /// Whether a text is a literal, or so short that it is its own address. Nothing depends on it but speed and the use of the table.
    private static func isConstant(_ text: String) -> Bool {
        MemoryLayout<String>.size == 16 && unsafeBitCast(text, to: (UInt64, UInt64).self).1 >> 63 == 1
    }

    /// Equal for equal literals; different for most others. Nothing depends on it but speed.
    @inline(__always)
    private static func hash(_ template: String, _ line: Int, _ scope: InstrumentationScope) -> UInt {
        var value = UInt64(truncatingIfNeeded: line) &* 0x9e37_79b9_7f4a_7c15
        if MemoryLayout<String>.size == 16 {
            let parts = unsafeBitCast(template, to: (UInt64, UInt64).self)
            value ^= parts.0 &* 0xbf58_476d_1ce4_e5b9 ^ parts.1
        } else {
            value ^= UInt64(truncatingIfNeeded: template.utf8.count)
        }
        value ^= UInt64(truncatingIfNeeded: UInt(bitPattern: Unmanaged.passUnretained(scope).toOpaque())) >> 4
        value = (value ^ value >> 29) &* 0x94d0_49bb_1331_11eb
        return UInt(truncatingIfNeeded: value ^ value >> 32) | 1
    }
}
