"""All aggregates and all facts there are, read from the state tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.advice import ADVICE
from contracts.agreement import AGREEMENT
from contracts.aid_check import AID_CHECK
from contracts.aid_declaration import AID_DECLARATION
from contracts.aid_entry import AID_ENTRY
from contracts.amendment import AMENDMENT
from contracts.application import APPLICATION
from contracts.assessment import ASSESSMENT
from contracts.attendance import ATTENDANCE
from contracts.batch import BATCH
from contracts.books_export import BOOKS_EXPORT
from contracts.break_glass import BREAK_GLASS
from contracts.budget import BUDGET
from contracts.call import CALL
from contracts.chart import CHART
from contracts.claim import CLAIM
from contracts.conversation import CONVERSATION
from contracts.cutoff import CUTOFF
from contracts.decision import DECISION
from contracts.deliverable import DELIVERABLE
from contracts.delivery import DELIVERY
from contracts.event import EVENT
from contracts.exchange_table import EXCHANGE_TABLE
from contracts.factor_reset import FACTOR_RESET
from contracts.file import FILE
from contracts.finance_file import FINANCE_FILE
from contracts.form import FORM
from contracts.funder_report import FUNDER_REPORT
from contracts.group import GROUP
from contracts.indicator_set import INDICATOR_SET
from contracts.instalment import INSTALMENT
from contracts.late_payment import LATE_PAYMENT
from contracts.mandate import MANDATE
from contracts.member_service import MEMBER_SERVICE
from contracts.membership import MEMBERSHIP
from contracts.organisation import ORGANISATION
from contracts.participation import PARTICIPATION
from contracts.partnership import PARTNERSHIP
from contracts.payee import PAYEE
from contracts.payment import PAYMENT
from contracts.period import PERIOD
from contracts.person import PERSON
from contracts.profile_file import PROFILE_FILE
from contracts.proposal import PROPOSAL
from contracts.rate_table import RATE_TABLE
from contracts.recognition import RECOGNITION
from contracts.registration import REGISTRATION
from contracts.report import REPORT
from contracts.reservation import RESERVATION
from contracts.retention import RETENTION
from contracts.role_grant import ROLE_GRANT
from contracts.sanctions_list import SANCTIONS_LIST
from contracts.self_assessment import SELF_ASSESSMENT
from contracts.sign_in import SIGN_IN
from contracts.staff_list import STAFF_LIST
from contracts.stage import STAGE
from contracts.statement import STATEMENT
from contracts.stray_mail import STRAY_MAIL
from contracts.suspense import SUSPENSE
from contracts.tables import Body, Table
from contracts.transfer import TRANSFER
from contracts.vacancy import VACANCY
from contracts.visit import VISIT
from contracts.voucher import VOUCHER
from contracts.work_package import WORK_PACKAGE

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        PERSON, ORGANISATION, MEMBERSHIP, MANDATE, PARTNERSHIP, PARTICIPATION, ROLE_GRANT, SIGN_IN, FACTOR_RESET,
        RECOGNITION, WORK_PACKAGE, DELIVERABLE, INDICATOR_SET, SELF_ASSESSMENT, MEMBER_SERVICE,
        FORM, CALL, CUTOFF, PROPOSAL, GROUP, APPLICATION, STAGE, ASSESSMENT, DECISION, AGREEMENT, VISIT, VOUCHER,
        REPORT, AMENDMENT, FILE, PROFILE_FILE, FINANCE_FILE, CONVERSATION, STRAY_MAIL, BREAK_GLASS,
        RATE_TABLE, EXCHANGE_TABLE, BUDGET, RESERVATION, PAYEE, CLAIM, PAYMENT, BATCH, STATEMENT,
        TRANSFER, AID_CHECK, AID_DECLARATION, AID_ENTRY, LATE_PAYMENT,
        ADVICE, SUSPENSE, SANCTIONS_LIST, STAFF_LIST, PERIOD, CHART, BOOKS_EXPORT,
        FUNDER_REPORT, INSTALMENT, RETENTION,
        EVENT, REGISTRATION, ATTENDANCE, VACANCY,
        DELIVERY,
    )
}  # fmt: skip


BodyClass = type[Body]  # inside FactType, `type` is its first field


@dataclass(frozen=True)
class FactType:
    """One type of fact: its name on the wire, its aggregate and its body's model."""

    type: str
    table: Table
    body: BodyClass

    @property
    def topic(self) -> str:
        return self.table.topic


FACTS: Mapping[str, FactType] = {
    fact.type: fact
    for table in TABLES.values()
    for fact in (FactType(table.type_of(body), table, body) for body in table.facts)
}
_BY_BODY: Mapping[type[Body], FactType] = {fact.body: fact for fact in FACTS.values()}


def fact_type(body: type[Body]) -> FactType:
    """The type of fact that a body's class stands for."""
    return _BY_BODY[body]
