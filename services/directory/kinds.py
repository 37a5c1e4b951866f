"""The aggregates of directory, and whose they are."""

from contracts.factor_reset import FACTOR_RESET
from contracts.mandate import MANDATE
from contracts.membership import MEMBERSHIP
from contracts.organisation import ORGANISATION
from contracts.participation import PARTICIPATION
from contracts.partnership import PARTNERSHIP
from contracts.person import PERSON
from contracts.profile_file import PROFILE_FILE
from contracts.recognition import RECOGNITION
from contracts.role_grant import ROLE_GRANT
from contracts.sign_in import SIGN_IN
from services.chassis.acts.aggregate import Aggregate
from services.chassis.refused_files import refused_files_of
from services.directory.label_models import Recognition
from services.directory.models import (
    Mandate,
    Membership,
    Organisation,
    Participation,
    Partnership,
    Person,
    RoleGrant,
    SignIn,
)
from services.directory.sign_in_models import FactorReset


def _nobodys_case(row: object) -> None:
    """What directory owns belongs to no case."""


people = Aggregate(
    Person, PERSON, scopes={"SELF": lambda row: row.id}, case=_nobodys_case, home=lambda row: "/account"
)
organisations = Aggregate(
    Organisation,
    ORGANISATION,
    scopes={
        "MEMBER": lambda row: row.id,
        "OWNER": lambda row: row.id,
        "SIGNATORY": lambda row: row.id,
        "OFFICER": lambda row: row.partnerships,
        "COORD": lambda row: row.partnerships,
    },
    case=_nobodys_case,
)
memberships = Aggregate(
    Membership,
    MEMBERSHIP,
    scopes={
        "SELF": lambda row: row.person,
        "OWNER": lambda row: row.organisation,
        "OFFICER": lambda row: row.officers,
    },
    case=_nobodys_case,
)
mandates = Aggregate(
    Mandate,
    MANDATE,
    scopes={
        "SELF": lambda row: (row.principal, row.agent),
        "COORD": lambda row: row.partnership,
        "OWNER": lambda row: None if row.partnership else row.scope,
    },
    case=_nobodys_case,
    home=lambda row: "/mandates",
)
partnerships = Aggregate(
    Partnership,
    PARTNERSHIP,
    scopes={"COORD": lambda row: row.id, "OFFICER": lambda row: row.id},
    case=_nobodys_case,
)
participations = Aggregate(
    Participation,
    PARTICIPATION,
    scopes={
        "MEMBER": lambda row: row.organisation,
        "OFFICER": lambda row: row.partnership,
        "COORD": lambda row: row.partnership,
    },
    case=_nobodys_case,
)


role_grants = Aggregate(
    RoleGrant,
    ROLE_GRANT,
    scopes={
        "COORD": lambda row: row.partnerships,
        "SELF": lambda row: row.person,
    },
    case=_nobodys_case,
    home=lambda row: "/role-grants",
)
recognitions = Aggregate(
    Recognition,
    RECOGNITION,
    scopes={"MEMBER": lambda row: row.organisation, "OFFICER": lambda row: row.partnerships},
    case=_nobodys_case,
)
factor_resets = Aggregate(
    FactorReset,
    FACTOR_RESET,
    scopes={"OFFICER": lambda row: row.partnerships},
    case=_nobodys_case,
)
sign_ins = Aggregate(
    SignIn, SIGN_IN, scopes={"SELF": lambda row: row.person}, case=_nobodys_case, home=lambda row: "/account"
)
refused_files = refused_files_of(PROFILE_FILE)
