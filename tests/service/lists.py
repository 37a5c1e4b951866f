"""Every list that the services answer, and how it is counted: in which scene, in which table its rows stand, and who
reads it.

A list takes as many statements for thirty rows as for three. A new address has to be entered here, as a list or as
something else: then nobody adds a list that asks once per row."""

from collections.abc import Mapping
from typing import NamedTuple


class Lists(NamedTuple):
    """The addresses of a service that answer with a list, and its pages about no one thing.

    counted   scene → address → table of its rows after those that they belong to, and who of the scene reads it
    apart     address → the test of its own that counts it
    other     what is no list, or has no rows of anybody
    """

    counted: Mapping[str, Mapping[str, tuple[str, str]]]
    apart: Mapping[str, str]
    other: frozenset[str]

    def addresses(self) -> set[str]:
        """All that are lists."""
        return {address for scene in self.counted.values() for address in scene} | self.apart.keys()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LISTS: Mapping[str, Lists] = {
    "overview": Lists(
        {
            "event": {
                "/": ("overview_subjects", "organiser"),
                "/worklist": ("overview_subjects", "organiser"),
                "/cases": ("overview_names overview_cases", "organiser"),
                "/api/v1/worklist": ("overview_subjects", "organiser"),
                "/api/v1/cases": ("overview_cases", "organiser"),
            },
        },
        dict.fromkeys(
            ("/monitor", "/monitor/live", "/monitor/parked"),
            "tests/service/test_overview_monitor.py::test_the_monitor_asks_as_often_for_many_as_for_few",
        ),
        frozenset(),
    ),
    "events": Lists(
        {
            "gathering": {
                "/events": ("events pools", "organiser"),
                "/api/v1/events": ("events pools", "organiser"),
                "/events/{event}/organise": ("registrations", "organiser"),
                "/api/v1/events/{event}/registrations": ("registrations", "organiser"),
                "/registrations": ("registrations", "guest"),
                "/api/v1/registrations": ("registrations", "guest"),
            },
        },
        {},
        frozenset(),
    ),
    "notifications": Lists(
        {
            "post": {
                "/deliveries": ("deliveries", "operator"),
                "/api/v1/deliveries": ("deliveries", "operator"),
            }
        },
        {},
        frozenset(),
    ),
    "directory": Lists(
        {
            "house": {
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
                "/api/v1/indicator-sets": ("indicator_sets", "operator"),
            },
            "promises": {
                "/deliverables": ("deliverables", "coordinator"),
                "/api/v1/deliverables": ("deliverables", "coordinator"),
                "/partnerships/{partnership}/activities": ("activities", "coordinator"),
                "/mandates": ("mandates", "owner"),
                "/api/v1/mandates": ("mandates", "owner"),
                "/member-services": ("organisations member_services", "owner"),
                "/api/v1/member-services": ("organisations member_services", "owner"),
                "/providers": ("organisations participations", "owner"),
                "/api/v1/providers": ("organisations participations", "owner"),
                "/recognitions": ("organisations recognitions", "owner"),
                "/api/v1/recognitions": ("organisations recognitions", "owner"),
                "/profile-files": ("kept_files", "officer"),
            },
        },
        {},
        _words(
            "/.well-known/jwks.json /account /account/identities/link /account/security /api/v1/account"
            " /imports /people/join /sign-in /sign-in/confirm /sign-in/password /sign-in/provider"
            " /sign-in/provider/back /sign-in/second /sign-in/sent /step-up"
        ),
    ),
    "applications": Lists(
        {
            "review": {
                "/calls": ("calls", "officer"),
                "/api/v1/calls": ("calls", "officer"),
                "/calls/{call}/applications": ("applications", "officer"),
                "/api/v1/calls/{call}/applications": ("applications", "officer"),
                "/forms": ("forms", "officer"),
                "/api/v1/forms": ("forms", "officer"),
                "/assessments": ("applications stages assessments", "evaluator"),
                "/api/v1/assessments": ("applications stages assessments", "evaluator"),
                "/api/v1/applications/{case}/stages": ("stages", "officer"),
                "/files": ("kept_files", "applicant"),
            },
            "decision": {"/decisions": ("applications stages", "officer")},
            "cut-off": {
                "/api/v1/calls/{call}/cutoffs": ("cutoffs", "officer"),
                "/api/v1/cutoffs/{cut}/ranking": ("applications", "officer"),
            },
            "vouchers": {"/calls/vouchers": ("applications_known_budgets", "coordinator")},
            "exchange": {
                "/proposals": ("proposals", "visitor"),
                "/catalogue": (
                    "applications_known_organisations applications_known_participations",
                    "visitor",
                ),
                "/api/v1/catalogue": (
                    "applications_known_organisations applications_known_participations",
                    "visitor",
                ),
                "/api/v1/catalogue/suggestions?visitor={visiting}": (
                    "applications_known_organisations applications_known_participations",
                    "visitor",
                ),
                "/conversations": ("applications conversations messages", "officer"),
                "/api/v1/applications/{case}/conversation": ("messages", "officer"),
                "/break-glasses": ("applications break_glasses", "coordinator"),
                "/api/v1/break-glasses": ("applications break_glasses", "coordinator"),
                "/groups": ("group_visits", "visitor"),
                "/api/v1/groups": ("group_visits", "visitor"),
                "/stray-mails": ("stray_mails", "officer"),
                "/api/v1/stray-mails": ("stray_mails", "officer"),
            },
        },
        {
            "/api/v1/applications/{id}/organisations": "tests/service/test_organisation_search.py"
            "::test_what_is_found_is_for_who_fills_in_the_form_and_for_its_questions",
        }
        | {
            "/api/v1/amendments/partners": "tests/service/test_amendments.py"
            "::test_among_many_hosts_one_is_searched_for",
        }
        | dict.fromkeys(
            ("/api/v1/calls/{id}/awards", "/calls/{id}/awards.json"),
            "tests/service/test_application_lists.py::test_open_data_asks_as_often_for_many_grants_as_for_one",
        ),
        _words("/agreements/link /api/v1/calls/{id}/eligibility /api/v1/calls/vouchers /calls/begin"),
    ),
    "reimbursements": Lists(
        {
            "claims": {
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
                "/finance-files": ("kept_files", "verifier"),
            },
            "books": {
                "/budgets/plans": ("budgets", "coordinator"),
                "/api/v1/budgets/plans": ("budgets", "coordinator"),
                "/periods": ("periods", "first"),
                "/api/v1/periods": ("periods", "first"),
                "/api/v1/charts": ("charts", "first"),
                "/api/v1/books-exports": ("books_exports", "first"),
                "/transfers": ("budgets transfers", "coordinator"),
                "/api/v1/transfers": ("transfers", "coordinator"),
                "/exchange-tables": ("exchange_tables", "first"),
                "/api/v1/exchange-tables": ("exchange_tables", "first"),
                "/funder-reports": ("reimbursements_known_partnerships funder_reports", "first"),
                "/api/v1/funder-reports": ("funder_reports", "first"),
            },
            "instalments": {
                "/instalments": ("reimbursements_known_partnerships instalments", "first"),
                "/api/v1/instalments": ("instalments", "first"),
                "/retentions": ("reimbursements_known_partnerships retentions", "first"),
                "/api/v1/retentions": ("retentions", "first"),
                "/api/v1/suspense": ("suspense_lines", "first"),
            },
            "recovery": {
                "/demands": ("claims demands", "verifier"),
                "/api/v1/demands": ("claims demands", "verifier"),
            },
            "silent bank": {"/api/v1/payments/late": ("payments", "first")},
            "end of the action": {
                "/budgets/at-risk": ("reservations claims ledger_account_balance", "coordinator"),
                "/api/v1/budgets/at-risk": ("reservations claims ledger_account_balance", "coordinator"),
                "/api/v1/late-payments": ("late_payments", "first"),
            },
            "aid": {
                "/limits": (
                    "reimbursements_known_organisations limits ledger_account_balance",
                    "coordinator",
                ),
                "/api/v1/limits": ("limits ledger_account_balance", "coordinator"),
                "/aid-entries": ("aid_entries", "payer"),
                "/api/v1/aid-entries": ("aid_entries", "payer"),
                "/api/v1/aid-checks": ("aid_checks", "coordinator"),
                "/api/v1/aid-declarations": ("aid_declarations", "claimant"),
            },
            "merged": {
                "/api/v1/limits/exceeded": (
                    "reimbursements_known_organisations limits ledger_account_balance",
                    "coordinator",
                ),
            },
        },
        {},
        _words("/api/v1/audit-packs/key /api/v1/budgets/{id}/forecast /api/v1/periods/day /periods/day"),
    ),
}
