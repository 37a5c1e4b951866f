"""Calls: drafted by one officer, published by another, corrected openly, closed by their dates."""
