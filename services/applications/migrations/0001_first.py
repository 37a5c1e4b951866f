"""First tables of applications."""

from alembic import op

from services.applications.agreements.models import SignatoryLink
from services.applications.amendments.models import Amendment
from services.applications.break_glass.models import BreakGlass
from services.applications.calls.models import Call, CallRevision, Form
from services.applications.conversations.models import Conversation, Message, ReadUpTo, StrayMail
from services.applications.drafts import numbers
from services.applications.groups.models import GroupVisit
from services.applications.intake_models import CallCounter, CutOff, KnownAllocation
from services.applications.models import (
    Agreement,
    Application,
    Decision,
    DraftSection,
    Proposal,
    Report,
    Visit,
    Voucher,
)
from services.applications.projections import (
    KnownBudget,
    KnownOrganisation,
    KnownParticipation,
    KnownPartnership,
    KnownRates,
)
from services.applications.review.models import Assessment, Interest, Stage, Submission
from services.chassis.identity.people import known_people
from services.chassis.migrate import create, create_chassis, drop, drop_chassis, table_of

revision = "0001"
down_revision = None

TABLES = (
    known_people,
    *(
        table_of(model)
        for model in (
            Form,
            Call,
            CallRevision,
            DraftSection,
            Proposal,
            GroupVisit,
            Application,
            Stage,
            Assessment,
            Interest,
            Submission,
            Decision,
            Agreement,
            SignatoryLink,
            Amendment,
            BreakGlass,
            Visit,
            Voucher,
            Report,
            KnownOrganisation,
            KnownPartnership,
            KnownParticipation,
            KnownBudget,
            KnownRates,
            KnownAllocation,
            CallCounter,
            CutOff,
            Conversation,
            Message,
            ReadUpTo,
            StrayMail,
        )
    ),
)


def upgrade() -> None:
    create_chassis(op)
    numbers.create(op.get_bind())
    create(op, *TABLES)


def downgrade() -> None:
    drop(op, *TABLES)
    numbers.drop(op.get_bind())
    drop_chassis(op)
