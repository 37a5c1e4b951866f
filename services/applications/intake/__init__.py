"""In which order money is given: the counter of first come, first served, and the ranking of cut-offs."""
