// OTLPIngest: see Docs/architecture.md.
