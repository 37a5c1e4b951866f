"""The double-entry ledger: its tables, what each act posts, and the proof that it holds."""
