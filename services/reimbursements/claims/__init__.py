"""Claims with their lines and receipts, from opening to recovery."""
