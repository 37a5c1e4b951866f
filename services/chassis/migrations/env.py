"""Alembic's environment for every service: services/chassis/migrate.py opens the connection, or wants to read
what would be done.
"""

from alembic import context

told = context.config.attributes
if context.is_offline_mode():
    context.configure(dialect_name="postgresql+psycopg", output_buffer=told["script"])
else:
    context.configure(connection=told["connection"])
with context.begin_transaction():
    context.run_migrations()
