#if Macros
    import SwiftCompilerPlugin
    import SwiftSyntaxMacros

    @main
    struct Plugin: CompilerPlugin {
        let providingMacros: [any Macro.Type] = [InstrumentMacro.self]
    }
#else
    /// Stands in for the plug-in while the trait is off: the target is a program and needs a beginning.
    @main
    enum Plugin {
        static func main() {}
    }
#endif
