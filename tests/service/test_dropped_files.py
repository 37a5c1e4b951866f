"""What nothing refers to is removed after some days; whatever is named by an answer, a message, a visit, a paper, a
claim or a profile is never lost, however one tries."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from contracts import asks
from services.chassis.files import Files, forget
from services.chassis.service import Service
from tests.conftest import FreshDatabase
from tests.people import Person
from tests.rules.forms.samples import ANSWERS, question, travel
from tests.service.applying import SECTIONS, Applying, applying
from tests.service.claiming import claiming, photo
from tests.service.exchange import exchange
from tests.service.house import PROFILE, House, house
from tests.service.money import done
from tests.service.test_answers_by_mail import DOMAIN, PDF, SECRET, address, mail, take
from tests.service.test_directory_labels import awarded
from tests.service.test_directory_profiles import WHOLE

TALKS = "/api/v1/conversations/files"


def pdf(n: int) -> bytes:
    """A document that no other equals."""
    return PDF.replace(b"<<>>", f"<</N {n}>>".encode(), 1)


async def swept(service: Service, days: int = 31) -> int:
    return await service.dropped_files.sweep(datetime.now(UTC) + timedelta(days=days))


def there(files: Files, *ids: str) -> list[bool]:
    return [files.path(id).exists() for id in ids]


async def sent(who: Person, path: str, n: int, name: str = "paper.pdf") -> str:
    answer = await who.upload(path, name, pdf(n))
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def proved(desk: Applying, *files: str) -> None:
    """The question that asks for files, answered with these."""
    saved = await desk.save("trip", **{key: ANSWERS[key] for key in SECTIONS["trip"]}, proof=list(files))
    assert saved.status_code == 200, saved.text


async def with_proof(desk: Applying) -> None:
    content = travel()
    content["pages"][0]["questions"].append(question("proof", "file", most=3))
    desk.form = await desk.form_of(content)
    await desk.publish_call()


async def test_what_is_taken_out_of_an_answer_and_what_a_deleted_draft_had_are_removed(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with applying(await fresh_database("applications"), tmp_path) as desk:
        await with_proof(desk)
        taken_out, kept, of_a_draft, unsent = [await sent(desk.ewa, TALKS, n) for n in range(4)]
        await desk.begin("deleted")
        await proved(desk, of_a_draft)
        gone = desk.case
        await desk.begin()
        await proved(desk, taken_out)
        await proved(desk, kept)
        service = desk.stage.service
        assert await swept(service, 29) == 0, "it is too early"
        assert await swept(service) == 2
        assert there(service.files, taken_out, unsent, of_a_draft, kept) == [False, False, True, True]
        assert (await desk.ewa.send(f"/applications/{gone}/delete", {})).status_code == 303
        assert (await swept(service), await swept(service)) == (1, 0)
        assert there(service.files, of_a_draft, kept) == [False, True]

        stale = await desk.save("trip", **{key: ANSWERS[key] for key in SECTIONS["trip"]}, proof=[of_a_draft])
        assert stale.status_code == 200
        assert "no longer kept" in (await desk.ewa.open(f"/applications/{desk.case}/form/trip")).text
        await desk.fill()
        await proved(desk, of_a_draft)
        assert (await desk.act(desk.ewa, "submit")).json()["slug"] == "file-removed"
        assert await sent(desk.ewa, TALKS, 2) == of_a_draft, "it is sent again"
        assert (await desk.act(desk.ewa, "submit")).status_code == 200


async def test_no_submitted_version_loses_a_file(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    async with applying(await fresh_database("applications"), tmp_path) as desk:
        await with_proof(desk)
        first, second = [await sent(desk.ewa, TALKS, n) for n in range(2)]
        await desk.begin()
        await desk.fill()
        await proved(desk, first)
        assert (await desk.act(desk.ewa, "submit")).status_code == 200
        await desk.step(asks.Application.check_eligibility)
        why = {"reason": "documents", "explanation": "Another paper is needed."}
        assert (await desk.act(desk.officer, "return", why)).status_code == 200
        await proved(desk, second)
        assert await swept(desk.stage.service) == 0
        assert (await desk.act(desk.ewa, "revise")).status_code == 200
        assert await swept(desk.stage.service) == 0
        assert there(desk.stage.service.files, first, second) == [True, True]


async def test_messages_papers_mails_and_visits_keep_what_they_name(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    told = {"reply_domain": DOMAIN, "reply_secret": SECRET}
    async with exchange(await fresh_database("applications"), tmp_path, **told) as play:
        await play.play_to_award()
        talk = (await play.visitor.get(f"/api/v1/applications/{play.case}/conversation")).json()["id"]
        said, handed, unsent = [await sent(play.visitor, TALKS, n) for n in range(3)]
        await play.visitor.post(
            f"/api/v1/conversations/{talk}/post", {"text": "Our programme", "files": [said]}
        )
        paper = (await play.papers())["quality"]["id"]
        given = {"paper": handed, "name": "Ewa Nowak", "function": "Director"}
        assert (await play.visitor.post(f"/api/v1/agreements/{paper}/hand-in", given)).status_code == 200
        stray = mail()
        stray.add_attachment(pdf(9), maintype="application", subtype="pdf", filename="stray.pdf")
        assert await take(play, stray, address(play, play.stranger)) != "landed"
        service = play.stage.service
        assert await swept(service) == 1
        assert there(service.files, said, handed, unsent) == [True, True, False]
        assert (await play.visitor.fetch(f"/conversations/{talk}/files/{said}")).content == pdf(0)
        assert len(list((service.settings.data / "files").glob("??/*"))) == 3


async def test_bytes_that_a_killed_process_left_are_removed(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with applying(await fresh_database("applications"), tmp_path) as desk:
        service, half = desk.stage.service, "a" * 64
        let_go = await sent(desk.ewa, TALKS, 1)
        async with service.database.transaction() as tx:
            await forget(tx, [let_go])
        left = [service.files.path(half), service.files.path(let_go)]
        left.append(left[0].with_name(f"{half}.7.partial"))
        left[0].parent.mkdir(parents=True)
        for path in left:
            path.write_bytes(b"half")
        assert await swept(service, 29) == 0
        assert (await swept(service), [path.exists() for path in left]) == (2, [False] * 3)


async def test_receipts_and_rates_stay_with_their_claims(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with claiming(await fresh_database("reimbursements"), tmp_path) as money:
        _, claim = await money.play_to_opened()
        receipt, unsent = await money.receipt(photo()), await money.receipt(photo())
        done(await money.cost(claim, 100, receipts=[receipt]))
        service = money.stage.service
        before = len(list((service.settings.data / "files").glob("??/*")))
        assert await swept(service) == 1
        assert there(service.files, receipt, unsent) == [True, False]
        assert len(list((service.settings.data / "files").glob("??/*"))) == before - 1


async def test_a_profile_keeps_its_newest_cv_and_a_label_its_certificate(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with house(await fresh_database("directory"), tmp_path) as home:
        await awarded(home)
        ewa = await home.registered("Ewa")
        path = "/api/v1/deliverables/files"
        old = await sent(ewa, path, 1, "ewa.pdf")
        id = (await home.submit(ewa, await home.organisation(ewa), **WHOLE, cv=old)).json()["id"]
        assert await swept(home.service) == 0
        new = await sent(ewa, path, 2, "ewa.pdf")
        assert (await revised(home, ewa, id, cv=new)).status_code == 200
        assert await swept(home.service) == 1
        assert there(home.service.files, old, new) == [False, True]


async def revised(home: House, who: Person, id: str, **changed: Any) -> Any:
    """The officer asks for a better profile, and gets it."""
    why = {"reason": "incomplete", "explanation": "Please send a newer CV."}
    officer = home.person("ce4big-officer")
    assert (await officer.post(f"/api/v1/participations/{id}/return", why)).status_code == 200
    return await who.post(f"/api/v1/participations/{id}/revise", {**PROFILE, **WHOLE, **changed})
