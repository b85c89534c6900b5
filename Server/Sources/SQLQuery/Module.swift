// SQLQuery: see Docs/architecture.md.
