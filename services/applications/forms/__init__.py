"""Forms as data: one definition drives the page, the check of what machines send, and the print."""
