"""From the funder's last payment to records without words, on the whole stack: two people agree once the time of the
law is over, and no service has what people wrote, sent or were mailed; every proof of the money holds.
"""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from deploy.demo.cast import CE4BIG, KRAKOW, Cast
from deploy.demo.client import Refused
from deploy.demo.exchange import EVIDENCE, Exchange, Ground, wait_until
from deploy.local.layout import SERVICES
from deploy.local.stack import Stack, set_clock_rate
from services.chassis.clock import Clock
from services.chassis.database import Database
from tests.journeys.conftest import A_DAY_IN_TWO_SECONDS
from tests.journeys.office import Bank, Office
from tests.service.searching import files_with, tables_with
from tests.stacks import asked, verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

NAME = "Adelheid Muster"
LAST_PAYMENT = 50_000_00
"""Of a grant of at most 60,000 euro, whose records are kept for three years."""
A_MONTH_IN_A_SECOND = 2_592_000


@pytest.fixture
async def office(stack: Stack, tmp_path: Path) -> AsyncGenerator[Office]:
    layout = stack.running_state.layout
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30) as api:
        cast = Cast(layout, api, "records")
        ground = Ground(cast, Clock(layout.clock), lambda told: None)
        await ground.prepare()
        yield Office(ground, Bank(tmp_path, cast.iban()))


async def talked(exchange: Exchange) -> str:
    """A message with a file, both of which name somebody: where it was sent to."""
    id = (await exchange.visitor.get(f"/api/v1/applications/{exchange.case}/conversation"))["id"]
    paper = EVIDENCE + f"% {NAME}\n".encode()
    file = await exchange.visitor.upload("/api/v1/conversations/files", f"{NAME}.pdf", paper)
    message = {"text": f"Please ask {NAME}.", "files": [file]}
    path = f"/api/v1/conversations/{id}/post"
    await exchange.visitor.act(path, message, step="message")
    return path


async def paid(office: Office, exchange: Exchange) -> None:
    """The claim of the visit, with a remark that names somebody, from the account to its end."""
    await office.account(exchange, 1)
    await office.compare(KRAKOW)
    claim = await office.claim(exchange, "filed")
    path = f"/api/v1/claims/{claim['id']}"
    accepted = {"accepted_cents": claim["amount_cents"], "remark": f"As {NAME} says."}
    await office.verifier.act(f"{path}/verify", accepted, step="verify")
    await office.approver.act(f"{path}/approve", step="approve")
    _batch, file = await office.order()
    office.bank.with_file("take", file)
    await office.read_statements()
    await office.claim(exchange, "closed")
    await exchange.until("application", lambda state: state == "closed")


async def paid_by_the_funder(office: Office) -> str:
    """The last instalment is announced, booked, matched by one and confirmed by another: the id of its records."""
    announced = {"partnership": CE4BIG, "member": KRAKOW, "kind": "final", "amount": LAST_PAYMENT}
    path = (
        f"/api/v1/instalments/{(await office.first.act('/api/v1/instalments', announced, step='last'))['id']}"
    )
    office.bank.ask("move", office.ground.cast.iban(), str(LAST_PAYMENT), "EU-9 last payment")
    await office.read_statements()
    (line,) = [one for one in await office.first.get("/api/v1/suspense") if one["state"] != "settled"]
    await office.first.act(f"{path}/match", {"line": line["id"]}, step="match")
    await office.second.act(f"{path}/confirm", step="confirm")
    (kept,) = await office.first.get("/api/v1/retentions")
    return kept["id"]


async def remembering(stack: Stack, word: str) -> set[str]:
    """The services in whose database or files somebody is still named."""
    layout = stack.running_state.layout
    found: set[str] = set()
    for service in SERVICES:
        database = Database(SecretStr(layout.postgres.reader_url(service)), "journey")
        tables = await tables_with(database, word)
        await database.close()
        files = list(files_with(stack.data / service, word)) if (stack.data / service).exists() else []
        found |= {service} if tables or files else set()
    return found


async def test_nobody_is_named_once_the_time_of_the_records_is_over(stack: Stack, office: Office) -> None:
    layout = stack.running_state.layout
    exchange = Exchange(office.ground, "paid", lambda told: None)
    await exchange.play_to_review()
    talk = await talked(exchange)
    await exchange.decide()
    await exchange.sign()
    await exchange.visit()
    await paid(office, exchange)
    records = await paid_by_the_funder(office)
    assert await remembering(stack, NAME) == {"applications", "reimbursements"}
    mailed = f"/api/v1/deliveries?case={exchange.case}"
    operator = office.ground.cast.seeded("operator", "records")
    assert await operator.get(mailed)

    async def look() -> dict[str, object]:
        return await office.first.get(f"/api/v1/retentions/{records}")

    async def rest() -> dict[str, object]:
        named = await remembering(stack, NAME) or await operator.get(mailed)
        return {"state": "remembered" if named else "forgotten"}

    set_clock_rate(layout, A_MONTH_IN_A_SECOND)
    await wait_until("records", look, lambda state: state == "due")
    set_clock_rate(layout, A_DAY_IN_TWO_SECONDS)
    path = f"/api/v1/retentions/{records}"
    await office.first.act(f"{path}/propose", step="propose")
    await office.second.act(f"{path}/agree", step="agree")
    await wait_until("records", look, lambda state: state == "removed")

    await wait_until("what was said", rest, lambda state: state == "forgotten")
    closed = await exchange.visitor.get(f"/api/v1/applications/{exchange.case}")
    assert (closed["state"], closed["objectives"]) == ("closed", "")
    with pytest.raises(Refused, match="records-removed"):
        await exchange.visitor.act(talk, {"text": f"Please ask {NAME}."}, step="too-late")
    await verified(stack)
    status, told = await asked(stack, "verify", "money")
    assert (status, told["ok"]) == (0, True), told
