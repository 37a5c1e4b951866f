"""Who gets a mail: whoever must act or has waited for the outcome, once each, and never about history."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from contracts import (
    agreement,
    application,
    claim,
    conversation,
    event,
    mandate,
    proposal,
    registration,
    stage,
)
from contracts.ids import new_id
from contracts.tables import Body
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.service.mailing import (
    AUDIENCE,
    CASE,
    EVENT,
    HOP,
    HOST,
    PAYER,
    VISITOR,
    VOP,
    Post,
    post_office,
)


@pytest.fixture
async def post(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Post]:
    async with post_office(await fresh_database("notifications"), tmp_path) as office:
        yield office


async def in_review(post: Post, **changed: object) -> None:
    """The case as far as its review."""
    await post.hear(
        post.facts.of_case(application.Submitted, CASE, "submitted", **{"staged": False, **changed}),
        post.facts.of_case(application.Admitted, CASE, "in_review", **_audience(changed)),
    )


def _audience(changed: dict[str, object]) -> dict[str, object]:
    hop = changed.get("host_partnership")
    return {"audience": (*(entry for entry in AUDIENCE if "HOP" not in entry), f"HOP:{hop}")} if hop else {}


async def test_those_who_must_act_are_told_and_whoever_did_it_is_not(post: Post) -> None:
    anna, bo = await post.person("anna", ("owner", VISITOR)), await post.person("bo", ("owner", VISITOR))
    await post.person("stranger", ("owner", new_id()))
    officer = await post.person("officer", ("officer", VOP))
    await in_review(post)
    await post.hear(post.facts.of_case(application.Returned, CASE, "changes_requested", actor=str(bo)))
    queued = await post.queued()
    assert ("application.returned VO", anna) in queued
    assert ("application.returned VO", bo) not in queued
    assert [person for template, person in queued if template == "application.admitted VOP"] == [officer]


async def test_a_fact_that_comes_again_makes_no_second_mail(post: Post) -> None:
    await post.person("anna", ("owner", HOST))
    fact = post.facts.say(proposal.Made, new_id(), "open", audience=(f"VO:{VISITOR}", f"HO:{HOST}"))
    await post.hear(fact, fact)
    assert len(await post.queued()) == 1


async def test_the_applicant_hears_nothing_between_approval_and_award(post: Post) -> None:
    await post.person("anna", ("owner", VISITOR))
    await in_review(post)
    before = len(await post.queued())
    await post.hear(post.facts.of_case(application.Selected, CASE, "selected"))
    assert len(await post.queued()) == before
    await post.hear(post.facts.of_case(application.Awarded, CASE, "awarded"))
    assert len(await post.queued()) == before + 1


async def test_one_partnership_on_both_sides_is_not_asked_for_an_opinion(post: Post) -> None:
    officer = await post.person("officer", ("officer", VOP))
    await in_review(post, host_partnership=VOP)
    assert await post.queued() == [("application.admitted VOP", officer)]


async def test_the_payer_is_asked_when_every_other_signature_stands(post: Post) -> None:
    payer = await post.person("payer", ("payer", PAYER))
    await in_review(post)
    quality, money = new_id(), new_id()
    four: tuple[agreement.Party, ...] = ("VO", "HO", "VOP", "HOP")

    async def sign(document: UUID, kind: type[Body], party: str, state: str) -> None:
        await post.hear(post.facts.of_case(kind, document, state, party=party))

    await post.hear(
        post.facts.of_case(application.Awarded, CASE, "awarded"),
        post.facts.of_case(agreement.Opened, quality, "open", kind="quality", parties=four),
        post.facts.of_case(agreement.Opened, money, "open", kind="financial", parties=("VO", "PAY")),
    )
    await sign(money, agreement.Signed, "VO", "open")
    for party in four[:3]:
        await sign(quality, agreement.Signed, party, "open")
    assert await post.queued() == []
    await sign(quality, agreement.Completed, "HOP", "completed")
    assert await post.queued() == [("agreement.completed PAYER", payer)]


async def test_only_who_may_sign_is_asked_to_sign(post: Post) -> None:
    owner = await post.person("owner", ("owner", VISITOR))
    editor = await post.person("editor", ("editor", VISITOR))
    await post.hear(
        post.facts.of_case(application.Awarded, CASE, "awarded"),
        post.facts.of_case(
            agreement.Opened, new_id(), "open", kind="quality", parties=("VO", "HO", "VOP", "HOP")
        ),
    )
    queued = await post.queued()
    assert sorted(queued) == sorted(
        [("application.awarded VO HO", editor), ("application.awarded VOS", owner)]
    )


async def test_an_officer_whose_signature_the_call_does_not_ask_for_is_not_asked(post: Post) -> None:
    await post.person("owner", ("owner", VISITOR))
    await post.person("officer", ("officer", VOP))
    await in_review(post)
    await post.send()
    before = len(post.server.taken)
    await post.hear(
        post.facts.of_case(application.Awarded, CASE, "awarded", actor="system"),
        post.facts.of_case(agreement.Opened, new_id(), "open", kind="financial", parties=("VO", "PAY")),
    )
    await post.send()
    assert [str(mail["To"]) for mail in post.server.taken[before:]] == ["owner@example.org"]


@pytest.mark.parametrize(
    ("appealed", "said"), [(True, "The appeal was refused"), (False, "Nobody appealed in time")]
)
async def test_what_is_final_says_whether_somebody_had_appealed(
    post: Post, appealed: bool, said: str
) -> None:
    await post.person("owner", ("owner", VISITOR))
    await in_review(post)
    await post.hear(post.facts.of_case(application.Finalised, CASE, "rejected", appealed=appealed))
    await post.send()
    body = post.server.taken[-1].get_body(("plain",))
    assert body is not None and said in body.get_content()


async def test_a_reminder_goes_to_those_who_have_not_done_their_part(post: Post) -> None:
    officer = await post.person("officer", ("officer", VOP))
    other = await post.person("other", ("officer", HOP))
    await in_review(post)
    await post.hear(
        post.facts.of_case(application.Reminded, CASE, "in_review"),
        post.facts.of_case(application.Opined, CASE, "in_review"),
        post.facts.of_case(application.Reminded, CASE, "in_review"),
    )
    reminded = [person for template, person in await post.queued() if "reminded" in template]
    assert sorted(reminded) == sorted([officer, other, officer])


async def test_what_was_recorded_before_its_birth_is_known_and_told_nobody(post: Post) -> None:
    await post.person("anna", ("owner", VISITOR))
    long_ago = datetime.now(UTC) - timedelta(days=1)
    for kind, state in ((application.Submitted, "submitted"), (application.Admitted, "in_review")):
        await post.hear(replace(post.facts.of_case(kind, CASE, state), recordedtime=long_ago))
    assert await post.queued() == []
    await post.hear(post.facts.of_case(application.Returned, CASE, "changes_requested"))
    await post.send()
    assert [subject for _to, subject in post.server.subjects] == ["Changes are asked for: CXC-2026-0012"]


async def test_whose_role_is_heard_of_later_than_the_fact_is_told_then(post: Post) -> None:
    anna, late = await post.person("anna"), await post.person("late")
    fact = post.facts.say(proposal.Made, new_id(), "open", audience=(f"VO:{VISITOR}", f"HO:{HOST}"))
    await post.hear(fact)
    await post.grant(late, "owner", HOST, at=datetime.now(UTC) + timedelta(seconds=1))
    await post.grant(anna, "owner", VISITOR)
    assert await post.queued() == []
    await post.grant(anna, "owner", HOST)
    assert ("proposal.made HO", anna) in await post.queued()


async def test_participants_hear_of_their_own_acts_too(post: Post) -> None:
    ada = await post.person("ada")
    place = new_id()
    await post.hear(
        post.facts.of_registration(registration.Confirmed, place, ada, "confirmed", actor=str(ada)),
        post.facts.of_registration(registration.Cancelled, place, ada, "cancelled", actor=str(ada)),
    )
    assert await post.queued() == [
        ("registration.cancelled REGISTRANT", ada),
        ("registration.confirmed REGISTRANT", ada),
    ]


async def test_a_new_date_is_told_to_everybody_who_is_still_registered(post: Post) -> None:
    ada, ben, cyd = [await post.person(name) for name in ("ada", "ben", "cyd")]
    gone = new_id()
    await post.hear(
        post.facts.of_registration(registration.Confirmed, new_id(), ada, "confirmed"),
        post.facts.of_registration(registration.Queued, new_id(), ben, "waiting"),
        post.facts.of_registration(registration.Confirmed, gone, cyd, "confirmed"),
        post.facts.of_registration(registration.Cancelled, gone, cyd, "cancelled"),
        post.facts.say(event.Rescheduled, EVENT, "published", audience=(f"ORGANISER:{VOP}",)),
    )
    moved = [one for one in await post.queued() if one[0].startswith("event.")]
    assert moved == [("event.rescheduled CONFIRMED", ada), ("event.rescheduled IN_LINE", ben)]


async def test_feedback_is_asked_of_those_who_have_not_given_it(post: Post) -> None:
    ada, ben = await post.person("ada"), await post.person("ben")
    hers = new_id()
    await post.hear(
        post.facts.of_registration(registration.Confirmed, hers, ada, "confirmed"),
        post.facts.of_registration(registration.Confirmed, new_id(), ben, "confirmed"),
        post.facts.of_registration(registration.FeedbackGiven, hers, ada, "confirmed"),
        post.facts.say(event.Reminded, EVENT, "ended", stage="feedback"),
    )
    assert [one for one in await post.queued() if one[0].startswith("event.")] == [
        ("event.reminded feedback CONFIRMED", ben)
    ]


async def test_nobody_is_asked_for_what_relais_does_itself_in_the_same_moment(post: Post) -> None:
    await post.person("anna", ("owner", VISITOR))
    await in_review(post)
    owed = new_id()
    await post.hear(
        post.facts.of_claim(claim.Opened, owed, "opened"), post.facts.of_claim(claim.Filed, owed, "filed")
    )
    await post.send()
    about_it = [one for one in await post.deliveries() if one.template.startswith("claim.")]
    assert [(one.state, one.code) for one in about_it] == [("dropped", "overtaken")]


async def test_a_demand_names_the_claim_and_not_its_own_number_for_it(post: Post) -> None:
    await post.person("anna", ("owner", VISITOR))
    await in_review(post)
    owed = new_id()
    await post.hear(
        post.facts.of_claim(claim.Opened, owed, "opened", number="RC-2026-0001"),
        post.facts.of_claim(claim.RecoveryOrdered, owed, "recovering", number="RD-2026-0007"),
        post.facts.of_claim(claim.Dunned, owed, "recovering", number="RD-2026-0007"),
    )
    await post.send()
    told = [subject for _to, subject in post.server.subjects if "paid back" in subject]
    assert told and all("RC-2026-0001" in subject for subject in told), told


async def test_a_quick_answer_does_not_stop_the_mail_but_an_outage_may(post: Post) -> None:
    await post.person("officer", ("officer", VOP))
    await in_review(post)
    await post.hear(post.facts.of_case(application.Returned, CASE, "changes_requested", actor=str(new_id())))
    await post.send()
    assert len(post.server.taken) == 1
    await post.hear(
        post.facts.of_case(application.Revised, CASE, "in_review", actor=str(new_id()), staged=False)
    )
    async with post.stage.database.transaction() as tx:
        await tx.execute(text("update deliveries set queued_at = queued_at - interval '1 hour'"))
    await post.hear(post.facts.of_case(application.Selected, CASE, "selected", actor=str(new_id())))
    await post.send()
    assert len(post.server.taken) == 1
    assert [one.state for one in await post.deliveries()] == ["sent", "dropped"]


async def test_facts_of_deliveries_say_nothing_personal(post: Post) -> None:
    await post.person("anna", ("owner", VISITOR))
    await in_review(post)
    await post.send()
    facts = await said(post.stage.database, ["relais.notifications"])
    assert {fact.type.split(".")[2] for fact in facts} == {"queued", "sent"}
    assert "nna" not in "".join(f"{fact.headers()} {dict(fact.body)}" for fact in facts)
    assert {entry.split(":")[0] for fact in facts for entry in fact.audience} == {"OPERATOR"}


async def test_a_letter_is_told_of_and_stays_in_the_conversation(post: Post) -> None:
    await post.person("ada", ("owner", VISITOR))
    host = await post.person("mari", ("owner", HOST))
    await in_review(post)
    await post.hear(
        post.facts.of_case(
            conversation.LetterSent, new_id(), "open", letter="visa_invitation", actor=str(host)
        )
    )
    await post.send()
    (told,) = [mail for mail in post.server.taken if "invitation letter" in str(mail["Subject"])]
    assert told["To"] == "ada@example.org"
    assert "/conversations/" in str(told.get_body(("plain",))) and not list(told.iter_attachments())
    assert not [one for one in post.server.subjects if one[0] == "mari@example.org" and "letter" in one[1]]


async def test_a_deputy_hears_of_what_has_escalated_on_their_days(post: Post) -> None:
    officer = await post.person("officer", ("officer", VOP))
    coordinator = await post.person("coordinator", ("coordinator", VOP))
    today = datetime.now(UTC).date()
    days = {"now": (-1, 5), "soon": (2, 5), "once": (-5, -2)}
    deputies = {name: await post.person(name) for name in days}
    for name, (first, last) in days.items():
        given = mandate.Granted(
            principal=officer, agent=deputies[name], kind="deputy", scope=VOP,
            first_day=today + timedelta(days=first), last_day=today + timedelta(days=last),
        )  # fmt: skip
        await post.hear(a_fact(given, new_id(), state="granted"))
    await in_review(post, staged=True)
    task = new_id()
    await post.hear(post.facts.of_case(stage.Opened, task, "open", parties=("VOP",)))
    asked = [one for one in await post.queued() if not one[0].startswith("mandate.")]
    assert asked == [("stage.opened VOP HOP PAY COORD AGENCY", officer)], "not before it has escalated"
    parties: tuple[stage.Officer, ...] = ("VOP", "COORD", "DEPUTY")
    escalated = {"parties": parties, "audience": (*AUDIENCE, f"DEPUTY:{VOP}")}
    await post.hear(post.facts.of_case(stage.Escalated, task, "open", **escalated))
    told = [one for one in await post.queued() if one[0].startswith("stage.escalated")]
    assert {person for template, person in told if template.endswith("AGENCY")} == {officer, coordinator}
    assert [person for template, person in told if template.endswith("DEPUTY")] == [deputies["now"]]
    await post.send()
    mail = next(mail for mail in post.server.taken if mail["To"].addresses[0].username == "now")
    assert "/mandates" in str(mail.get_body(("plain",)))
