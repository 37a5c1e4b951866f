"""The table of notices: every fact in it exists, every party can be found, and every mail can be written."""

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

import pytest

from contracts import (
    agreement,
    aid_check,
    aid_entry,
    amendment,
    application,
    assessment,
    batch,
    break_glass,
    call,
    claim,
    conversation,
    cutoff,
    deliverable,
    event,
    factor_reset,
    file,
    finance_file,
    funder_report,
    group,
    mandate,
    membership,
    organisation,
    participation,
    payee,
    period,
    profile_file,
    proposal,
    recognition,
    registration,
    report,
    retention,
    stage,
    stray_mail,
    suspense,
    visit,
    voucher,
)
from contracts.catalogue import FACTS, TABLES
from contracts.facts import Fact
from contracts.ids import new_id
from contracts.tables import PARTIES, Body
from services.chassis.clock import FixedClock
from services.chassis.identity.people import KnownPerson
from services.chassis.settings import Settings
from services.chassis.web.pages import Pages
from services.notifications.knowing import NAMED, apply
from services.notifications.letters import Letters
from services.notifications.models import Delivery, Known, Told
from services.notifications.notices import (
    BY_NAME,
    DRAFTS,
    MOVERS,
    NOTICES,
    PAYER,
    REGISTRANTS,
    Notice,
    notice_of,
    template_of,
)
from services.notifications.scene import Scene
from tests.people import MONDAY
from tests.service.mailing import AUDIENCE, CASE, EVENT, SAID, VISITOR, Facts

FIRST: dict[str, type[Body]] = {
    "organisation": organisation.Registered,
    "membership": membership.Requested,
    "mandate": mandate.Granted,
    "recognition": recognition.Applied,
    "deliverable": deliverable.Planned,
    "factor_reset": factor_reset.Asked,
    "participation": participation.Submitted,
    "proposal": proposal.Made,
    "group": group.Planned,
    "application": application.Submitted,
    "stage": stage.Opened,
    "assessment": assessment.Assigned,
    "agreement": agreement.Opened,
    "visit": visit.Planned,
    "voucher": voucher.Issued,
    "amendment": amendment.Requested,
    "report": report.Scheduled,
    "call": call.Published,
    "cutoff": cutoff.Opened,
    "payee": payee.Entered,
    "claim": claim.Opened,
    "aid_check": aid_check.Asked,
    "aid_entry": aid_entry.Opened,
    "batch": batch.Proposed,
    "suspense": suspense.Opened,
    "period": period.Opened,
    "funder_report": funder_report.Opened,
    "retention": retention.Begun,
    "event": event.Published,
    "registration": registration.Confirmed,
    "file": file.Infected,
    "finance_file": finance_file.Infected,
    "profile_file": profile_file.Infected,
    "conversation": conversation.Posted,
    "stray_mail": stray_mail.Arrived,
    "break_glass": break_glass.Requested,
}
"""What a thing's facts begin with."""
OF_CASE = (
    "break_glass",
    "conversation",
    "application",
    "stage",
    "agreement",
    "visit",
    "voucher",
    "amendment",
    "report",
    "claim",
    "aid_check",
    "aid_entry",
)

ALL = [(key, notice) for key, notices in NOTICES.items() for notice in notices]
LETTERS = Letters(
    Pages("notifications", None, FixedClock(MONDAY), Settings(web_url="http://relais.test")).environment,
    Settings(web_url="http://relais.test"),
)


def _type(key: str) -> str:
    return f"relais.{key}.v1"


def test_every_notice_is_about_a_fact_that_exists() -> None:
    assert {_type(key) for key in NOTICES} <= FACTS.keys()


def test_every_thing_that_a_notice_is_about_is_known() -> None:
    assert {key.partition(".")[0] for key in NOTICES} <= {*NAMED}


def test_every_party_of_a_notice_is_known() -> None:
    assert {party for _key, notice in ALL for party in notice.to} <= {
        DRAFTS,
        MOVERS,
        PAYER,
        *BY_NAME,
        *REGISTRANTS,
        *PARTIES,
    }


def test_a_template_names_one_notice() -> None:
    assert all(notice_of(template_of(key, notice)).subject for key, notice in ALL)
    for key, notices in NOTICES.items():
        named = [(template_of(key, notice), notice.when) for notice in notices]
        assert len({template for template, _when in named}) == len(named), named


def test_whoever_has_the_move_is_told() -> None:
    """Every state that waits for a party is entered by facts of which that party, or all movers, hear."""
    silent = {
        ("application", "draft"),  # nobody has said anything yet
        ("application", "in_review"),  # told by its facts; SYS escalates by date
        ("agreement", "open"),  # told once, by application.awarded
        ("membership", "invited"),  # directory mails the invitation itself, with its link
        ("payment", "proposed"),  # told by claim.approved
        ("stray_mail", "waiting"),  # told once a day, of all together
    }
    for table in TABLES.values():
        for state, movers in table.movers.items():
            if (table.name, state) in silent:
                continue
            ends = [(act, end) for act in table.acts for end in act.ends if end.to == state]
            for fact in {end.fact for act, end in ends if not set(act.parties) & set(movers.split())}:
                key = table.type_of(fact).removeprefix("relais.").rpartition(".")[0]
                told = {party for notice in NOTICES.get(key, ()) for party in notice.to}
                assert told & {*movers.split(), MOVERS}, f"nobody hears that {key} waits for {movers}"


@pytest.mark.parametrize(("key", "notice"), ALL, ids=[template_of(key, notice) for key, notice in ALL])
def test_every_mail_says_the_same_in_text_and_html(key: str, notice: Notice) -> None:
    mail = written(key, notice)
    plain, html = part(mail, "plain"), part(mail, "html")
    assert mail["Subject"] in html.replace("&#39;", "'")
    assert str(mail["Subject"]) in plain
    for text in (plain, html):
        assert "Ada" in text
        assert "%(" not in text
        assert "http://relais.test/" in text
        assert "None" not in text
        assert ("Your move: " in text) == bool(notice.move)
        assert ("not by the European Union" in " ".join(text.split())) == notice.payer
    assert bool(list(mail.iter_attachments())) == bool(notice.calendar)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def written(key: str, notice: Notice) -> EmailMessage:
    scene = a_scene(key, notice)
    template = template_of(key, notice)
    delivery = Delivery(
        id=new_id(), person=scene.person.id, about=scene.told.id, template=template, page=scene.page.id,
        queued_at=MONDAY, try_at=MONDAY,
    )  # fmt: skip
    return LETTERS.written(delivery, scene, MONDAY)


def a_scene(key: str, notice: Notice) -> Scene:
    """A reader, the fact, and everything that it may name."""
    facts, aggregate = Facts(), key.partition(".")[0]
    things = {fact.subject: known(fact) for fact in facts.names()}
    case = things[CASE] = known(facts.of_case(application.Submitted, CASE, "submitted"))
    subject = {"application": CASE, "event": EVENT, "organisation": VISITOR}.get(aggregate, new_id())
    place = known(facts.say(registration.Confirmed, new_id(), "confirmed"))
    about = things.get(subject) or known(facts.say(FIRST[aggregate], subject))
    when = dict([notice.when]) if notice.when else {}
    fact = replace(
        facts.say(FACTS[_type(key)].body, subject, **when),
        case=CASE if aggregate in OF_CASE else None,
        audience=AUDIENCE,
        state=a_state(key),
    )
    apply(about, fact)
    told = Told(
        id=fact.id, key=key, subject=subject, case_id=fact.case, state=fact.state, at=fact.time,
        recorded_at=fact.recordedtime, actor="system", audience=list(fact.audience), body=dict(fact.body),
    )  # fmt: skip
    page = place if aggregate == "event" else about
    reader = KnownPerson(new_id(), "Ada", "ada@example.org", "en", "active")
    return Scene(reader, told, about, page, {**things, case.id: case})


def a_state(key: str) -> str:
    """The state that a fact leads to; where it keeps the state, one in which it can be said."""
    kind = FACTS[_type(key)]
    acts = [(act, end) for act in kind.table.acts for end in act.ends if end.fact is kind.body]
    act, end = acts[0]
    return end.to or sorted(act.sources)[0]


def known(fact: Fact) -> Known:
    thing = Known(id=fact.subject, aggregate=fact.aggregate, state="", version=0)
    apply(thing, fact)
    return thing


def test_an_amount_of_nothing_is_not_mentioned() -> None:
    key, notice = next((key, one) for key, one in ALL if key == "application.awarded" and one.to == ("VOS",))
    scene = a_scene(key, notice)
    scene.case.said = {**scene.case.said, "amount_cents": 0}
    scene.told.body = {**scene.told.body, "amount_cents": 0}
    scene.about.said = {**scene.about.said, "amount_cents": 0}
    delivery = Delivery(
        id=UUID(int=1), person=scene.person.id, about=scene.told.id, template=template_of(key, notice),
        page=scene.page.id, queued_at=datetime.now(UTC), try_at=datetime.now(UTC),
    )  # fmt: skip
    plain = part(LETTERS.written(delivery, scene, MONDAY), "plain")
    assert "EUR" not in plain
    assert "is paid by" not in plain
    assert "Payment" not in plain


def test_a_reminder_names_the_day() -> None:
    """Of an evaluator who has declared it is the day that was said when they were assigned."""
    facts, part = Facts(), new_id()
    evaluator = f"EVALUATOR:{new_id()}"
    known = Known(id=part, aggregate="assessment", state="", version=0)
    for kind, state in (
        (assessment.Assigned, "assigned"),
        (assessment.Accepted, "accepted"),
        (assessment.Reminded, "accepted"),
    ):
        apply(known, facts.say(kind, part, state, audience=(evaluator,)))
    assert known.due_at == SAID["due_at"]
