"""The aggregates of applications, and whose they are. All rows of a case live under the application's lock."""

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from contracts.agreement import AGREEMENT
from contracts.amendment import AMENDMENT
from contracts.application import APPLICATION
from contracts.assessment import ASSESSMENT
from contracts.break_glass import BREAK_GLASS
from contracts.call import CALL
from contracts.conversation import CONVERSATION
from contracts.cutoff import CUTOFF
from contracts.decision import DECISION
from contracts.file import FILE
from contracts.form import FORM
from contracts.group import GROUP
from contracts.proposal import PROPOSAL
from contracts.report import REPORT
from contracts.stage import STAGE
from contracts.stray_mail import STRAY_MAIL
from contracts.visit import VISIT
from contracts.voucher import VOUCHER
from services.applications.agreements.forgetting import forget_addresses, forget_unneeded
from services.applications.amendments.models import Amendment
from services.applications.break_glass.models import BreakGlass
from services.applications.calls.models import Call, Form
from services.applications.conversations.models import Conversation, StrayMail
from services.applications.groups.models import GroupVisit
from services.applications.groups.sharing import cases_of, leave
from services.applications.intake.counter import give_back
from services.applications.intake_models import CutOff
from services.applications.models import Agreement, Application, Decision, Proposal, Report, Visit, Voucher
from services.applications.review.models import Assessment, Stage
from services.chassis.acts.aggregate import Aggregate
from services.chassis.database import Tx
from services.chassis.identity.actor import PLATFORM
from services.chassis.refused_files import refused_files_of

OfCase: TypeAlias = (
    Agreement
    | Conversation
    | Amendment
    | BreakGlass
    | Decision
    | Visit
    | Voucher
    | Report
    | Stage
    | Assessment
)

_PARTIES = ("VO", "HO", "VOP", "HOP", "PAY", "COORD", "AGENCY", "DEPUTY")


def _kept(party: str) -> Callable[[OfCase], UUID | None]:
    """A party that the call lacks has no scope: nobody acts as it."""
    return lambda row: UUID(row.scopes[party]) if party in row.scopes else None


async def _case_first(tx: Tx, row: OfCase) -> Application:
    return await tx.locked(Application, row.application)


async def _call_first(tx: Tx, row: CutOff) -> Call:
    return await tx.locked(Call, row.call)


async def _members_first(tx: Tx, row: GroupVisit) -> list[Application]:
    return await cases_of(tx, row.id, lock=True)


async def _moved(tx: Tx, row: Application) -> None:
    await give_back(tx, row)
    await leave(tx, row)
    await forget_addresses(tx, row)


def _case_page(row: OfCase) -> str:
    return f"/cases/{row.application}"


_scopes = {party: _kept(party) for party in _PARTIES}
_signing = {"VOS": _kept("VO"), "HOS": _kept("HO")}
_of_recipient = {"OWNER": _kept("VO"), "SIGNATORY": _kept("VO")}

forms = Aggregate(
    Form,
    FORM,
    scopes={"COORD": lambda form: form.partnership, "OFFICER": lambda form: form.partnership},
    case=lambda form: None,
)
calls = Aggregate(
    Call,
    CALL,
    scopes={"COORD": lambda call: call.partnership, "OFFICER": lambda call: call.partnership},
    case=lambda call: None,
)
cutoffs = Aggregate(
    CutOff,
    CUTOFF,
    scopes={"COORD": lambda row: row.partnership, "OFFICER": lambda row: row.partnership},
    case=lambda row: None,
    lock_first=_call_first,
)
proposals = Aggregate(
    Proposal,
    PROPOSAL,
    scopes={
        "VO": lambda proposal: proposal.visitor,
        "HO": lambda proposal: proposal.host,
        "VOP": lambda proposal: proposal.visitor_partnership,
    },
    case=lambda proposal: None,
)
groups = Aggregate(
    GroupVisit,
    GROUP,
    scopes={
        "VO": lambda group: group.members,
        "HO": lambda group: group.host,
        "ORGANISER": lambda group: group.partnership,
        "VOP": lambda group: group.partnership,
        "HOP": lambda group: group.host_partnership,
        "COORD": lambda group: group.partnership,
    },
    case=lambda group: None,
    lock_first=_members_first,
)
applications = Aggregate(
    Application,
    APPLICATION,
    scopes={
        "VO": lambda case: case.visitor,
        "OWNER": lambda case: case.visitor,
        "SIGNATORY": lambda case: case.visitor,
        "HO": lambda case: case.host,
        "VOS": lambda case: case.visitor,
        "HOS": lambda case: case.host,
        "VOP": lambda case: case.visitor_partnership,
        "HOP": lambda case: case.host_partnership,
        "PAY": lambda case: case.payer,
        "COORD": lambda case: case.visitor_partnership,
        "AGENCY": lambda case: case.visitor_partnership,
        "DEPUTY": lambda case: case.visitor_partnership if case.escalated else None,
    },
    home=lambda case: f"/cases/{case.id}",
    moved=_moved,
    hidden_from=lambda case: ("VO", "OWNER", "SIGNATORY", "VOS", "HO", "HOS") if case.held else (),
)
stages = Aggregate(
    Stage, STAGE, scopes=_scopes, case=lambda row: row.application, home=_case_page, lock_first=_case_first
)
assessments = Aggregate(
    Assessment,
    ASSESSMENT,
    scopes={"EVALUATOR": lambda row: row.evaluator, "VOP": _kept("VOP"), "COORD": _kept("COORD")},
    case=lambda row: None,
    lock_first=_case_first,
)
decisions = Aggregate(Decision, DECISION, scopes=_scopes, case=lambda row: row.application)
agreements = Aggregate(
    Agreement,
    AGREEMENT,
    scopes={**_scopes, **_signing},
    case=lambda row: row.application,
    home=_case_page,
    lock_first=_case_first,
    moved=forget_unneeded,
)
amendments = Aggregate(
    Amendment,
    AMENDMENT,
    scopes={**_scopes, **_signing, **_of_recipient},
    case=lambda row: row.application,
    lock_first=_case_first,
)
break_glasses = Aggregate(
    BreakGlass,
    BREAK_GLASS,
    scopes={**_scopes, "OPERATOR": lambda row: PLATFORM},
    case=lambda row: row.application,
    lock_first=_case_first,
)
visits = Aggregate(
    Visit, VISIT, scopes=_scopes, case=lambda row: row.application, home=_case_page, lock_first=_case_first
)
vouchers = Aggregate(
    Voucher,
    VOUCHER,
    scopes={**_scopes, **_of_recipient},
    case=lambda row: row.application,
    home=_case_page,
    lock_first=_case_first,
)
reports = Aggregate(Report, REPORT, scopes=_scopes, case=lambda row: row.application, lock_first=_case_first)
conversations = Aggregate(
    Conversation, CONVERSATION, scopes=_scopes, case=lambda row: row.application, lock_first=_case_first
)
stray_mails = Aggregate(
    StrayMail,
    STRAY_MAIL,
    scopes={
        "OFFICER": lambda row: row.partnership,
        "COORD": lambda row: row.partnership,
        "OPERATOR": lambda row: PLATFORM,
    },
    case=lambda row: None,
    home=lambda row: "/stray-mails",
    hidden_from=lambda row: ("OPERATOR",) if row.partnership else (),
)
refused_files = refused_files_of(FILE)
