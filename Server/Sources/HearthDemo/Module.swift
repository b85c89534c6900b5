// HearthDemo: see Docs/architecture.md.
