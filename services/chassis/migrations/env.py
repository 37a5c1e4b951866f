"""Alembic's environment for every service: the connection is opened by services/chassis/migrate.py."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
