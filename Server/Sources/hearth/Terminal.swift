import Foundation

/// Output for people: answers on standard output at once, problems on standard error.
enum Terminal {
    static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func warn(_ text: String) {
        FileHandle.standardError.write(Data(("hearth: " + text + "\n").utf8))
    }
}

/// Where the running program lies, with links resolved.
enum ProgramFolder {
    static var path: String {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent().path
    }
}
