"""Rate tables and exchange rates."""
