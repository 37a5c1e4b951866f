"""Applying under a call with a form of its own: drafts by sections, pages, eligibility, what a case is frozen with."""
