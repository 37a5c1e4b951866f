"""What banks take and give, without a database: account numbers, payment files, statements, status reports, days."""
