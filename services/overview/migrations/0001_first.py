"""First tables of overview."""

from alembic import op

from services.chassis.migrate import create, create_chassis, drop, drop_chassis, table_of
from services.overview.models import Case, Line, Name, Subject

revision = "0001"
down_revision = None

TABLES = tuple(table_of(model) for model in (Line, Subject, Case, Name))


def upgrade() -> None:
    create_chassis(op)
    create(op, *TABLES)


def downgrade() -> None:
    drop(op, *TABLES)
    drop_chassis(op)
