"""Vouchers: what a call for them starts from, and one click that makes it."""
