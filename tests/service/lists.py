"""Every list that the services answer, and whether it is counted: which table its rows stand in, and who reads it.

A list takes as many statements for thirty rows as for three. A new address has to be entered here, as a list or as
something else: then nobody adds a list that asks once per row."""

from collections.abc import Mapping
from typing import NamedTuple


class Lists(NamedTuple):
    """The addresses of a service that answer with a list, and its pages about no one thing.

    counted   address → table of its rows after those that they belong to, and who of the scene reads it
    apart     lists that a test of their own counts, or of which no scene here has rows
    other     what is no list
    """

    counted: Mapping[str, tuple[str, str]]
    apart: frozenset[str]
    other: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LISTS: Mapping[str, Lists] = {
    "overview": Lists(
        {
            "/": ("overview_subjects", "organiser"),
            "/worklist": ("overview_subjects", "organiser"),
            "/cases": ("overview_names overview_cases", "organiser"),
            "/api/v1/worklist": ("overview_subjects", "organiser"),
            "/api/v1/cases": ("overview_cases", "organiser"),
        },
        _words("/monitor /monitor/live /monitor/parked"),
        frozenset(),
    ),
    "events": Lists(
        {
            "/events": ("events pools", "organiser"),
            "/api/v1/events": ("events pools", "organiser"),
            "/events/{event}/organise": ("registrations", "organiser"),
            "/api/v1/events/{event}/registrations": ("registrations", "organiser"),
            "/registrations": ("registrations", "guest"),
            "/api/v1/registrations": ("registrations", "guest"),
        },
        frozenset(),
        frozenset(),
    ),
    "notifications": Lists(
        {},
        _words("/api/v1/deliveries /deliveries"),
        frozenset(),
    ),
    "directory": Lists(
        {
            "/organisations": ("organisations", "operator"),
            "/api/v1/organisations": ("organisations", "operator"),
            "/participations": ("organisations participations", "operator"),
            "/api/v1/participations": ("organisations participations", "operator"),
            "/partnerships": ("partnerships", "operator"),
            "/api/v1/partnerships": ("partnerships", "operator"),
            "/role-grants": ("role_grants", "operator"),
            "/api/v1/role-grants": ("role_grants", "operator"),
            "/api/v1/memberships": ("memberships", "owner"),
            "/directory": ("organisations", "operator"),
            "/api/v1/directory": ("organisations", "operator"),
            "/indicator-sets": ("indicator_sets", "operator"),
        },
        _words(
            "/api/v1/deliverables /api/v1/indicator-sets /api/v1/mandates /api/v1/member-services"
            " /api/v1/providers /api/v1/recognitions /deliverables /mandates"
            " /member-services /partnerships/{id}/activities /profile-files /providers /recognitions"
        ),
        _words(
            "/.well-known/jwks.json /account /account/identities/link /account/security /api/v1/account"
            " /imports /people/join /sign-in /sign-in/confirm /sign-in/password /sign-in/provider"
            " /sign-in/provider/back /sign-in/second /sign-in/sent /step-up"
        ),
    ),
    "applications": Lists(
        {
            "/calls": ("calls", "officer"),
            "/api/v1/calls": ("calls", "officer"),
            "/calls/{call}/applications": ("applications", "officer"),
            "/api/v1/calls/{call}/applications": ("applications", "officer"),
            "/forms": ("forms", "officer"),
            "/api/v1/forms": ("forms", "officer"),
            "/proposals": ("proposals", "visitor"),
            "/catalogue": ("applications_known_organisations applications_known_participations", "visitor"),
            "/api/v1/catalogue": (
                "applications_known_organisations applications_known_participations",
                "visitor",
            ),
            "/assessments": ("applications stages assessments", "evaluator"),
            "/api/v1/assessments": ("applications stages assessments", "evaluator"),
            "/api/v1/applications/{case}/stages": ("stages", "officer"),
        },
        _words(
            "/api/v1/applications/{id}/conversation /api/v1/break-glasses /api/v1/calls/vouchers"
            " /api/v1/calls/{id}/awards"
            " /api/v1/calls/{id}/cutoffs /api/v1/catalogue/suggestions"
            " /api/v1/cutoffs/{id}/ranking /api/v1/groups /api/v1/stray-mails /calls/vouchers"
            " /break-glasses /calls/{id}/awards.json /conversations /decisions /groups /stray-mails"
        ),
        _words("/agreements/link /api/v1/calls/{id}/eligibility /calls/begin /files"),
    ),
    "reimbursements": Lists(
        {
            "/claims": ("reimbursements_known_cases claims", "verifier"),
            "/api/v1/claims": ("reimbursements_known_cases claims", "verifier"),
            "/budgets": ("budgets", "coordinator"),
            "/api/v1/budgets": ("budgets", "coordinator"),
            "/batches": ("batches", "first"),
            "/api/v1/batches": ("batches", "first"),
            "/statements": ("statements", "first"),
            "/api/v1/statements": ("statements", "first"),
            "/api/v1/payees": ("payees", "verifier"),
            "/sanctions-lists": ("sanctions_lists", "verifier"),
            "/api/v1/sanctions-lists": ("sanctions_lists", "verifier"),
            "/rate-tables": ("rate_tables", "verifier"),
            "/api/v1/rate-tables": ("rate_tables", "verifier"),
        },
        _words(
            "/aid-entries /api/v1/aid-checks /api/v1/aid-declarations /api/v1/aid-entries"
            " /api/v1/books-exports /api/v1/budgets/at-risk /api/v1/budgets/plans /api/v1/charts"
            " /api/v1/demands /api/v1/exchange-tables /api/v1/funder-reports /api/v1/instalments"
            " /api/v1/late-payments /api/v1/limits /api/v1/limits/exceeded /api/v1/payments/late"
            " /api/v1/periods /api/v1/retentions /api/v1/suspense /api/v1/transfers /budgets/at-risk"
            " /budgets/plans /demands /exchange-tables /finance-files /funder-reports /instalments /limits /periods"
            " /retentions /transfers"
        ),
        _words("/api/v1/audit-packs/key /api/v1/budgets/{id}/forecast /api/v1/periods/day /periods/day"),
    ),
}
