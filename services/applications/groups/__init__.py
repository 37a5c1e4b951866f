"""Group visits and delegations: planned by an organiser, accepted once by the host, joined with own applications."""
