"""The tables that every service has, and one for the effects of what a test's reader hears."""

import sqlalchemy as sa
from alembic import op

from services.chassis.migrate import create_chassis, drop_chassis

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_chassis(op)
    op.create_table(
        "heard",
        sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("fact", sa.Uuid, nullable=False),
        sa.Column("subject", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("heard")
    drop_chassis(op)
