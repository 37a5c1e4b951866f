"""The applications service: the only place that builds its objects. Which aggregates there are, and whose they are."""

from pathlib import Path
from uuid import UUID

from fastapi import FastAPI

from contracts.agreement import AGREEMENT
from contracts.application import APPLICATION
from contracts.call import CALL
from contracts.decision import DECISION
from contracts.proposal import PROPOSAL
from contracts.visit import VISIT
from services.applications import application as _application_rules
from services.applications.models import Agreement, Application, Call, Decision, Proposal, Visit
from services.chassis.acts.aggregate import Aggregate
from services.chassis.clock import Clock
from services.chassis.identity.tokens import Keys
from services.chassis.service import Service
from services.chassis.settings import Settings

_ = _application_rules


def _kept(party: str):
    def scope(row: Agreement | Decision | Visit) -> UUID:
        return UUID(row.scopes[party])

    return scope


CASE_PARTIES = ("VO", "HO", "VOP", "HOP", "PAY", "COORD")

calls = Aggregate(Call, CALL, scopes={"COORD": lambda call: call.partnership}, case=lambda call: None)
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
applications = Aggregate(
    Application,
    APPLICATION,
    scopes={
        "VO": lambda case: case.visitor,
        "HO": lambda case: case.host,
        "VOP": lambda case: case.visitor_partnership,
        "HOP": lambda case: case.host_partnership,
        "PAY": lambda case: case.payer,
        "COORD": lambda case: case.coordinated_by,
    },
    home=lambda case: f"/cases/{case.id}",
)
_case_scopes = {party: _kept(party) for party in CASE_PARTIES}
decisions = Aggregate(Decision, DECISION, scopes=_case_scopes, case=lambda row: row.application)
agreements = Aggregate(
    Agreement, AGREEMENT, scopes=_case_scopes, case=lambda row: row.application, home=lambda row: f"/cases/{row.application}"
)
visits = Aggregate(
    Visit, VISIT, scopes=_case_scopes, case=lambda row: row.application, home=lambda row: f"/cases/{row.application}"
)


def make_app(settings: Settings, *, clock: Clock | None = None, keys: Keys | None = None) -> FastAPI:
    """The service over a database; clock and keys are given by tests."""
    service = Service(
        "applications", settings, templates=Path(__file__).parent / "templates", clock=clock, keys=keys
    )
    for kind in (calls, proposals, applications, agreements, visits):
        service.faces(kind)
    return service.app
