import Foundation
import Testing

@testable import Accounts

@Suite("Secrets and passwords")
struct SecretTests {
    @Test("Tokens follow the grammar that clients check, with more than 190 random bits, and are never stored")
    func tokens() async throws {
        let fixture = try await AccountsFixture()
        defer { fixture.remove() }
        let issued = try await fixture.issue(.of(fixture.local, .write, description: nil, expiresAt: nil, createdByName: nil))
        let secret = issued.secret
        #expect(secret.wholeMatch(of: /pylf_v1_local_[a-zA-Z0-9]{40}/) != nil)
        #expect(issued.token.safePart == secret.prefix(19) + "****")
        #expect(Set((0..<200).map { _ in SecretText.token() }).count == 200)
        for file in try FileManager.default.contentsOfDirectory(at: fixture.folder, includingPropertiesForKeys: nil) {
            #expect(try Data(contentsOf: file).range(of: Data(secret.suffix(30).utf8)) == nil, "\(file.lastPathComponent)")
        }
        let mode = try FileManager.default.attributesOfItem(atPath: fixture.store.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("A password hash is scrypt with its own salt and matches only its password")
    func passwords() throws {
        let first = try AccountsFixture.cheapPassword()
        let second = try AccountsFixture.cheapPassword()
        #expect(first.text.hasPrefix("scrypt$2$1$1$"))
        #expect(first.text != second.text)
        let stored = try #require(PasswordHash(text: first.text))
        #expect(try stored.matches("correct horse"))
        #expect(try !stored.matches("correct horsf"))
        for broken in [
            "", "scrypt$2$1$1$AAAA", "scrypt$3$1$1$AAAA$AAAA", "md5$2$1$1$AAAA$AAAA", "scrypt$1073741824$8$1$AAAA$" + first.text.suffix(44),
        ] {
            #expect(PasswordHash(text: broken) == nil)
        }
        #expect(PasswordHash.Cost.standard.rounds * PasswordHash.Cost.standard.blockSize * 128 == 32 << 20)
    }

    @Test("RFC 7914 §12: scrypt('pleaseletmein', 'SodiumChloride', 16384, 8, 1)")
    func vector() throws {
        let salt = Data("SodiumChloride".utf8).base64EncodedString()
        let key = Data(hex: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2").base64EncodedString()
        let stored = try #require(PasswordHash(text: "scrypt$16384$8$1$\(salt)$\(key)"))
        #expect(try stored.matches("pleaseletmein"))
        #expect(try !stored.matches("pleaseletmeout"))
    }

    @Test("Checking an unknown account costs what checking a known one does")
    func decoy() async throws {
        let hasher = PasswordHasher(cost: .init(rounds: 1 << 14, blockSize: 8, parallelism: 1))
        let hash = try await hasher.hash("long enough")
        let user = User(id: "1", email: "a@b", name: "a", password: hash.text, createdAt: Date())
        // This thread's own time: other tests make a clock on the wall say anything.
        func cost(_ user: User?) throws -> Int {
            let compared = try #require(hasher.compared(for: user))
            #expect(compared.isStored == (user != nil))
            let start = clock()
            #expect(try !compared.hash.matches("something else"))
            return clock() - start
        }
        func clock() -> Int {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return time.tv_sec * 1_000_000_000 + time.tv_nsec
        }
        let (known, unknown) = (try cost(user), try cost(nil))
        #expect(unknown > known / 4 && known > unknown / 4)
        let isKnown = try await hasher.isPassword("something else", of: user)
        let isUnknown = try await hasher.isPassword("something else", of: nil)
        #expect(!isKnown && !isUnknown)
        #expect(try await hasher.isPassword("long enough", of: user))
        await #expect(throws: PasswordError.self) { try await hasher.hash("short") }
    }

    @Test("Attempts are limited per account and per address; a success starts the account anew")
    func limiter() {
        let limiter = LoginLimiter()
        let now = Date()
        for _ in 0..<LoginLimiter.accountLimit { #expect(limiter.begin(account: "A@b", address: "1", at: now) == nil) }
        #expect(limiter.begin(account: "a@b", address: "2", at: now) == 900)
        #expect(limiter.begin(account: "other", address: "1", at: now) == nil)
        #expect(limiter.begin(account: "a@b", address: "2", at: now.addingTimeInterval(901)) == nil)
        limiter.succeeded(account: "a@b", address: "2")
        for index in 0..<LoginLimiter.addressLimit { #expect(limiter.begin(account: "u\(index)", address: "9", at: now) == nil) }
        #expect(limiter.begin(account: "fresh", address: "9", at: now) != nil)
    }

    @Test("A device code is handed over once, ends after ten minutes, and is decided once")
    func devices() throws {
        let devices = DeviceAuthorizations()
        let now = Date()
        let begun = try #require(devices.begin(machineName: "lap\ntop", address: "10.0.0.1", at: now))
        #expect(begun.machineName == "laptop")
        #expect(devices.poll(deviceCode: begun.deviceCode, at: now)?.status == .pending)
        #expect(devices.decide(userCode: begun.userCode, approve: true, userID: "u", at: now) == true)
        #expect(devices.decide(userCode: begun.userCode, approve: false, userID: "u", at: now) == false)
        #expect(devices.poll(deviceCode: begun.deviceCode, at: now)?.status == .approved)
        #expect(devices.poll(deviceCode: begun.deviceCode, at: now) == nil, "handed over once")
        let late = try #require(devices.begin(machineName: "x", address: "10.0.0.1", at: now))
        #expect(devices.find(userCode: late.userCode, at: now.addingTimeInterval(601)) == nil)
        #expect(devices.decide(userCode: late.userCode, approve: true, userID: nil, at: now.addingTimeInterval(601)) == nil)
        #expect(devices.poll(deviceCode: late.deviceCode, at: now.addingTimeInterval(601)) == nil)
        var accepted = 0
        while devices.begin(machineName: "flood", address: "10.0.0.2", at: now) != nil { accepted += 1 }
        #expect(accepted == DeviceAuthorizations.limitPerAddress)
    }
}

extension Data {
    init(hex: String) {
        let digits = Array(hex)
        self.init(stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) })
    }
}
