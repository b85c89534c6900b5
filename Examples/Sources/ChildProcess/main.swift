// A program that runs itself as a child: both are one trace, because the child finds the place in its environment.
import Hearth
import HearthSubprocess
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif
#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

try Hearth.configure()
let arguments = CommandLine.arguments

if arguments.count > 1, arguments[1] == "child" {
    let place = Hearth.remoteContext { name in getenv(name.uppercased()).map { String(cString: $0) } }
    place.attach {
        Hearth.span("work of the child") { _ in Hearth.info("computing {part}", ["part": arguments[2]]) }
    }
} else {
    try await Hearth.span("share out work") { _ in
        for part in ["first", "second"] {
            let child = Configuration(executable: .path("/proc/self/exe"), arguments: ["child", part])
            let result = try await Hearth.runProcess(child, output: .discarded, recordsArguments: true)
            print(part, result.terminationStatus)
        }
        let failed = try await Hearth.runProcess(
            Configuration(executable: .name("sh"), arguments: ["-c", "echo trouble >&2; exit 3"]), output: .discarded,
            error: .string(limit: 1024))
        print(failed.terminationStatus, failed.standardError)
    }
}
