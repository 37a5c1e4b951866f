"""Reports to the funder as people make them: begun, sent, and cut by two."""

from typing import Any

from tests.service.money import Finance, done


async def begun(money: Finance, until: str = "2026-11-30") -> str:
    body = {"partnership": str(money.partnership), "member": str(money.member), "until": until}
    return done(await money.first.post("/api/v1/funder-reports", body))["id"]


async def act(who: Any, report: str, name: str, body: Any = None) -> str:
    return done(await who.post(f"/api/v1/funder-reports/{report}/{name}", body))["state"]


async def refused(who: Any, report: str, name: str, body: Any = None) -> str:
    answer = await who.post(f"/api/v1/funder-reports/{report}/{name}", body)
    assert not answer.is_success
    return answer.json()["slug"]


async def report(money: Finance, id: str) -> dict[str, Any]:
    return (await money.first.get(f"/api/v1/funder-reports/{id}")).json()


async def sent(money: Finance, id: str) -> None:
    assert await act(money.first, id, "prepare") == "prepared"
    assert await act(money.coordinator, id, "submit") == "submitted"


async def kept(money: Finance, *accounts: str) -> dict[str, int]:
    rows = await money.rows(
        "select account, sum(balance_cents) as cents from ledger_account_balance"
        " where account = any(:accounts) group by account",
        accounts=list(accounts),
    )
    return {row.account: int(row.cents) for row in rows}


async def instalment(money: Finance, kind: str, amount: int) -> str:
    body = {
        "partnership": str(money.partnership),
        "member": str(money.member),
        "kind": kind,
        "amount": amount,
    }
    return done(await money.first.post("/api/v1/instalments", body))["id"]


async def cut(money: Finance, id: str, **cuts: Any) -> str:
    """The coordinator enters what the funder cut, and the member's finance confirms it."""
    assert await act(money.coordinator, id, "note-cuts", cuts) == "cuts_noted"
    return await act(money.first, id, "confirm-cuts")
