// DuckDBKit: see Docs/architecture.md.
