"""Storage: subscriptions and the ledger in SQL, one schema and one set of statements for every store."""
