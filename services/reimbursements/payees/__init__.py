"""Whom money is paid to: accounts, checks, sanctions lists."""
