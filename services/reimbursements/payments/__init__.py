"""Payments, batches and the file that orders them."""
