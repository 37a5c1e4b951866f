"""Alembic's environment for every service: it migrates through the connection that services/chassis/migrate.py opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
