// OTLPWire: see Docs/architecture.md.
