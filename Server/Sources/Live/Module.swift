// Live: see Docs/architecture.md.
