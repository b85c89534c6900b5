// HTTPAPI: see Docs/architecture.md.
