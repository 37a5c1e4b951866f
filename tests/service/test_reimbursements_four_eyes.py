"""Four eyes in every way that a person could try to be two: by their organisation, by a mandate, by two roles, after a
change.
"""

from uuid import UUID

import pytest

from contracts import mandate, person
from contracts.ids import new_id
from tests.facts import a_fact
from tests.people import Person
from tests.service.duties import broken, refused
from tests.service.money import Finance, done
from tests.service.told import AMOUNT


@pytest.mark.parametrize("tie", ["owner", "member", "proxy"])
async def test_the_claimants_organisation_does_nothing_else_on_its_claim(money: Finance, tie: str) -> None:
    """Neither do those who act for it: for themselves, whatever roles they hold beside."""
    roles = [(role, money.member) for role in ("verifier", "approver", "treasurer")]
    tied = [] if tie == "proxy" else [(tie, money.sme)]
    own = await money.stage.person("Own", *roles, *tied, ("coordinator", money.partnership))
    if tie == "proxy":
        await mandated(money, own, money.claimant, money.sme)
    _, claim = await money.play_to_claim()
    why = {"reason": "other", "explanation": "because"}
    await refused(own, f"claims/{claim}/verify", "own-claim", {"accepted_cents": AMOUNT})
    await refused(own, f"claims/{claim}/reject", "own-claim", why)
    await refused(own, f"claims/{claim}/return", "own-claim", why)
    await money.verify(claim)
    await refused(own, f"claims/{claim}/approve", "own-claim")
    await money.approve(claim)
    await refused(own, "batches", "own-claim", {"member": str(money.member)})
    batch = await money.propose()
    await refused(own, f"batches/{batch}/second", "own-claim")
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    await refused(own, f"batches/{batch}/authorise", "own-claim")
    await broken(money, "verifier_is_not_claimant", "update claims set verified_by = filed_by")


async def mandated(money: Finance, agent: Person, principal: Person, scope: UUID) -> Person:
    """Who acts for somebody as their proxy, once they have taken the mandate up."""
    id, today = new_id(), money.stage.clock.now().date()
    for one in (agent, principal):
        told = person.Described(
            name=one.name, email=f"{one.name.lower()}@helixon.example", language="en", status="active"
        )
        await money.stage.hear(a_fact(told, one.id))
    given = mandate.Granted(
        principal=principal.id, agent=agent.id, kind="proxy", scope=scope, first_day=today, last_day=today
    )
    await money.stage.hear(a_fact(given, id))
    return agent.acting_for(principal, id)


async def test_nobody_moves_money_by_another_persons_roles(money: Finance) -> None:
    """A proxy of the verifier, the approver or a treasurer has their roles, and may use none of them."""
    zofia = await money.stage.person("Zofia")
    _, claim = await money.play_to_claim()
    proxy = {
        role: await mandated(money, zofia, principal, money.member)
        for role, principal in (
            ("verify", money.verifier), ("approve", money.approver), ("order", money.first)
        )
    }  # fmt: skip
    for_another = "not-for-another"
    await refused(proxy["verify"], f"claims/{claim}/verify", for_another, {"accepted_cents": AMOUNT})
    await money.verify(claim)
    await refused(proxy["approve"], f"claims/{claim}/approve", for_another)
    await money.approve(claim)
    batch = await money.propose()
    await refused(proxy["order"], f"batches/{batch}/second", for_another)


async def test_whoever_verified_before_a_change_does_not_approve_after_their_own_verification(
    money: Finance,
) -> None:
    """Returned and filed again: the earlier checks count for nothing, and each person still has one part only."""
    both = await money.stage.person("Both", ("verifier", money.member), ("approver", money.member))
    _, claim = await money.play_to_claim()
    await money.verify(claim)
    done(await both.post(f"/api/v1/claims/{claim}/approve"))
    why = {"reason": "other", "explanation": "Another day, please."}
    done(await both.post(f"/api/v1/claims/{claim}/return", why))
    done(await money.claimant.post(f"/api/v1/claims/{claim}/revise"))
    assert (await both.post(f"/api/v1/claims/{claim}/approve")).json()["slug"] == "approve-not-now"
    money.verifier = both
    await money.verify(claim)
    await refused(both, f"claims/{claim}/approve", "verified-yourself")
    await money.approve(claim)
