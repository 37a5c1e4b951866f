"""Who is told that somebody acts for somebody: both of them, and whoever answers for the organisation."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts import mandate
from tests.conftest import FreshDatabase
from tests.facts import a_fact
from tests.service.mailing import VISITOR, VOP, Post, post_office


@pytest.fixture
async def post(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Post]:
    async with post_office(await fresh_database("notifications"), tmp_path) as office:
        yield office


async def test_a_deputy_and_the_officer_are_told_who_was_named_and_for_when(post: Post) -> None:
    coordinator = await post.person("coordinator", ("coordinator", VOP))
    officer, deputy = await post.person("officer", ("officer", VOP)), await post.person("deputy")
    first = datetime.now(UTC).date()
    audience = (f"SELF:{officer}", f"SELF:{deputy}", f"COORD:{VOP}")
    said_so = mandate.Granted(
        principal=officer, agent=deputy, kind="deputy", scope=VOP, first_day=first, last_day=first
    )
    await post.hear(a_fact(said_so, state="granted", audience=audience, actor=str(coordinator)))
    await post.send()
    assert post.server.subjects == [
        ("deputy@example.org", "You are named deputy of an officer of CELIS"),
        ("officer@example.org", "You have a deputy at CELIS"),
    ]
    assert all("/mandates" in str(mail.get_body(("plain",))) for mail in post.server.taken)


@pytest.mark.parametrize(
    "kind, subject",
    [
        ("proxy", "You may act for somebody of Biotech Kraków"),
        ("power_of_attorney", "You have a power of attorney of Biotech Kraków"),
    ],
)
async def test_who_acts_for_somebody_and_the_owner_of_the_organisation_are_told(
    post: Post, kind: mandate.Kind, subject: str
) -> None:
    ewa, adam = await post.person("ewa", ("member", VISITOR)), await post.person("adam")
    await post.person("owner", ("owner", VISITOR))
    today = datetime.now(UTC).date()
    given = mandate.Granted(
        principal=ewa, agent=adam, kind=kind, scope=VISITOR, first_day=today, last_day=today
    )
    audience = (f"SELF:{ewa}", f"SELF:{adam}", f"OWNER:{VISITOR}")
    await post.hear(a_fact(given, state="granted", audience=audience, actor=str(ewa)))
    await post.send()
    assert post.server.subjects == [
        ("adam@example.org", subject),
        ("owner@example.org", "Somebody was named who acts for Biotech Kraków"),
    ]
