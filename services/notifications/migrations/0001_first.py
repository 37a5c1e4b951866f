"""First tables of notifications."""

from alembic import op

from services.chassis.identity.people import known_people
from services.chassis.migrate import create, create_chassis, drop, drop_chassis, table_of
from services.notifications.models import Delivery, Known, Told

revision = "0001"
down_revision = None

TABLES = (known_people, *(table_of(model) for model in (Known, Told, Delivery)))


def upgrade() -> None:
    create_chassis(op)
    create(op, *TABLES)


def downgrade() -> None:
    drop(op, *TABLES)
    drop_chassis(op)
