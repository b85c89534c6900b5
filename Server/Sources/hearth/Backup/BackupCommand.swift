import ArgumentParser
import Foundation
import NIOHTTP1
import Synchronization

/// `hearth backup`: everything a running server keeps.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy everything that a running server keeps.",
        discussion: """
            The server goes on receiving and answering; the copy has everything that was acknowledged before it began. Into a folder, or into an \
            archive when the name ends with .tar. It holds accounts and hashes of tokens: keep it as safe as the server's data folder. Off \
            loopback it needs an API key with the role owner.
            """
    )

    @Option(help: ArgumentHelp("Folder to make, or file.tar.", valueName: "folder or file.tar"))
    var to: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let isArchive = to.hasSuffix(".tar")
        do {
            if FileManager.default.fileExists(atPath: to) {
                throw AnswerSink.Failure(description: "\(to) exists already; name another one")
            }
            try await server.run { client in
                let target = try BackupTarget(to, isArchive: isArchive)
                let progress = TransferProgress(isQuiet: server.json)
                do {
                    try await client.stream(.GET, "/api/v1/backup") { part in
                        target.write(part)
                        progress.show("\(target.bytes >> 20) MiB")
                    }
                    progress.end()
                    try target.finish()
                } catch {
                    progress.end()
                    target.discard()
                    throw error
                }
                if server.json {
                    Terminal.say("{\"path\":\(AnswerJSON.string(to).text),\"bytes\":\(target.bytes)}")
                } else {
                    Terminal.say("\(to): \(target.bytes) bytes. hearth restore \(to) --data FOLDER brings it back.")
                }
            }
        } catch let error as AnswerSink.Failure {
            Terminal.warn(error.description)
            throw ExitCode(74)
        }
    }
}

/// Takes the parts of an archive from the connection's event loop.
private final class BackupTarget: @unchecked Sendable {
    private let path: String
    private let sink: AnswerSink?
    private let folder: BackupFolder?
    private let work: String
    private let state = Mutex<(bytes: Int, error: (any Error)?)>((0, nil))

    init(_ path: String, isArchive: Bool) throws {
        self.path = path
        sink = isArchive ? try AnswerSink(path: path) : nil
        // An archive is only passed on; a folder gets its name when it is complete.
        work = path + ".partial"
        folder = isArchive ? nil : try BackupFolder(work)
    }

    var bytes: Int { state.withLock { $0.bytes } }

    func write(_ part: [UInt8]) {
        guard
            state.withLock({ state in
                state.bytes += part.count
                return state.error == nil
            })
        else { return }
        do { if let sink { try sink.write(part) } else { try folder?.write(part) } } catch { state.withLock { $0.error = error } }
    }

    func finish() throws {
        if let error = state.withLock({ $0.error }) {
            throw AnswerSink.Failure(description: "\(error)")
        }
        do {
            if let sink {
                try sink.finish()
            } else {
                try folder?.finish()
                try FileManager.default.moveItem(atPath: work, toPath: path)
            }
        } catch {
            throw AnswerSink.Failure(description: "\(error)")
        }
    }

    func discard() {
        sink?.discard()
        if sink == nil { try? FileManager.default.removeItem(atPath: work) }
    }
}
