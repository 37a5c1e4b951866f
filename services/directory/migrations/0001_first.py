"""First tables of directory. Here the roles and revoked sign-ins that the chassis reads are no projection but
views of the tables that say so first, and so never late.
"""

from alembic import op

from services.chassis.identity.grants import grants, revoked_sign_ins
from services.chassis.identity.mandates import known_mandates
from services.chassis.migrate import create, create_chassis, drop, drop_chassis, table_of
from services.directory.consortium.models import Activity, Deliverable, Version, WorkPackage
from services.directory.excellence.models import IndicatorSet, SelfAssessment
from services.directory.label_models import Recognition
from services.directory.models import (
    Import,
    Mandate,
    Membership,
    Organisation,
    OrganisationCase,
    Participation,
    Partnership,
    Person,
    RoleGrant,
    SignIn,
    SignInCount,
    SignInLink,
)
from services.directory.portfolio.models import MemberService
from services.directory.sign_in_models import (
    Challenge,
    FactorReset,
    Passkey,
    Password,
    ProviderIdentity,
    ProviderVisit,
    RecoveryCode,
    Waiting,
)

revision = "0001"
down_revision = None

TABLES = tuple(
    table_of(model)
    for model in (
        Person, Organisation, Membership, Mandate, Partnership, Participation, RoleGrant, SignIn, SignInLink,
        SignInCount, OrganisationCase, Import, Recognition, WorkPackage, Deliverable, Version, Activity,
        IndicatorSet, SelfAssessment, MemberService,
        Password, Passkey, RecoveryCode, Waiting, Challenge, ProviderVisit, ProviderIdentity, FactorReset,
    )
)  # fmt: skip
VIEWS = {
    "grants": "SELECT id AS source, person, role, scope, NULL::date AS first_day, NULL::date AS last_day"
    " FROM role_grants WHERE state = 'granted'"
    " UNION ALL SELECT id, person, unnest(CASE role WHEN 'owner' THEN ARRAY['owner', 'member', 'signs']"
    " WHEN 'signatory' THEN ARRAY['signatory', 'member', 'signs'] WHEN 'editor' THEN ARRAY['member']"
    " ELSE ARRAY[role] END), organisation, NULL, NULL FROM memberships WHERE state = 'active'",
    "known_mandates": "SELECT id, principal, agent, kind, scope, first_day, last_day FROM mandates"
    " WHERE state = 'granted'",
    "revoked_sign_ins": "SELECT id AS sign_in FROM sign_ins WHERE state = 'revoked'",
}


def upgrade() -> None:
    create_chassis(op)
    create(op, *TABLES)
    drop(op, grants, known_mandates, revoked_sign_ins)
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")


def downgrade() -> None:
    for name in VIEWS:
        op.execute(f"DROP VIEW {name}")
    create(op, grants, known_mandates, revoked_sign_ins)
    drop(op, *TABLES)
    drop_chassis(op)
