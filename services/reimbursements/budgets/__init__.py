"""Budget lines, plans, transfers, reservations, and what one recipient may get."""
