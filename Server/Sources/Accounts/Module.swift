// Accounts: see Docs/architecture.md.
