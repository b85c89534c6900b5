// HearthServer: see Docs/architecture.md.
